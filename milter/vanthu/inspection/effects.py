"""From Decision to Answer: what Postfix has to do with the mail so that the decision comes true.

Headers are edited only where the contract allows: forged ``X-Vanthu`` fields leave any mail; our own field and a
subject tag are put only on mail of our own origin (before DKIM signing; a foreign signature stays valid).
"""

from __future__ import annotations

from collections.abc import Sequence
from email.header import Header

from ..facts.model import Facts
from ..mail.message import Message
from ..policy import challenge
from ..policy.decision import Decision
from ..policy.model import Policy
from .answer import Answer, HeaderEdit, Reply
from .reply import refusal, request

HEADER = "X-Vanthu"
_OURS = ("outbound", "internal")


def carry_out(
    decision: Decision, facts: Facts, message: Message, policy: Policy, record_id: str, keys: Sequence[bytes] = ()
) -> Answer:
    """The answer for one decided mail. ``keys`` sign challenge codes; without them a challenge becomes a hold."""
    if decision.verdict == "reject":
        return Answer("reject", refusal(decision, policy, record_id), record_id=record_id)
    if decision.verdict == "challenge" and keys and _can_answer(facts):
        return Answer("reject", _challenge(decision, facts, policy, record_id, keys[0]), record_id=record_id)
    names = [field.name for field in message.fields]
    edits = forged(names) + _untagged(decision, facts, message)
    if decision.verdict in ("hold", "challenge"):
        return Answer("accept", None, edits, (), _hold_reason(decision, record_id), record_id)
    strip = tuple(index for index, verdict in enumerate(decision.recipients) if verdict == "strip")
    edits += _own_edits(decision, facts, message, strip, record_id)
    return Answer("accept", None, edits, strip, None, record_id)


def _can_answer(facts: Facts) -> bool:
    """Only who has logged in: anybody else could neither be told a code nor be known again."""
    return facts.login is not None and facts.origin == "submission"


def _challenge(decision: Decision, facts: Facts, policy: Policy, record_id: str, key: bytes) -> Reply:
    day = policy.calendar.day(facts.time)
    code = challenge.issue(key, facts.login or "", challenge.asked_by(decision), challenge.challengers(policy), day)
    return request(decision, policy, code, facts.challenge, record_id)


def _untagged(decision: Decision, facts: Facts, message: Message) -> tuple[HeaderEdit, ...]:
    """A good code and its reason leave the subject, whatever else becomes of the mail."""
    tag = challenge.find(message.subject or "") if facts.challenge.status == "valid" else None
    if tag is None or (decision.tag_subject and decision.verdict not in ("hold", "challenge")):
        return ()
    return (_subject(challenge.without(message.subject or "", tag), present=True),)


def forged(names: Sequence[str], keep: str | None = None) -> tuple[HeaderEdit, ...]:
    """Deletes every ``X-Vanthu`` and ``X-Vanthu-*`` that came with the mail, but for ``keep`` (in lower case).

    Highest index first, since Postfix counts anew after each deletion.
    """
    counts: dict[str, int] = {}
    found: list[HeaderEdit] = []
    for name in names:
        lower = name.lower()
        if (lower == "x-vanthu" or lower.startswith("x-vanthu-")) and lower != keep:
            counts[lower] = counts.get(lower, 0) + 1
            found.append(HeaderEdit(name, counts[lower], None))
    return tuple(reversed(found))


def _own_edits(
    decision: Decision, facts: Facts, message: Message, strip: tuple[int, ...], record_id: str
) -> tuple[HeaderEdit, ...]:
    if facts.direction not in _OURS:
        return ()
    edits: list[HeaderEdit] = []
    if decision.tag_subject:
        kept = facts.subject if facts.challenge.status == "valid" else message.subject
        edits.append(_subject(f"{decision.tag_subject} {kept or ''}", present=message.subject is not None))
    remaining = [one for index, one in enumerate(facts.recipients) if index not in strip]
    if all(one.class_ == "official" for one in remaining):
        edits.append(HeaderEdit(HEADER, 0, f"{decision.verdict}; id={record_id}"))
    return tuple(edits)


def _subject(text: str, *, present: bool) -> HeaderEdit:
    """RFC 2047 for what is not ASCII; no line may be smuggled in by what the mail says."""
    value = " ".join(text.split())
    encoded = value if value.isascii() else Header(value, "utf-8", header_name="Subject").encode()
    return HeaderEdit("Subject", 1 if present else 0, encoded)


def _hold_reason(decision: Decision, record_id: str) -> str:
    """Postfix logs the reason and cuts it at 100 bytes."""
    rules = [
        hit.id for hit in decision.rules if hit.mode != "shadow" and hit.action in ("hold", "challenge", "reject")
    ]
    return f"vanthu {record_id} {','.join(rules)}"[:100]
