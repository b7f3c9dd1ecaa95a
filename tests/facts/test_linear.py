"""No recogniser is super-linear: a text of twice the size takes about twice the time, whatever it is made of.

A quadratic step shows as four times the time. Small times are left to noise.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from facts.samples_house import OFFICIAL, facts_of, house
from facts.test_detectors_page import SHAPES as PATTERNS
from facts.test_honest_work import LETTER
from vanthu.directory.model import Mailbox, Register
from vanthu.facts.official import recognise as official
from vanthu.facts.reading import Reading
from vanthu.facts.relation import relation
from vanthu.facts.secrecy import recognise as secrecy
from vanthu.mail.mended import undoubled
from vanthu.policy.detectors import detect, detector
from vanthu.providers.lookalike import Lookalikes
from vanthu.vietnamese.legacy import to_unicode
from vanthu.vietnamese.text import fold, strip_diacritics

SIZE = 24_000
NOISE = 0.03  # seconds
DETECTORS = [detector(name, one["re2"], distinct=one.get("distinct", False)) for name, one in PATTERNS.items()]
SHAPES = {
    "letters": LETTER,
    "one line": LETTER.replace("\n", "   "),
    "no diacritics": strip_diacritics(LETTER),
    "numbers": "Số: 12/",
    "number lines": "Số: 12/UBND-VX\n",
    "marks": "MẬT\n",
    "spaced marks": "M Ậ T ",
    "headers": "From: a@b.vn\n",
    "whole headers": "From: a@b.vn\nDate: 1/2/2026 8:00\nTo: c@d.vn\nSubject: x\n\n",
    "quotes": "> ",
    "deep quotes": ">>>>>>>>>> a\n",
    "answers": "Vào 1/2/2026 8:00 a <a@b.vn> đã viết:\n> x\n",
    "dashes": "-----",
    "announcements": "---------- Forwarded message ---------\n",
    "brackets": "([{<",
    "blanks": " ",
    "tabs": "a\t|\t",
    "dots": "…._",
    "dates": "ngày 1 tháng 2 năm 2026 ",
    "blank dates": "ngày   tháng   năm ",
    "capitals": "SỞ Y TẾ ",
    "lists": "- Như trên;\n",
    "annexes": "(Kèm theo Quyết định số 1/QĐ-UBND)\n",
    "colons": "a: ",
    "addresses": "a@b.vn, ",
    "links": "https://drive.google.com/a ",
    "twice encoded": "Cá»™ng hÃ²a ",
    "TCVN3": "Céng hßa x· héi ",
    "VIQR": "Co^.ng ho`a ",
    "one letter": "a",
    "one capital": "Đ",
    "zero width": "M\u200b",
    "unread numbers": "Số: L& ZO /TCT- CS Hà Nội, ngày AG tháng 4 năm 2016.\n",
    "short headers": "Begin forwarded message:\n\n> From: a@b.vn\n> Subject: x\n",
    "protection codes": "Độ mật: A\n",
    "labels with dots": "a.b.gov.vn.",
}


def _mail(text: str) -> None:
    raw = f"From: {OFFICIAL}\nTo: b@gmail.com\nSubject: Fwd: x\nContent-Type: text/plain; charset=utf-8\n\n{text}"
    facts_of(raw.encode())


def _official(text: str) -> None:
    official([Reading("body", text)], agency_named=lambda _: None, sender_agency=None, signed=frozenset())


def _secrecy(text: str) -> None:
    secrecy([Reading("body", text)], ())


def _names(text: str) -> None:
    _official_named = [Reading("subject", text), Reading("filename", text)]
    official(_official_named, agency_named=lambda _: None, sender_agency=None, signed=frozenset())
    secrecy(_official_named, ())


def _relation(text: str) -> None:
    box = Mailbox("a@x.vn", "Nguyễn Văn An", "so")
    relation(f"{text}@gmail.com", text, box, Register({}, {box.address: box}))


def _text(text: str) -> None:
    strip_diacritics(fold(to_unicode(undoubled(text))[0]))


def _headers(text: str) -> None:
    """The traces of automatic forwards, the subject's prefix, addresses: what stands in header and envelope."""
    line = " ".join(text.split())
    shown = "".join(f"Received: from a by {line[i : i + 900]}\n" for i in range(0, len(line), 900))
    head = f"{shown}Delivered-To: {line}\nResent-From: {line}\nSubject: {line}\nTo: {line}\nX-Forwarded-To: {line}\n"
    facts_of(f"{head}From: {OFFICIAL}\n\nx".encode(), origin="trusted", login=None)


def _class(text: str) -> None:
    house().class_of(f"a@{text}.gov.vn")
    Lookalikes(["hathanh.gov.vn"]).find(text)


def _detectors(text: str) -> None:
    detect(DETECTORS, [Reading("body", text)])


def seconds(run: Callable[[str], None], text: str) -> float:
    best = 1e9
    for _ in range(2):
        started = time.thread_time()
        run(text)
        best = min(best, time.thread_time() - started)
    return best


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "run",
    [_mail, _official, _secrecy, _names, _relation, _text, _headers, _class, _detectors],
    ids=lambda run: run.__name__.strip("_"),
)
def test_twice_the_size_takes_about_twice_the_time(run: Callable[[str], None], shape: str) -> None:
    piece = SHAPES[shape]
    once = piece * (SIZE // len(piece))
    # Again where a neighbour took the caches: he does not do so each time, a quadratic step does.
    tries = ((seconds(run, once), seconds(run, once + once)) for _ in range(4))
    assert any(second < max(3.2 * first, NOISE) for first, second in tries)
