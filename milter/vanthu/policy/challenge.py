"""Challenge codes: what a sender puts into the subject to say why a mail must go, and how it is known again.

A code is HMAC-SHA256 over login, sorted rule ids and local day, cut to 35 bits, in 7 characters of base32 (RFC 4648
§6). Nothing is stored: whoever has the key can tell for which rules a code was given. It is good today and tomorrow.
The first of several keys signs; the others are still understood, so a new key is put before the old one.

All of it is pure: time and keys are arguments.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, combinations, islice

from ..facts.model import Challenge
from ..vietnamese.text import strip_diacritics
from .decision import Decision
from .hours import Calendar
from .model import Policy

LENGTH = 7  # characters of 5 bits
GOOD_FOR = 2  # days: the day of issue and the next one
REMEMBERED = 7  # days in which a code that is no longer good is still told from a wrong one
MOST_SETS = 255  # sets of rules that are tried for a code: all sets of eight rules
LONGEST_REASON = 300  # characters

_GAP = r"[ \t\u00a0]{0,4}"
_TAG = re.compile(
    rf"\[{_GAP}LD[ \t\u00a0:]{{1,4}}([A-Z0-9]{{7}})(?:{_GAP}[:：,-]([^\[\]]{{0,600}}))?{_GAP}\]",
    re.IGNORECASE | re.ASCII,
)
# Digits that base32 does not have are what people type for letters that look like them.
_TYPED = str.maketrans("0189", "OIBG")
# What the reply shows in place of a reason is none.
_PLACEHOLDERS = ("ly do", "reason", "your reason", "...", "…")
_FALSE_ALARM = ("nham", "bao nham", "false alarm")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it stands in a subject, from ``start`` to ``end``; ``reason`` None where none was given."""

    code: str
    reason: str | None
    start: int
    end: int

    @property
    def false_alarm(self) -> bool:
        """Whether the sender says that the rules were wrong: ``nhầm``, with or without diacritics, comes first."""
        plain = " ".join(strip_diacritics(self.reason or "").lower().split())
        return any(plain == one or plain.startswith((f"{one} ", f"{one},", f"{one}.")) for one in _FALSE_ALARM)


def find(subject: str) -> Tag | None:
    """The first tag ``[LD 7F3K2MQ: reason]`` of a subject."""
    found = _TAG.search(subject)
    if found is None:
        return None
    reason = " ".join((found[2] or "").split())[:LONGEST_REASON].strip()
    empty = strip_diacritics(reason).lower() in _PLACEHOLDERS
    return Tag(
        found[1].upper().translate(_TYPED), None if empty or not reason else reason, found.start(), found.end()
    )


def without(subject: str, tag: Tag) -> str:
    """The subject as it was before the tag was put there."""
    return " ".join(f"{subject[: tag.start]} {subject[tag.end :]}".split())


def code(key: bytes, who: str, rules: Iterable[str], day: date) -> str:
    """The code for one login (case does not matter), these rules (order does not matter) and this local day."""
    return base64.b32encode(_bits(key, _about(who, day), tuple(sorted(rules)))).decode("ascii")[:LENGTH]


def challengers(policy: Policy) -> tuple[str, ...]:
    """The rules that may give a code."""
    return tuple(rule.id for rule in policy.rules if rule.action == "challenge" and rule.mode == "enforce")


def asked_by(decision: Decision) -> tuple[str, ...]:
    """The rules that a code for this decision is for: those that challenge, and those that a code lifts already."""
    hits = {hit.id for hit in decision.rules if hit.mode == "enforce" and hit.action == "challenge"}
    lifted = {one.rule for one in decision.exempted if one.by == "challenge"}
    return tuple(sorted(hits | lifted))


def issue(key: bytes, who: str, asked: Iterable[str], known: Sequence[str], day: date) -> str:
    """The code for the rules that a mail hit. Where so many rules exist that this set could not be found again, the
    code is for all of them."""
    wanted = tuple(sorted(asked))
    return code(key, who, wanted if wanted in set(_sets(known)) else sorted(known), day)


def verify(tag: Tag, who: str, known: Sequence[str], day: date, keys: Sequence[bytes]) -> Challenge:
    """What the tag is worth to this login on this day. Every candidate is compared, in constant time each."""
    if not keys or tag.reason is None:
        return Challenge("invalid", reason=tag.reason, false_alarm=tag.false_alarm)
    good = _search(tag.code, who, known, [day - timedelta(days=ago) for ago in range(GOOD_FOR)], keys)
    if good is not None:
        return Challenge("valid", good, tag.reason, tag.false_alarm)
    past = [day - timedelta(days=ago) for ago in range(GOOD_FOR, REMEMBERED + 1)]
    old = _search(tag.code, who, known, past, keys[:1])
    return Challenge("invalid" if old is None else "expired", old or (), tag.reason, tag.false_alarm)


@dataclass(frozen=True, slots=True)
class Verifier:
    """Reads the tag of a subject under one policy; ``gather`` calls it."""

    keys: tuple[bytes, ...]
    known: tuple[str, ...]
    calendar: Calendar

    @classmethod
    def of(cls, policy: Policy, keys: Sequence[bytes]) -> Verifier:
        """For the rules of this policy that may give a code."""
        return cls(tuple(keys), challengers(policy), policy.calendar)

    def __call__(self, subject: str, login: str, time: datetime) -> tuple[Challenge, str]:
        """The worth of the tag, if there is one, and the subject without it."""
        tag = find(subject)
        if tag is None:
            return Challenge(), subject
        return verify(tag, login, self.known, self.calendar.day(time), self.keys), without(subject, tag)


def _search(
    given: str, who: str, known: Sequence[str], days: Sequence[date], keys: Sequence[bytes]
) -> tuple[str, ...] | None:
    wanted = base64.b32decode(f"{given}A")
    found: tuple[str, ...] | None = None
    abouts = [_about(who, day) for day in days]
    for rules in _sets(known):
        for about in abouts:
            for key in keys:
                if hmac.compare_digest(_bits(key, about, rules), wanted) and found is None:
                    found = rules
    return found


def _about(who: str, day: date) -> str:
    return f"vanthu challenge 1\0{who.lower()}\0{day.isoformat()}\0"


def _bits(key: bytes, about: str, rules: tuple[str, ...]) -> bytes:
    """35 bits in five bytes, the last five bits zero."""
    digest = hmac.digest(key, f"{about}{','.join(rules)}".encode("utf-8", "surrogatepass"), "sha256")
    return digest[:4] + bytes((digest[4] & 0xE0,))


def _sets(known: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Sets of rules that a code may be for, small ones first, at most MOST_SETS; and always all of them."""
    ordered = tuple(sorted(known))
    sets = chain.from_iterable(combinations(ordered, size) for size in range(1, len(ordered) + 1))
    yield from islice(sets, MOST_SETS)
    if len(ordered) > 1:
        yield ordered
