"""How many secrecy marks are found with the right level, and how many innocent texts are taken for marked ones.

Part of ``make accuracy``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from letters import compose, innocent, noise, others
from tally import Tally

from vanthu.facts.model import Secrecy
from vanthu.facts.reading import Reading
from vanthu.facts.secrecy import recognise
from vanthu.mail.message import HeaderField

SEEDS = {"seen": 0, "unseen": 2_000_003}
LEVELS = {"mat": "MẬT", "toi_mat": "TỐI MẬT", "tuyet_mat": "TUYỆT MẬT"}
FORMS = (
    "own line",
    "framed",
    "spaced",
    "column",
    "no diacritics",
    "light OCR",
    "flattened",
    "field",
    "subject",
    "file name",
    "label",
    "own line, draft",
    "top of the page",
)


def _framed(mark: str, rng: random.Random) -> tuple[str, ...]:
    return rng.choice(
        [
            (f"[{mark}]",),
            (f"( {mark} )",),
            (f"*{mark}*",),
            (f"| {mark} |",),
            ("┌──────┐", f"│ {mark} │", "└──────┘"),
            (f"*** {mark} ***",),
            (f"{mark}.",),
            ("-----", mark, "-----"),
            (f"“{mark}”",),
        ]
    )


def _column(text: str, mark: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at = next((i for i, line in enumerate(lines) if ", ngày" in line or "Độc lập" in line), 0)
    lines[at] = f"{mark} {lines[at]}" if rng.random() < 0.5 else f"{lines[at]}   {mark}"
    return "\n".join(lines)


def marked(form: str, level: str, rng: random.Random) -> tuple[list[Reading], list[HeaderField]]:
    """A mail that carries the mark in this form."""
    mark = LEVELS[level]
    made = compose.letter(rng, marks=(), draft=form.endswith("draft"))
    layout = rng.choice([x for x in compose.LAYOUTS if x not in ("number_last",)])
    urgent = rng.random() < 0.2

    def with_marks(*marks: str) -> str:
        some = (*marks, "HỎA TỐC") if urgent else marks
        return compose.render(compose.letter(random.Random(made.number or "x"), marks=some), layout, rng)

    body = Reading("body", "Kính gửi anh,\nEm gửi anh văn bản.\nTrân trọng.")
    if form in ("own line", "own line, draft"):
        return [body, Reading("attachment:1", with_marks(mark))], []
    if form == "framed":
        return [body, Reading("attachment:1", with_marks(*_framed(mark, rng)))], []
    if form == "spaced":
        return [
            body,
            Reading(
                "attachment:1",
                with_marks(
                    " ".join(mark.replace(" ", "  "))
                    if level == "mat"
                    else "  ".join(" ".join(w) for w in mark.split())
                ),
            ),
        ], []
    if form == "column":
        return [
            Reading(
                "attachment:1",
                _column(compose.render(made, rng.choice(["stacked", "interleaved", "left_right"]), rng), mark, rng),
            )
        ], []
    if form == "no diacritics":
        return [Reading("body", noise.plain(with_marks(mark)))], []
    if form == "light OCR":
        text = with_marks("@@@")
        return [
            Reading(
                "attachment:1",
                noise.specks(noise.ocr(text, rng, 0.05, english=False), rng).replace(
                    "@@@",
                    rng.choice(
                        [mark, mark, mark.replace("Ậ", "Â"), mark.replace("Ố", "Ô"), f"{mark} |", f". {mark}"]
                    ),
                ),
                "scan.pdf",
                "ocr",
            )
        ], []
    if form == "flattened":
        return [Reading("body", noise.flat(compose.render(compose.letter(rng, marks=(mark,)), "stacked", rng)))], []
    if form == "field":
        word = {"mat": "Mật", "toi_mat": "Tối mật", "tuyet_mat": "Tuyệt mật"}[level]
        return [
            Reading(
                "body",
                f"Số ký hiệu: 12/UBND-NC\nĐộ khẩn: Thường\n{rng.choice(['Độ mật: ', 'Mức độ mật : ', '- Độ mật:', 'ĐỘ MẬT: ', '| Độ mật | '])}{rng.choice([word, word.upper()])}\nTrích yếu: {rng.choice(compose.WORDS['topics'])}",  # noqa: E501
            )
        ], []
    if form == "subject":
        return [
            Reading(
                "subject",
                rng.choice(
                    [
                        "[{m}] V/v {t}",
                        "({m}) Báo cáo {t}",
                        "{m} - {t}",
                        "{m}: CV 12/UBND-NC",
                        "Fwd: [{m}] {t}",
                        "[{m}][Hỏa tốc] {t}",
                    ]
                ).format(m=mark, t=rng.choice(compose.WORDS["topics"])),
            ),
            body,
        ], []
    if form == "file name":
        return [
            body,
            Reading(
                "filename",
                rng.choice(
                    [
                        "[{m}] 12-UBND-NC.pdf",
                        "12_BC-UBND_{m}.pdf",
                        "{m}_12.BC-UBND.docx",
                        "Bao cao 12-BC-UBND ({m}).doc",
                        "{m} - Kế hoạch.docx",
                    ]
                ).format(m=mark),
            ),
        ], []
    if form == "label":
        word = {"mat": "Mật", "toi_mat": "Tối mật", "tuyet_mat": "Tuyệt mật"}[level]
        return [body], [
            HeaderField(
                "msip_labels", f"MSIP_Label_1f_Enabled=true; MSIP_Label_1f_Name={word}; MSIP_Label_1f_SiteId=9", b""
            )
        ]
    return [Reading("attachment:1", f"{mark}\n\n" + compose.render(made, "stacked", rng))], []


def run(part: str, size: int) -> Iterator[tuple[str, str, list[Reading], Secrecy]]:
    """Form, true level, readings and what was recognised."""
    for i in range(size):
        rng = random.Random(SEEDS[part] + i)
        form, level = FORMS[i % len(FORMS)], rng.choice(list(LEVELS))
        readings, fields = marked(form, level, rng)
        yield form, level, readings, recognise(readings, fields)


def _innocent(part: str, size: int) -> Iterator[tuple[str, Reading]]:
    makers = {
        **innocent.KINDS,
        **others.ORDINARY,
        **others.LOOKALIKE,
        "official letter": lambda rng: compose.render(compose.letter(rng), rng.choice(compose.LAYOUTS), rng),
    }
    for i in range(size):
        rng = random.Random(SEEDS[part] + 700_000 + i)
        kind = list(makers)[i % len(makers)]
        text = makers[kind](rng)
        if rng.random() < 0.25:
            text = rng.choice([noise.plain, noise.flat, str.upper])(text)
        short = len(text) < 120 and "\n" not in text
        yield kind, Reading("subject" if short else rng.choice(["body", "attachment:1"]), text)


def measure(part: str, size: int) -> Iterator[Tally]:
    """Marks found with the right level, and innocent texts taken for marked."""
    found = Tally("secrecy", "marks found with the right level", 0.98)
    for form, level, readings, said in run(part, size):
        found.add(form, said.level == level, f"{level}: {said}\n{readings[-1].text[:400]}")
    alarms = Tally("secrecy", "innocent text called secret", 0.0, alarms=True)
    for kind, reading in _innocent(part, 2 * size):
        said = recognise([reading], [])
        alarms.add(kind, said.level is not None, f"{said}\n{reading.text[:400]}")
    yield from (found, alarms)
