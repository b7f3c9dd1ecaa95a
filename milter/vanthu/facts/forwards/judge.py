"""How likely it is that the writer of this mail forwarded another one inside his text.

The table below is the whole judgement: how the outermost quotation is announced, what the subject's prefix
says, and whether the mail goes to the quoted author. ``References`` and ``In-Reply-To`` decide only what these leave
open, since several clients write them into forwards, too.
"""

from __future__ import annotations

from typing import Final

from vanthu.facts.forwards.block import Block, timed
from vanthu.facts.forwards.marker import Mark
from vanthu.facts.forwards.people import Direction
from vanthu.facts.forwards.subject import Prefix

_FINNISH: Final = frozenset({"lähettäjä", "lähetetty", "vastaanottaja", "aihe"})


def settled(prefix: Prefix, first_word: str, mark: Mark | None) -> Prefix:
    """The prefix with the ambiguous ones decided by what is quoted: a header block stands in forwards, mostly."""
    if prefix != "either":
        return prefix
    if mark is None or mark.manner in ("quote", "attribution"):
        return "none" if mark is None else "reply"
    if first_word in ("re", "res", "r", "sv", "ref", "ats", "ha", "на", "tl", "rep"):
        return "reply"
    if first_word == "vs" and mark.block is not None and not _FINNISH.isdisjoint(mark.block.names):
        return "reply"
    return "forward"


def inline(mark: Mark | None, prefix: Prefix, towards: Direction, answers: bool, carries: bool) -> float:
    """The score of an inline forward. ``answers``: In-Reply-To is there; ``carries``: attachments, References."""
    if mark is None:
        return (0.62 if carries else 0.42) if prefix == "forward" else 0.0
    if mark.manner == "forward":
        return _announced(prefix, towards)
    if mark.manner in ("attribution", "quote"):
        return _under_attribution(mark, prefix, towards)
    if prefix == "forward":
        return 0.97 if mark.block is not None else 0.9 if mark.manner == "original" else 0.7
    if prefix == "reply" or mark.block is None:
        return 0.04 if prefix == "reply" else 0.3 if mark.manner == "original" else 0.0
    return _without_prefix(mark, towards, answers)


def _under_attribution(mark: Mark, prefix: Prefix, towards: Direction) -> float:
    """Outlook for Mac forwards below "… wrote:"; so do people who copy an answer into ``Fwd:``."""
    if prefix != "forward":
        return 0.02
    if towards == "to_author":
        return 0.15
    return 0.8 if mark.manner == "attribution" else 0.66


def _announced(prefix: Prefix, towards: Direction) -> float:
    if prefix == "forward":
        return 0.99
    if prefix == "reply":
        return 0.3 if towards == "to_author" else 0.85
    return 0.75 if towards == "to_author" else 0.97


def _without_prefix(mark: Mark, towards: Direction, answers: bool) -> float:
    """A header block without an announcement that says forward, under a subject without a prefix that we know."""
    assert mark.block is not None
    sure = _of_form(mark, mark.block)
    if towards == "to_author":
        return 0.06
    if towards == "among_quoted":
        return 0.3 * sure if answers else 0.7 * sure
    if towards == "unknown":
        return 0.5 * sure if answers else sure
    return sure


def _told(date: str) -> bool:
    """Whether a date is told with its weekday or month and the time, as clients that print names alone tell it."""
    return timed(date) and sum(map(str.isalpha, date)) >= 3


def _of_form(mark: Mark, block: Block) -> float:
    """How much a block looks like a header that a client printed, and not like a form, a ticket or a log."""
    date = block.values.get("date", "")
    if not any(block.addresses(role) for role in ("from", "to", "cc")) and not _told(date):
        return 0.4  # names and a date in figures: a ticket, a journey, a delivery note
    whole = bool(block.addresses("from")) and "subject" in block.values and timed(date)
    if mark.manner != "block":
        return 0.85 if block.known >= 3 else 0.6 if whole else 0.35
    if mark.introduced:
        return 0.4  # "the header was:": somebody talks about a mail
    if block.known >= 4 and "subject" in block.values:
        return 0.72
    return 0.45 if block.known == 3 and whole else 0.35
