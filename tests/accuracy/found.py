"""False alarms over text that was not made for this project (``natural.py``): all recognisers, each text as a mail.

Part of ``make accuracy``. The table says how many there are, and that none of it is office mail.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import natural
from forward import judge
from tally import Tally

from vanthu.facts.attachments import readings
from vanthu.facts.official import recognise as official
from vanthu.facts.secrecy import recognise as secrecy
from vanthu.mail.message import Message
from vanthu.mail.parse import parse

_SUBJECTS = ("", "Gửi anh tài liệu", "Re: tài liệu", "Báo cáo tuần", "Hướng dẫn sử dụng", "Thông báo phiên bản mới")


def _as_mail(text: str, rng: random.Random) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "An <an@x.gov.vn>", "Bình <binh@example.com>"
    if subject := rng.choice(_SUBJECTS):
        made["Subject"] = subject
    made.set_content(text, cte="base64")
    return made.as_bytes()


def measure(roots: list[Path], most: int) -> Iterator[Tally]:
    """Alarms of the three recognisers over texts and whole messages.

    A text with a mail pasted into it, header and all, does pass that mail on: forwards are not asked of it.
    """
    rng = random.Random(1)
    official_, secrecy_, forward_ = (
        Tally(name, "texts of packages and manuals called so", goal, alarms=True, origin="found")
        for name, goal in (("official", 0.0002), ("secrecy", 0.0), ("forward", 0.0002))
    )
    for source, text in natural.texts(roots, most):
        raw = _as_mail(text, rng)
        _judge(parse(raw), f"{source.language}: {source.name}", text, official_, secrecy_)
        if natural.passes_on(text):
            continue
        said = judge(raw, "an@x.gov.vn", ["binh@example.com"])
        forward_.add(f"{source.language}: {source.name}", said.kind != "none", f"{said.evidence}\n{text[:400]}")
    for name, raw in natural.mails(roots):
        message = parse(raw)
        _judge(message, f"mail: {name}", message.text, official_, secrecy_)
    yield from (official_, secrecy_, forward_)


def _judge(message: Message, kind: str, text: str, official_: Tally, secrecy_: Tally) -> None:
    read = readings(message, {})
    document = official(read, agency_named=lambda _: None, sender_agency=None, signed=frozenset())
    note = f"{document.documents[0].evidence}\n{text[:400]}" if document.documents else ""
    official_.add(kind, document.score >= 0.5, note)
    mark = secrecy(read, message.fields)
    secrecy_.add(kind, mark.level is not None, f"{mark}\n{text[:400]}")
