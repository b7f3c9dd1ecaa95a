"""The Decision value: what the rules say of one mail. It goes to JSON and back, and stands in the journal."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, structs

Action = Literal["count", "warn", "strip", "challenge", "hold", "reject"]
Mode = Literal["off", "shadow", "warn", "enforce"]
Verdict = Literal["accept", "count", "warn", "strip", "challenge", "hold", "reject"]

SEVERITY: dict[str, int] = {
    name: rank for rank, name in enumerate(("accept", "count", "warn", "strip", "challenge", "hold", "reject"))
}


class RuleHit(Struct, frozen=True):
    """A rule that hit: ``action`` after caps, ``recipients`` as indexes from 0. Shadow hits are listed too."""

    id: str
    mode: Mode
    action: Action
    recipients: tuple[int, ...]


class Exempted(Struct, frozen=True):
    """A rule that would have hit, and what lifted it: the id of an ``unless`` entry or of an exception."""

    rule: str
    by: str
    recipients: tuple[int, ...]


class Unknown(Struct, frozen=True):
    """A rule that could not be judged, the fact (JSON pointer) that was missing, and why."""

    rule: str
    fact: str
    reason: str


class Decision(Struct, frozen=True):
    """``verdict`` is what happens to the mail, ``recipients`` what happens to each, in the order of the facts.

    ``shadow`` is what the verdict would have been with every shadow rule enforced.
    ``notify`` and ``tag_subject`` are taken from the rules that hit for real, sorted.
    """

    verdict: Verdict
    recipients: tuple[Verdict, ...]
    rules: tuple[RuleHit, ...] = ()
    exempted: tuple[Exempted, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    shadow: Verdict = "accept"
    notify: tuple[str, ...] = ()
    tag_subject: str | None = None
    reply: str | None = None

    def with_reply(self, reply: str | None) -> Decision:
        """The same decision beside the SMTP reply that carried it out."""
        return self if reply is None else structs.replace(self, reply=reply)
