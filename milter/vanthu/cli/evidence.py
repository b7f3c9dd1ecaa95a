"""``vanthu explain --format docx``: gathers the evidence of one decision and writes the file."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from .. import __version__
from ..errors import UsageError
from ..inspection.snapshot import Snapshot
from ..journal.record import Record
from ..journal.redaction import SUSPECTED
from ..policy.decision import Decision
from ..policy.model import Language
from ..reports.pack import pack
from ..tuning.evidence import parts, title
from ..tuning.evidence_case import Case
from ..tuning.evidence_words import WORDS
from ..tuning.explanation import Explanation
from ..tuning.recorded import place, texts_then


class Told(Protocol):
    """What ``explain`` knows of a mail."""

    @property
    def explanation(self) -> Explanation: ...

    @property
    def reply(self) -> str | None: ...

    @property
    def notices(self) -> tuple[dict[str, str], ...]: ...

    @property
    def recorded(self) -> Decision | None: ...


def of_record(record: Record, told: Told, snapshot: Snapshot) -> Case:
    """The evidence that the journal has; the whole journal is checked."""
    digest = record.digests.policy if record.digests else ""
    return Case(
        explanation=told.explanation,
        decision=told.recorded or told.explanation.decision,
        reply=told.reply,
        notices=told.notices,
        texts=texts_then(digest, snapshot),
        policy=digest,
        record=record,
        place=place(snapshot.settings.journal.path, record.id),
    )


def of_message(raw: bytes, told: Told, snapshot: Snapshot) -> Case:
    """What would be decided of a message file; never where secrecy is suspected, for the file would repeat it."""
    facts = told.explanation.facts
    if facts.secrecy.score >= SUSPECTED:
        raise UsageError("state secrecy is suspected in this message; only --record gives a file, without its text")
    return Case(
        explanation=told.explanation,
        decision=told.explanation.decision,
        reply=told.reply,
        notices=told.notices,
        texts=snapshot.policy.text,
        policy=snapshot.policy.digest,
        path=facts.path or "",
        sha256=sha256(raw).hexdigest(),
    )


def write(path: Path, case: Case, snapshot: Snapshot, lang: Language) -> None:
    """The docx file; UsageError where it cannot be written."""
    zone, now = snapshot.settings.zone, datetime.now(UTC)
    heading, about = title(case, lang, zone)
    made = WORDS["made"][0 if lang == "vi" else 1].format(
        time=f"{now.astimezone(zone):%Y-%m-%d %H:%M %Z}", version=__version__
    )
    try:
        path.write_bytes(pack(heading, about, parts(case, lang, zone), made, now, lang))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None
