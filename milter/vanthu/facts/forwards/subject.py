"""What the prefix of a subject says: ``Fwd:``, ``WG:``, ``Chuyển tiếp:`` … or ``Re:``, ``AW:``, ``Trả lời:`` …

The outermost prefix counts (``Fwd: Re: x`` is a forward, ``Re: Fwd: x`` an answer). List tags such as ``[abc]`` and
counters such as ``Re[2]:`` are passed over. Some prefixes mean one thing in one language and another in the next
(``VS`` forwards in Danish and answers in Finnish), or are words of their own (``TR``, ``I``): they are ``either``.

| subject | prefix |
|---|---|
| ``Fwd: báo cáo``, ``Chuyển tiếp: báo cáo``, ``WG: Bericht`` | ``forward`` |
| ``[vp] Fwd: báo cáo``, ``Báo cáo (fwd)``, ``Fwd: Re: báo cáo`` | ``forward`` |
| ``Re: Fwd: báo cáo``, ``Re[2]: báo cáo``, ``Trả lời: báo cáo`` | ``reply`` |
| ``VS: báo cáo``, ``TR: báo cáo`` | ``either`` |
| ``Báo cáo: quý 3``, ``Forward planning 2026`` | ``none`` |

Not seen: a prefix that the sender took away, one without a colon (``Fwd báo cáo``), one of a language that the word
list has not (forwards/words.json).
"""

from __future__ import annotations

import re
from typing import Final, Literal

from vanthu.facts.forwards.words import SUBJECT_FORWARD, SUBJECT_REPLY, fold, plain_colons

Prefix = Literal["forward", "reply", "either", "none"]

_EITHER: Final = frozenset(
    "i r tr rv vs pd enc ct ed pro od res ref tl red yan er fs pers vl vid vf maju tov rep ats ha на".split()  # noqa: SIM905
)
_HEAD: Final = re.compile(
    r"\s*(?:\[[^\]]{1,60}\]\s*|\([^)]{1,30}\)\s*){0,4}([^:\[(]{1,24}?)\s?(?:[\[(]\d{1,3}[\])])?\s?:"
)
_ENCLOSED: Final = re.compile(r"\s*[(\[]\s*(?:fwd?|forwarded)\s*[)\]]", re.IGNORECASE)
_TAIL: Final = re.compile(r"\((?:fwd|fw)\)\s*$|\[(?:fwd|fw):", re.IGNORECASE)


def prefix(subject: str | None) -> Prefix:
    """Which prefix a subject has."""
    if not subject or (subject.isascii() and ":" not in subject and ")" not in subject and "]" not in subject):
        return "none"
    text = plain_colons(subject[:400])
    if _TAIL.search(text) or _ENCLOSED.match(text):
        return "forward"
    match = _HEAD.match(text)
    if match is None:
        return "none"
    word = fold(match[1]).rstrip(". ")
    forward, reply = word in SUBJECT_FORWARD, word in SUBJECT_REPLY
    if word in _EITHER or (forward and reply):
        return "either"
    return "forward" if forward else "reply" if reply else "none"


def first_word(subject: str | None) -> str:
    """The word of the prefix, folded; empty where there is none."""
    match = _HEAD.match(plain_colons(subject[:400])) if subject else None
    return fold(match[1]).rstrip(". ") if match else ""


def without_prefix(subject: str | None) -> str:
    """The subject without its outermost prefix, if that is one that we know."""
    if not subject or prefix(subject) == "none":
        return subject or ""
    match = _HEAD.match(plain_colons(subject[:400]))
    return subject[match.end() :].strip() if match else subject
