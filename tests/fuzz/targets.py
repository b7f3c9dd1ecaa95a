"""What is fuzzed: one function a target, from bytes to nothing. What must hold is asserted in it.

``seeds`` are whole samples that a fuzzer starts from; ``words`` are pieces that mean something to the target.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from facts.samples_house import OFFICIAL, facts_of, mail
from facts.test_honest_work import LETTER
from vanthu import located
from vanthu.errors import Problems
from vanthu.facts.model import from_json, to_json
from vanthu.facts.official import recognise as official
from vanthu.facts.reading import Reading
from vanthu.facts.secrecy import recognise as secrecy
from vanthu.journal.cursor import START
from vanthu.journal.reader import Reader
from vanthu.mail import address
from vanthu.mail.html import to_text
from vanthu.mail.parse import parse
from vanthu.policy.load import PolicyContext
from vanthu.policy.load import load as load_policy
from vanthu.vietnamese.legacy import to_unicode
from vanthu.vietnamese.text import fold, fold_with_offsets, strip_diacritics

SHIPPED = Path(__file__).resolve().parents[2] / "policies"
FORWARD = (
    "Xem giúp em.\n\n---------- Forwarded message ---------\nTừ: An <a@x.gov.vn>\n"
    "Date: Th 2, 28 thg 9, 2026 lúc 10:00\nSubject: CV 815/SYT-NVY\nTo: <b@x.gov.vn>\n\n"
    "> Vào 27/9/2026 B <b@x.gov.vn> đã viết:\n>> MẬT\n"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A function that takes any bytes, samples to start from, and words worth trying."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[str, ...] = ()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _mail(data: bytes) -> None:
    message = parse(data)
    assert message.size == len(data)
    message.text.encode("utf-8")
    (message.subject or "").encode("utf-8")
    for part in message.attachments:
        (part.name or "").encode("utf-8")


def _legacy(data: bytes) -> None:
    text = data.decode("latin-1")
    for given in (text, _text(data)):
        made, _ = to_unicode(given)
        assert len(strip_diacritics(fold(made))) <= 4 * len(made) + 4
        folded, offsets = fold_with_offsets(made)
        assert len(offsets) == len(folded) + 1
    address.addresses(text)
    address.key(address.clean(text))


def _html(data: bytes) -> None:
    made = to_text(_text(data), 1000)
    assert len(made.text) <= 1100


def _facts(data: bytes) -> None:
    """The whole of facts, as a message from an official to Gmail; they survive the way to JSON."""
    facts = facts_of(data)
    assert from_json(to_json(facts)) == facts
    for score in (facts.official.score, facts.secrecy.score, facts.forward.score):
        assert 0 <= score <= 1
    assert (facts.secrecy.level is None) == (facts.secrecy.score < 0.5)
    assert bool(facts.official.documents) == (facts.official.score >= 0.5)


def _forward(data: bytes) -> None:
    head, _, body = data.partition(b"\0")
    subject = head[:200].replace(b"\n", b" ").replace(b"\r", b" ")
    raw = b"From: <%b>\nTo: <b@gmail.com>\nSubject: %b\nContent-Type: text/plain; charset=utf-8\n\n%b"
    facts = facts_of(raw % (OFFICIAL.encode(), subject, body))
    assert (facts.forward.kind == "none") == (facts.forward.score < 0.5)


def _official(data: bytes) -> None:
    text = _text(data)
    readings = [Reading("subject", text[:200]), Reading("filename", text[:100]), Reading("body", text)]
    found = official(readings, agency_named=lambda _: None, sender_agency=None, signed=frozenset())
    assert all(one.score >= 0.5 for one in found.documents)


def _secrecy(data: bytes) -> None:
    text = _text(data)
    found = secrecy([Reading("subject", text[:200]), Reading("filename", text[:100]), Reading("body", text)], ())
    assert (found.level is None) == (found.score < 0.5)


def _policy(data: bytes) -> None:
    """Any text is a policy or Problems with a place."""
    try:
        located.parse(_text(data), "x.yaml", max_nodes=20_000)
        with tempfile.TemporaryDirectory(prefix="vanthu-fuzz-") as folder:
            Path(folder, "x.yaml").write_bytes(data)
            Path(folder, "bases.yaml").write_bytes((SHIPPED / "bases.yaml").read_bytes())
            load_policy(Path(folder), PolicyContext())
    except Problems as problems:
        assert problems.problems


def _journal(data: bytes) -> None:
    """Any bytes in a journal file are lines or damage; what is handed out ends where the cursor stands."""
    with tempfile.TemporaryDirectory(prefix="vanthu-fuzz-") as folder:
        Path(folder, "20260101T000000Z-lab-1.jsonl").write_bytes(data)
        reader = Reader(Path(folder), quiet=0.0)
        cursor = START
        for _ in range(3):
            cursor = reader.read(cursor, 100).cursor


_LETTER = LETTER.encode()
_RULE = b"version: 1\nrules:\n  - id: a\n    when: {size: {min: 3}}\n"
TARGETS = {
    "mail": Target(
        _mail,
        (
            mail(LETTER, subject="V/v báo cáo"),
            mail("x", files=[("a.eml", "application/octet-stream", mail("trong", subject="y"))]),
            b"Subject: =?utf-8?b?TeG6rFQ=?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n",
        ),
        ("Content-Type: ", "multipart/mixed", "boundary=", "=?utf-8?q?", "?=", "base64", "charset*0*=", "utf-7"),
    ),
    "html": Target(_html, (b"<table><tr><td style='display:none'>a<td>b</table><blockquote>c", b"<!--<p>-->&#x111;")),
    "legacy": Target(
        _legacy,
        (
            "Céng hßa x· héi chñ nghÜa ViÖt Nam".encode("latin-1"),
            b"Co^.ng ho`a xa~ ho^.i",
            "Cá»™ng hÃ²a".encode(),
        ),
    ),
    "facts": Target(
        _facts,
        (mail(LETTER), mail(FORWARD, subject="Fwd: x")),
        ("Resent-From: ", "List-Id: ", "X-Forwarded-For: ", "Auto-Submitted: ", "Sensitivity: "),
    ),
    "forward": Target(
        _forward,
        (b"Fwd: x\0" + FORWARD.encode(), b"\0" + FORWARD.encode()),
        ("From:", "Sent:", "> ", "-----", "wrote:", "đã viết:"),
    ),
    "official": Target(
        _official,
        (_LETTER, _LETTER.replace(b"\n", b"   ")),
        ("Số:", "V/v", "Nơi nhận:", "ngày 1 tháng 2 năm 2026", "(Kèm theo Quyết định số"),
    ),
    "secrecy": Target(
        _secrecy,
        (_LETTER.replace(b"V/v", "MẬT\nV/v".encode()), "Độ mật: Tối mật".encode()),
        ("MẬT", "TỐI MẬT", "(M)", "GIẢI MẬT", "Độ mật:"),
    ),
    "policy": Target(
        _policy,
        ((SHIPPED / "official-mail.yaml").read_bytes()[:4000], _RULE),
        ("when:", "unless:", "any_document:", "matches:", "action: reject", "mode: enforce", "not:", "&a", "*a"),
    ),
    "journal": Target(
        _journal, (b'{"version":1,"kind":"open","id":"1","time":"2026-01-01T00:00:00Z"}\n', b"{}\nx\n")
    ),
}
