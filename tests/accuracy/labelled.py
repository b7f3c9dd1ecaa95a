"""Samples of somebody else's, labelled by the folder they lie in; part of ``make accuracy ROOT=DIR``.

    DIR/official/yes/…   a document must be found        DIR/official/no/…   none may be found
    DIR/secrecy/yes/…    a mark must be found            DIR/secrecy/no/…    none may be found
    DIR/forward/yes/…    a forward must be found         DIR/forward/no/…    none may be found

A file is a message (``.eml``), a text (``.txt``, ``.md``: the body of a mail) or a document of any kind, read as the
mail path reads it, scans by OCR. Only messages and texts are asked for forwards. Beside a sample, a file of the same
name with ``.expected.yaml`` behind it says what must be read: any of ``number``, ``symbol``, ``kind``, ``issuer``,
``place``, ``date``, ``stage``, ``level``, ``from``, ``subject``; each value is counted. The folder below ``yes`` and
``no`` is the kind in the table. Nothing of the samples leaves the machine or is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import yaml
from forward import judge
from tally import Tally

from vanthu.documents.isolated import read_apart
from vanthu.documents.model import DocumentLimits
from vanthu.facts import attachments
from vanthu.facts.forwards.block import addresses
from vanthu.facts.model import Forward, Official, Secrecy
from vanthu.facts.official import recognise as official
from vanthu.facts.secrecy import recognise as secrecy
from vanthu.mail.message import Attachment, Message
from vanthu.mail.parse import parse

QUESTIONS = ("official", "secrecy", "forward")
_FOUND = {"official": 0.98, "secrecy": 0.98, "forward": 0.98}
_ALARMS = {"official": 0.002, "secrecy": 0.0, "forward": 0.005}
_EXPECTED = ".expected.yaml"
_TEXTS = (".txt", ".md")
_LIMITS = DocumentLimits(ocr="all")


@dataclass(frozen=True, slots=True)
class Said:
    """What the recognisers say of one file; ``forward`` is None where the file is no mail."""

    official: Official
    secrecy: Secrecy
    forward: Forward | None

    def found(self, question: str) -> bool:
        """Whether what the question asks for is there."""
        if question == "official":
            return bool(self.official.documents)
        if question == "secrecy":
            return self.secrecy.level is not None
        return self.forward is not None and self.forward.kind != "none"

    def value(self, name: str) -> object:
        """A fact by the name that an ``.expected.yaml`` uses."""
        if name == "level":
            return self.secrecy.level
        if name in ("from", "subject"):
            original = self.forward.original if self.forward is not None else None
            return original and getattr(original, "from_" if name == "from" else name)
        return getattr(self.official.documents[0], name) if self.official.documents else None


def _as_mail(text: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "an@x.gov.vn", "binh@example.com"
    made.set_content(text, cte="base64")
    return made.as_bytes()


def said_of(path: Path) -> Said:
    """What is found in one file."""
    content = path.read_bytes()
    if path.suffix == ".eml" or path.suffix in _TEXTS:
        raw = content if path.suffix == ".eml" else _as_mail(content.decode("utf-8", "replace"))
        message = parse(raw)
        sender = next(iter(addresses(message.first("From") or "")), "an@x.gov.vn")
        shown = addresses(", ".join((*message.every("To"), *message.every("Cc"))))
        return _said(message, {}, judge(raw, sender, shown or ["binh@example.com"]))
    read = read_apart(content, path.name, _LIMITS)
    digest = hashlib.sha256(content).hexdigest()
    one = Attachment("document", path.name, read.type, read.type, content, digest)
    return _said(Message(len(content), (), (), (one,), ()), {"document": read}, None)


def _said(message: Message, extracted: attachments.Extracted, forward: Forward | None) -> Said:
    read = attachments.readings(message, extracted)
    return Said(
        official(read, agency_named=lambda _: None, sender_agency=None, signed=frozenset()),
        secrecy(read, message.fields + attachments.labels(extracted)),
        forward,
    )


def _samples(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(_EXPECTED):
            yield path.parent.relative_to(folder).as_posix().replace(".", "") or path.suffix, path


def _expected(path: Path) -> dict[str, Any]:
    beside = path.with_name(path.name + _EXPECTED)
    return yaml.safe_load(beside.read_text("utf-8")) or {} if beside.exists() else {}


def measure(roots: list[Path]) -> Iterator[Tally]:
    """For each question that a root has samples of: found, values read right, false alarms."""
    for question in QUESTIONS:
        yes = [one for root in roots for one in _samples(root / question / "yes")]
        no = [one for root in roots for one in _samples(root / question / "no")]
        if yes:
            yield from _positives(question, yes)
        if no:
            alarms = Tally(question, "labelled folder: called so", _ALARMS[question], alarms=True, origin="found")
            for kind, path in no:
                told = said_of(path)
                alarms.add(f"mail: {kind}" if path.suffix == ".eml" else kind, told.found(question), f"{path}")
            yield alarms


def _positives(question: str, samples: list[tuple[str, Path]]) -> Iterator[Tally]:
    found = Tally(question, "labelled folder: found", _FOUND[question], origin="given")
    right = Tally(question, "labelled folder: values right, of those found", 0.95, origin="given")
    for kind, path in samples:
        told = said_of(path)
        found.add(kind, told.found(question), f"{path}")
        if told.found(question):
            for name, value in _expected(path).items():
                read = told.value(name)
                right.add(name, str(read) == str(value), f"{path}: {value!r} read as {read!r}")
    yield found
    if right.total:
        yield right
