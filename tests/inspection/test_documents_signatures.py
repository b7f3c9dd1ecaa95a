"""Signatures of mail through the broker and a caged child: who signed, and whether it holds."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from support.attached import mail
from support.authority import Authority, sign_mail, sign_pdf
from support.broker import Broker
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.facts import signature
from vanthu.inspection.documents import Documents
from vanthu.mail.limits import MailLimits
from vanthu.mail.message import Message
from vanthu.mail.parse import parse

SAMPLES = Path(__file__).parents[1] / "documents" / "samples"
PDF = (SAMPLES / "pdf" / "reportlab.pdf").read_bytes()
ROOT = Authority("Root CA")
WHO = ROOT.issue("Nguyễn Văn An")
LIMITS = DocumentLimits(trust=ROOT.trust(), ocr="off")
LETTER = mail("a@b.vn", "xin chào", ("a.pdf", PDF))
ENTITY = LETTER[LETTER.index(b"MIME-Version") :]
DETACHED = b"From: a@b.vn\r\n" + sign_mail(ENTITY, WHO)
OPAQUE = b"From: a@b.vn\r\n" + sign_mail(ENTITY, WHO, "-nodetach")
_COMMAND = """
import sys, msgspec
from vanthu.cli.facts_documents import attached
from vanthu.documents.model import DocumentLimits
from vanthu.mail.limits import MailLimits
from vanthu.mail.parse import parse
limits = msgspec.msgpack.decode(bytes.fromhex(sys.argv[1]), type=DocumentLimits)
found = attached(parse(sys.stdin.buffer.read(), MailLimits()), limits)
sys.stdout.buffer.write(msgspec.json.encode(found))
"""


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with Broker(reader="vanthu.documents.read", limits=LIMITS) as real:
        yield real


def found(message: Message, extracted: dict[str, Extraction]) -> list[tuple[str, str, str | None, str | None]]:
    return [(one.kind, one.status, one.reason, one.signer) for one in signature.find(message, extracted)]


def asked(broker: Broker, raw: bytes, trusted: bool = True) -> list[tuple[str, str, str | None, str | None]]:
    message = parse(raw, MailLimits())
    answers = Documents(broker.state, 10_000, trusted).ask(message, time.monotonic() + 20)
    assert all(one.reason is None for one in answers.extracted.values())
    return found(message, answers.extracted)


@pytest.mark.parametrize("raw", [DETACHED, OPAQUE], ids=["detached", "opaque"])
def test_valid(broker: Broker, raw: bytes) -> None:
    assert asked(broker, raw) == [("smime", "valid", None, "Nguyễn Văn An")]
    crlf = re.sub(rb"\r?\n", b"\r\n", raw)
    assert asked(broker, crlf) == [("smime", "valid", None, "Nguyễn Văn An")]


def test_altered(broker: Broker) -> None:
    changed = DETACHED.replace(b'filename="a.pdf"', b'filename="b.pdf"')
    assert changed != DETACHED
    assert asked(broker, changed) == [("smime", "invalid", "altered", "Nguyễn Văn An")]


def test_a_signed_file_beside_and_inside(broker: Broker) -> None:
    signed = sign_pdf(PDF, WHO)
    packed = sign_mail(signed, WHO, "-binary", "-nodetach", "-outform", "DER")
    raw = mail("a@b.vn", "x", ("a.pdf", signed), ("b.pdf.p7m", packed))
    assert asked(broker, raw) == [
        ("pdf", "valid", None, "Nguyễn Văn An"),
        ("smime", "valid", None, "Nguyễn Văn An"),
        ("pdf", "valid", None, "Nguyễn Văn An"),
    ]


def test_where_nobody_is_trusted_only_the_signer_is_told() -> None:
    with Broker(reader="vanthu.documents.read", limits=DocumentLimits(ocr="off")) as real:
        assert asked(real, DETACHED, trusted=False) == [("smime", "present", None, "Nguyễn Văn An")]
        assert asked(real, OPAQUE, trusted=False) == [("smime", "present", None, "Nguyễn Văn An")]


def test_the_same_octets_as_a_file_are_another_question(broker: Broker) -> None:
    """What is asked as a signature is not read, and must not be answered for a file of the same octets."""
    message = parse(OPAQUE, MailLimits())
    wrapper = message.attachments[-1]
    assert asked(broker, OPAQUE)
    answer = broker.ask(wrapper.content)[0]
    assert answer.payload is not None
    (member,) = msgspec.msgpack.decode(answer.payload, type=Extraction).members
    assert "UBND" in " ".join(text.text for one in member.extraction.members for text in one.extraction.texts)


def test_too_large_to_be_checked_is_unverifiable() -> None:
    limits = DocumentLimits(trust=ROOT.trust(), ocr="off", max_size=3000)
    with Broker(reader="vanthu.documents.read", limits=limits) as real:
        message = parse(DETACHED, MailLimits())
        answers = Documents(real.state, 10_000, True).ask(message, time.monotonic() + 20)
        assert found(message, answers.extracted) == [("smime", "unverifiable", "too_large", None)]


def test_without_a_broker_it_is_unverifiable_and_nothing_else_is_unknown(tmp_path: Path) -> None:
    message = parse(OPAQUE, MailLimits())
    answers = Documents(tmp_path, 10_000, True).ask(message, time.monotonic() + 1)
    assert found(message, answers.extracted) == [("smime", "unverifiable", "unavailable", None)]
    wrapper = message.attachments[-1].where
    assert answers.extracted[wrapper].reason is None


def test_commands_check_as_the_mail_path_does() -> None:
    limits = msgspec.msgpack.encode(LIMITS).hex()
    for raw in (DETACHED, OPAQUE):
        # A process of its own, as a command is one: no child may be born of one in which readers have run.
        said = subprocess.run([sys.executable, "-c", _COMMAND, limits], input=raw, capture_output=True, check=True)
        extracted = msgspec.json.decode(said.stdout, type=dict[str, Extraction])
        assert found(parse(raw, MailLimits()), extracted) == [("smime", "valid", None, "Nguyễn Văn An")]
