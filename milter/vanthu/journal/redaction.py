"""Takes a secret's content out of a record before it is written (1468/UBND-VHXH 2014 §1, §7; Law 117/2025 Art. 5).

Where secrecy is found or only suspected (score >= 0.2), all that quotes the mail (subject, names of attachments
and documents, signers, number, abstract, addressees, evidence, a challenge's reason) becomes a keyed hash: equal
texts stay equal, so two records of one document can be joined, but nobody reads or guesses the text without the key.
Each place is listed in ``facts.unavailable`` with the reason ``redacted``; what was null or empty stays so.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ..errors import JournalError
from ..facts.model import Facts, Missing
from .record import Record

SUSPECTED = 0.2
KEY_FILE = "redaction.key"
_KEY_BYTES = 32
_SHOWN = 32  # hexadecimal digits: 128 bits
_DOCUMENT_FIELDS = ("name", "number", "abstract", "addressees", "evidence")

S = TypeVar("S", bound=Struct)


def redact(record: Record, key: bytes) -> Record:
    """The record as it may be kept; the same record where no secrecy is suspected, or nothing is left to hide."""
    if record.facts is None or record.facts.secrecy.score < SUSPECTED:
        return record
    return hide(record, key)


def hide(record: Record, key: bytes) -> Record:
    """The record without what quotes the mail, whatever its secrecy."""
    facts = record.facts
    if facts is None:
        return record
    hidden = _Hidden(key, facts)
    facts = hidden.struct("", facts, ("subject",))
    facts = replace(
        facts,
        official=replace(
            facts.official,
            documents=tuple(
                hidden.struct(f"/official/documents/{index}", document, _DOCUMENT_FIELDS)
                for index, document in enumerate(facts.official.documents)
            ),
        ),
        attachments=tuple(
            hidden.struct(f"/attachments/{index}", attachment, ("name",))
            for index, attachment in enumerate(facts.attachments)
        ),
        signatures=tuple(
            hidden.struct(f"/signatures/{index}", one, ("signer", "organization"))
            for index, one in enumerate(facts.signatures)
        ),
        secrecy=hidden.struct("/secrecy", facts.secrecy, ("evidence",)),
        forward=replace(
            hidden.struct("/forward", facts.forward, ("evidence",)),
            original=hidden.struct("/forward/original", facts.forward.original, ("subject",)),
        ),
        challenge=hidden.struct("/challenge", facts.challenge, ("reason",)),
    )
    return replace(record, facts=replace(facts, unavailable=facts.unavailable + tuple(hidden.places)))


class _Hidden:
    """Hashes fields and remembers where; what is already redacted is left alone, so redacting twice is once."""

    def __init__(self, key: bytes, facts: Facts) -> None:
        self._key = key
        self._before = {missing.fact for missing in facts.unavailable if missing.reason == "redacted"}
        self.places: list[Missing] = []

    def struct(self, pointer: str, value: S, fields: tuple[str, ...]) -> S:
        changes: dict[str, object] = {}
        for field in fields:
            text = getattr(value, field)
            place = f"{pointer}/{field}"
            if not text or place in self._before:
                continue
            changes[field] = self._hash(text) if isinstance(text, str) else tuple(map(self._hash, text))
            self.places.append(Missing(place, "redacted"))
        return replace(value, **changes) if changes else value

    def _hash(self, text: str) -> str:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:_SHOWN]


def load_key(state: Path) -> bytes:
    """The node's redaction key from its state folder (mode 0600), made at the first start; JournalError if neither.

    Several processes may start at once: the first key linked into place is everybody's.
    """
    path = state / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise JournalError(f"{path}: the redaction key cannot be read or made: {error}") from error
    if len(key) != _KEY_BYTES:
        raise JournalError(f"{path}: this is no redaction key ({_KEY_BYTES} bytes in hexadecimal are expected)")
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
