"""What an evidence pack is made of, and what is known of the decision that it tells about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..journal.record import Record
from ..policy.decision import Decision
from ..policy.model import Language
from .evidence_words import WORDS
from .explanation import Explanation, RuleTrace
from .recorded import Place

Kind = Literal["heading", "text", "code", "pairs", "grid"]
Part = tuple[Kind, tuple[tuple[str, ...], ...]]


class Case(Struct, frozen=True):
    """Everything that the pack tells. ``texts`` are the policy files of then, None where they are lost; of a message
    that was judged for this pack there is no record and no place, but a path and a digest."""

    explanation: Explanation
    decision: Decision
    reply: str | None
    notices: tuple[dict[str, str], ...]
    texts: Mapping[str, str] | None
    policy: str
    record: Record | None = None
    place: Place | None = None
    path: str = ""
    sha256: str = ""


def is_hit(rule: RuleTrace, case: Case) -> bool:
    """Whether the decision that is explained lists it, in force or in shadow."""
    return any(hit.id == rule.id for hit in case.decision.rules)


def heading(key: str, lang: Language, **values: str) -> Part:
    """A part that begins a section."""
    return "heading", ((word(key, lang, **values),),)


def word(key: str, lang: Language, **values: str) -> str:
    """One phrase, with what is to stand in it."""
    text = WORDS[key][0 if lang == "vi" else 1]
    return text.format(**values) if values else text


def joined(*values: str | None) -> str:
    """Those that there are."""
    return ", ".join(filter(None, values))


def local(time: datetime, zone: ZoneInfo) -> str:
    """A time as people of the installation read it."""
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
