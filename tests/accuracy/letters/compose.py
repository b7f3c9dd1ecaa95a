"""Official documents made from a vocabulary: what is true of each, and its text in many layouts."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

WORDS = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf-8"))
STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM")
MOTTO = ("Độc lập - Tự do - Hạnh phúc", "Độc lập – Tự do – Hạnh phúc", "Độc lập-Tự do-Hạnh phúc")
TITLES = {"QĐ": "QUYẾT ĐỊNH", "TB": "THÔNG BÁO", "BC": "BÁO CÁO", "KH": "KẾ HOẠCH", "TTr": "TỜ TRÌNH", "GM": "GIẤY MỜI",  # noqa: E501
          "CT": "CHỈ THỊ", "HD": "HƯỚNG DẪN", "KL": "KẾT LUẬN", "NQ": "NGHỊ QUYẾT", "TT": "THÔNG TƯ", "NĐ": "NGHỊ ĐỊNH", "CĐ": "CÔNG ĐIỆN"}  # fmt: skip  # noqa: E501
LAYOUTS = ("stacked", "left_right", "interleaved", "markdown", "table", "gapped", "web", "shuffled", "number_last")


@dataclass(frozen=True)
class Letter:
    """A made document: its truth and its parts."""

    number: str | None
    year: int | None
    symbol: str
    kind: str
    issuer: str
    place: str
    date: str | None
    stage: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    middle: tuple[str, ...]
    body: tuple[str, ...]
    to: tuple[str, ...]
    signer: tuple[str, ...]
    marks: tuple[str, ...] = ()


def letter(rng: random.Random, kind: str | None = None, marks: tuple[str, ...] = (), draft: bool = False) -> Letter:
    """One document of a random office; ``kind`` of Annex III, ``CV`` for công văn."""
    office = rng.choice(WORDS["offices"])
    kind = kind or rng.choice(
        ["CV"] * 6 + ["QĐ", "QĐ", "TB", "BC", "KH", "TTr", "GM", "CT", "HD", "KL", "legal", "party"]
    )
    day = date(rng.randint(1998, 2026), rng.randint(1, 12), rng.randint(1, 28))
    number = str(rng.randint(1, 9999)).zfill(rng.choice([1, 2]))
    topic = rng.choice(WORDS["topics"])
    year, stage, sign = None, "issued", office["sign"]
    if kind == "legal":
        kind = rng.choice(["TT", "NĐ", "QĐ", "NQ"]) if office.get("ministry") else "QĐ"
        sign = {"NĐ": "CP", "NQ": "HĐND"}.get(kind, sign)
        if kind == "NĐ":
            office = {**office, "above": [], "name": ["CHÍNH PHỦ"], "head": "THỦ TƯỚNG"}
        if kind == "NQ":
            office = {**office, "above": [], "name": ["HỘI ĐỒNG NHÂN DÂN", "TỈNH BẮC GIANG"], "head": "CHỦ TỊCH"}
        # A school's or a tax office's decision is no law, however its number is written (Law 80/2015/QH13, Art. 4).
        makes_law = office.get("ministry") or sign in ("CP", "HĐND", "UBND")
        year, stage, symbol = day.year, "legal" if makes_law else "issued", f"{kind}-{sign}"
        shown = f"{number}/{year}/{symbol}"
    elif kind == "party":
        return _party(rng, number, day, topic, marks)
    elif kind == "CV":
        symbol = f"{sign}-{rng.choice(office['units'])}"
        shown = f"{number}/{symbol}"
    else:
        symbol = f"{kind}-{sign}"
        shown = f"{number}/{symbol}"
    if draft:
        shown, stage = f"{rng.choice(['     ', '……', '...'])}/{symbol}", "draft"
    colon = rng.choice([": ", ": ", ":", " : "])
    about = rng.choice(["V/v ", "V/v: ", "V/v "]) + topic
    left = [*office["above"], *office["name"], rng.choice(["-------", "", "___", "*****"]), f"Số{colon}{shown}"]
    if kind == "CV":
        left.append(about)
    when = (
        f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
        if not draft
        else f"ngày {rng.choice(['   ', '...'])} tháng {rng.choice(['  ', '...'])} năm {day.year}"
    )
    right = (
        rng.choice(STATE),
        rng.choice(MOTTO),
        rng.choice(["---------------", "", "____"]),
        f"{office['place']}, {when}",
    )
    middle: list[str] = []
    if draft and rng.random() < 0.5:
        right = ("DỰ THẢO", *right)
    if kind != "CV":
        middle += [TITLES[kind], rng.choice([("Về việc " + topic), topic.capitalize(), ("VỀ VIỆC " + topic).upper()])]
    group = bool(office.get("group"))
    signer = _signer(rng, office["head"], group, office["name"])
    body = _body(rng, kind, office)
    to = [
        rng.choice(["Như trên", "Như trên", "Như kính gửi"]) if kind == "CV" else "Như Điều 3",
        *rng.sample(WORDS["copies"], rng.randint(0, 3)),
    ]
    filed = rng.choice(
        [
            f"Lưu: VT, {rng.choice(office['units'])}.",
            f"Lưu: VT, {rng.choice(office['units'])} (3b).",
            "Lưu VT.",
            "Lưu: VT.",
        ]
    )
    issuer = " ".join(office["name"])
    middle += [*body[0]]
    return Letter(None if draft else number, year, symbol, kind, issuer, office["place"], None if draft else day.isoformat(), stage, tuple(left), right,  # noqa: E501
                  tuple(middle), tuple(body[1]), (*[f"- {t};" for t in to], f"- {filed}"), signer, marks)  # fmt: skip


def _signer(rng: random.Random, head: str, group: bool, name: list[str]) -> tuple[str, ...]:
    person = rng.choice(WORDS["people"])
    lines = [f"TM. {' '.join(name)}"] if group and rng.random() < 0.5 else []
    style = rng.random()
    if style < 0.45:
        lines += [f"KT.{rng.choice([' ', ''])}{head}", f"PHÓ {head}" if head != "BỘ TRƯỞNG" else "THỨ TRƯỞNG"]
    elif style < 0.6:
        lines += [f"TL. {head}", "CHÁNH VĂN PHÒNG"]
    elif style < 0.7:
        lines += [f"TUQ. {head}", "VỤ TRƯỞNG VỤ CHÍNH SÁCH"]
    else:
        lines += [head]
    return (*lines, rng.choice(["", "(Đã ký)", "(đã ký)"]), "", person)


def _body(rng: random.Random, kind: str, office: dict) -> tuple[list[str], list[str]]:
    paragraphs = rng.sample(WORDS["bodies"], rng.randint(1, 4))
    if kind in ("QĐ", "NQ", "TT", "NĐ"):
        opening = [" ".join([office["head"], *office["name"]]) if rng.random() < 0.7 else " ".join(office["name"])]
        bases = [f"Căn cứ {b};" for b in rng.sample(WORDS["bases"], rng.randint(1, 3))]
        decides = ["QUYẾT ĐỊNH:" if kind == "QĐ" else "QUYẾT NGHỊ:"] if kind in ("QĐ", "NQ") else []
        articles = [f"Điều {i + 1}. {p}" for i, p in enumerate(paragraphs)]
        return [*opening, "", *bases, "", *decides], [
            *articles,
            f"Điều {len(articles) + 1}. Quyết định này có hiệu lực kể từ ngày ký./.",
        ]
    opening = []
    if kind in ("CV", "TTr", "BC") or rng.random() < 0.2:
        some = rng.sample(WORDS["addressees"], rng.randint(1, 3))
        opening = [f"Kính gửi: {some[0]}."] if len(some) == 1 else ["Kính gửi:", *[f"- {a};" for a in some]]
        if rng.random() < 0.15:
            opening[0] = opening[0].replace(":", "", 1) if len(some) > 1 else opening[0]
    last = rng.choice(["Đề nghị các đơn vị nghiêm túc thực hiện", "Trân trọng", "Trân trọng cảm ơn"]) + rng.choice(
        ["./.", "./.", "./.", "."]
    )
    return [*opening, ""], [*paragraphs, last]


def _party(rng: random.Random, number: str, day: date, topic: str, marks: tuple[str, ...]) -> Letter:
    place = rng.choice(["Đồng Nai", "Hà Giang", "Cà Mau"])
    kind = rng.choice(["CV", "KL", "TB", "HD", "NQ", "QĐ"])
    symbol = f"{kind}/TU"
    left = (f"TỈNH ỦY {place.upper()}", "*", f"Số {number}-{symbol}")
    right = ("ĐẢNG CỘNG SẢN VIỆT NAM", f"{place}, ngày {day.day:02d} tháng {day.month:02d} năm {day.year}")
    middle = (
        (topic.capitalize(), "", "Kính gửi: - Các huyện ủy, thành ủy,")
        if kind == "CV"
        else (TITLES[kind], topic.capitalize(), "-----")
    )
    body = (*rng.sample(WORDS["bodies"], 2), "Ban Thường vụ Tỉnh ủy yêu cầu các cấp ủy nghiêm túc thực hiện.")
    to = ("- Như trên,", "- Các ban đảng Tỉnh ủy,", "- Lưu Văn phòng Tỉnh ủy.")
    return Letter(number, None, symbol, kind, f"TỈNH ỦY {place.upper()}", place, day.isoformat(), "issued", left, right, middle, body, to,  # noqa: E501
                  ("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", "", rng.choice(WORDS["people"])), marks)  # fmt: skip


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) + 1 > width and line:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def _side(left: list[str], right: list[str], gap: str) -> list[str]:
    rows = max(len(left), len(right))
    left, right = left + [""] * (rows - len(left)), right + [""] * (rows - len(right))
    return [
        (a + gap + b).strip() if gap.strip() == "" else f"| {a} | {b} |" for a, b in zip(left, right, strict=True)
    ]


def render(made: Letter, layout: str, rng: random.Random) -> str:
    """The text of a document in one of ``LAYOUTS``."""
    left = [
        piece
        for line in made.left
        for piece in (_wrapped(line, 30) if line.startswith("V/v") and layout != "web" else [line])
    ]
    right, marks = list(made.right), list(made.marks)
    at = next(i for i, line in enumerate(left) if line.startswith("Số")) + 1
    tail_left, tail_right = ["Nơi nhận:", *made.to], list(made.signer)
    middle, body = list(made.middle), list(made.body)
    if layout == "interleaved":
        clean_left, clean_right = [x for x in left if x.strip("-_* ")], [x for x in right if x.strip("-_ ")]
        if len(clean_left) - len(made.left) < 3 and rng.random() < 0.7:
            clean_right[2:2] = [""] * max(0, next(i for i, x in enumerate(clean_left) if x.startswith("Số")) - 2)
        top = _side(clean_left, clean_right, " ")
        lines = [*top, *marks, "", *middle, *body, "", *_side(tail_left, tail_right, " ")]
    elif layout == "gapped":
        lines = [
            *_side(left, right, rng.choice(["\t", "        ", "\t\t"])),
            *marks,
            "",
            *middle,
            *body,
            "",
            *_side(tail_left, tail_right, "\t"),
        ]
    elif layout == "table":
        lines = [*_side(left, right, "|"), "", *marks, *middle, *body, "", *_side(tail_left, tail_right, "|")]
    elif layout == "markdown":
        bold = [f"**{x}**" if x.isupper() else x for x in left]
        number = bold[at - 1]
        if made.number and rng.random() < 0.5:
            bold[at - 1] = number.replace(made.number, f"**{made.number}**", 1)
        lines = [
            *bold[:at],
            "",
            f"**{right[0]}**",
            *right[1:],
            "",
            *bold[at:],
            *[f"**{m}**" for m in marks],
            "",
            *middle,
            "",
            *body,
            "",
            "**Nơi nhận:**",
            "",
            *made.to,
            "",
            *[f"**{x}**" if x.isupper() else x for x in tail_right],
        ]
    elif layout == "web":
        lines = [
            *left[: at - 1],
            "|",
            *right[:3],
            "|",
            *left[at - 1 :],
            "|",
            right[-1],
            "|",
            *marks,
            "",
            *[x for m in middle for x in (m, "")],
            *[x for p in body for x in (p, "")],
            *tail_left,
            "|",
            *tail_right,
        ]
    elif layout == "shuffled":
        boxes = [[left[at - 1]], left[: at - 1], left[at:] + marks, [right[-1]], right[:-1]]
        rng.shuffle(boxes)
        tail = [tail_left, tail_right]
        rng.shuffle(tail)
        lines = [*[x for box in boxes for x in (*box, "")], *middle, *body, "", *tail[0], "", *tail[1]]
    elif layout == "number_last":
        lines = [
            *left[: at - 1],
            *right[:-1],
            "",
            *marks,
            *left[at:],
            *middle,
            *body,
            "",
            *tail_left,
            *tail_right,
            "",
            left[at - 1],
            right[-1],
        ]
    elif layout == "left_right":
        lines = [*left, *marks, "", *right, "", *middle, *body, "", *tail_left, "", *tail_right]
    else:
        lines = [
            *left[: at - 1],
            *right[:-1],
            left[at - 1],
            right[-1],
            *left[at:],
            *marks,
            "",
            *middle,
            "",
            *body,
            "",
            *tail_left,
            "",
            *tail_right,
        ]
    return "\n".join(lines)
