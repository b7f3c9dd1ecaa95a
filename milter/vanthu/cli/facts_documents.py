"""``vanthu facts --document``: what the recognisers see in bare documents that lie in files, and in attachments."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import UNSET, Struct, UnsetType

from ..documents.isolated import read_apart
from ..documents.model import DocumentLimits, Extraction
from ..errors import UsageError
from ..facts import attachments, official, secrecy, signature
from ..facts.model import Attachment, Official, Secrecy, Signature
from ..inspection.documents import at_sight, put_together, question, understood, unopened
from ..inspection.snapshot import Snapshot
from ..mail import message as mail

WHERE = "document"
_encoder = msgspec.json.Encoder()


class DocumentFacts(Struct, frozen=True):
    """The facts of one document; ``text`` is what was read, where it was asked for."""

    path: str
    official: Official
    secrecy: Secrecy
    signatures: tuple[Signature, ...]
    attachments: tuple[Attachment, ...]
    text: str | UnsetType = UNSET


def run(paths: tuple[str, ...], snapshot: Snapshot, limits: DocumentLimits, with_text: bool) -> None:
    """Print one JSON object a document. UsageError for a path that cannot be read, before anything is read."""
    for path in paths:
        if path != "-" and not Path(path).exists():
            raise UsageError(f"{path}: no such file or folder")
    for path, content in _documents(paths):
        name = None if path == "-" else Path(path).name
        extraction = read_apart(content, name, limits)
        facts = describe(path, name, content, extraction, snapshot, with_text)
        sys.stdout.buffer.write(_encoder.encode(facts) + b"\n")
        sys.stdout.buffer.flush()


def describe(
    path: str, name: str | None, content: bytes, extraction: Extraction, snapshot: Snapshot, with_text: bool
) -> DocumentFacts:  # fmt: skip
    """What the recognisers say of one document: they see it as the only attachment of an empty mail."""
    digest = hashlib.sha256(content).hexdigest()
    one = mail.Attachment(WHERE, name, extraction.type, extraction.type, content, digest)
    message = mail.Message(len(content), (), (), (one,), ())
    extracted = {WHERE: extraction}
    readings = attachments.readings(message, extracted)
    signatures = signature.find(message, extracted)
    covered = signature.covered(message, signatures, readings)
    return DocumentFacts(
        path=path,
        official=official.recognise(
            readings, agency_named=snapshot.house.register.agency_named, sender_agency=None, signed=covered
        ),
        secrecy=secrecy.recognise(readings, attachments.labels(extracted)),
        signatures=signatures,
        attachments=attachments.describe(message, extracted),
        text="\n\n".join(one.text for one in readings if one.where != "filename") if with_text else UNSET,
    )


def attached(message: mail.Message, limits: DocumentLimits) -> dict[str, Extraction]:
    """What the attachments of a message say, those that need a reader each read in a child of its own."""
    found = {one.where: known for one in unopened(message) if (known := at_sight(one, limits.max_text)) is not None}
    unknown, pieces = put_together([one for one in unopened(message) if one.where not in found])
    return found | pieces | {one.where: _asked(one, limits) for one in unknown}


def _asked(one: mail.Attachment, limits: DocumentLimits) -> Extraction:
    trusted = bool(limits.trust)
    asked = question(one, trusted)
    return understood(asked, read_apart(asked.content, one.name, limits, asked.signature), trusted)


def _documents(paths: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        if path == "-":
            yield path, sys.stdin.buffer.read()
            continue
        root = Path(path)
        for file in sorted(one for one in root.rglob("*") if one.is_file()) if root.is_dir() else [root]:
            try:
                content = file.read_bytes()
            except OSError as error:
                raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
            yield str(file), content
