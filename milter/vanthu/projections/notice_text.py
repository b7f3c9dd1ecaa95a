"""What notices know: what happened, to whom, by which rule, and what templates may use of it. Pure.

Where secrecy is suspected, no subject is given. Everything that comes from mail is cut and made printable. How it is
said: ``notice_templates``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from ..facts.model import Facts
from ..harmless import printable
from ..journal.redaction import SUSPECTED
from ..policy.challenge import find
from ..policy.decision import Decision, RuleHit
from .counting import is_held

Kind = Literal["sender", "security", "agency", "forwarder", "monthly"]
Describe = Callable[[str], tuple[str, str, Sequence[str]]]
"""Rule id to its title in Vietnamese and English, and its bases as people quote them."""

_MOST_RECIPIENTS = 20
_MOST_IN_DIGEST = 3  # recipients of one mail
_LONGEST = 200  # characters of one value from mail


@dataclass(frozen=True, slots=True)
class Entry:
    """What a notice needs to know of one record; small, so that a digest can be made of many."""

    record: str
    time: datetime
    verdict: str
    sender: str
    recipients: tuple[str, ...]
    rules: tuple[str, ...]
    subject: str | None
    secret: bool
    code: str | None = None


def entry(record: str, facts: Facts, decision: Decision) -> Entry:
    """The entry of a judged mail: the recipients that rules hit for real, and those rules."""
    hits = real_hits(decision)
    touched = sorted({index for hit in hits for index in hit.recipients})
    if decision.verdict == "strip":
        # Beside those who were stripped, others may only have been warned about: they got the mail.
        touched = [index for index in touched if decision.recipients[index] == "strip"]
    secret = facts.secrecy.score >= SUSPECTED
    return Entry(
        record=record,
        time=facts.time,
        verdict="hold" if is_held(decision) else decision.verdict,
        sender=plain(facts.sender.address),
        recipients=tuple(
            plain(facts.recipients[index].address) for index in touched if index < len(facts.recipients)
        ),
        rules=tuple(dict.fromkeys(hit.id for hit in hits)),
        subject=None if secret or not facts.subject else plain(facts.subject),
        secret=secret,
        code=_code(decision),
    )


def _code(decision: Decision) -> str | None:
    """The challenge code that the reply gave; mail programs hide SMTP texts, so the notice says it again."""
    tag = find(decision.reply) if decision.verdict == "challenge" and decision.reply else None
    return tag.code if tag else None


def real_hits(decision: Decision) -> list[RuleHit]:
    """Hits that had an effect which somebody should hear of: not shadow, and more than counted."""
    return [hit for hit in decision.rules if hit.mode in ("warn", "enforce") and hit.action != "count"]


def values(kind: Kind, one: Entry, describe: Describe, zone: ZoneInfo) -> dict[str, Any]:
    """What the template of a notice on one mail may use."""
    return {"kind": kind, **_told(one, describe, zone, _MOST_RECIPIENTS)}


def digest_values(kind: Kind, entries: Sequence[Entry], describe: Describe, zone: ZoneInfo) -> dict[str, Any]:
    """What the template of a digest may use: the mails of the past hour that had no notice of their own."""
    first = next((one for one in entries if one.secret), entries[0])
    listed = [_told(one, describe, zone, _MOST_IN_DIGEST) for one in entries]
    return {
        "kind": kind, "count": len(entries), "entries": listed,
        "secret": first.secret, "code": first.code, "record": first.record,
    }  # fmt: skip


def _told(one: Entry, describe: Describe, zone: ZoneInfo, most: int) -> dict[str, Any]:
    local = one.time.astimezone(zone)
    rules = [(describe(rule), rule) for rule in one.rules]
    return {
        "record": one.record,
        "verdict": one.verdict,
        "secret": one.secret,
        "code": one.code,
        "sender": one.sender,
        "recipients": one.recipients[:most],
        "more": max(len(one.recipients) - most, 0),
        "subject": one.subject,
        "when": {
            "vi": f"{local:%H:%M ngày %d/%m/%Y}",
            "en": f"{local:%Y-%m-%d %H:%M %Z}",
            "short": f"{local:%H:%M %d/%m}",
        },
        "rules": [
            {"id": id_, "vi": plain(vi), "en": plain(en), "bases": plain("; ".join(bases))}
            for (vi, en, bases), id_ in rules
        ],
    }


def plain(text: str) -> str:
    """One printable line of bounded length."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
