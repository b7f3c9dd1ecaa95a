"""A mail on its second hop: what the hop before said of it, and what remains to be judged here.

The header of the hop before (``ticket.py``) is believed only of mail that came by a host of ours: from a mail client
or from outside it is a copy or a forgery. At egress a ticket that fits the mail brings back who sent it, and only
recipients that the hop before did not see are judged. Elsewhere (a Sieve redirect comes back by the sendmail
command) it only says that this mail was counted before. If the content was changed since (a disclaimer), but not the
Message-ID, all recipients are judged anew; who sent it and that it was counted still holds.

| result | meaning |
|---|---|
| valid | signed by us, in time, and about this very mail |
| unbound | signed by us and in time, but the content or the Message-ID is another |
| expired | signed by us, older than ``egress.days`` |
| forged | not signed by us |
| replayed | signed by us, but brought by a mail client or from outside |

Every such header leaves the mail here, whatever it is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes

from msgspec import structs

from ..facts.model import Challenge, Facts, Hop
from ..mail.envelope import Envelope
from ..mail.transaction import Transaction
from ..policy.decision import SEVERITY, Decision, RuleHit, Verdict
from ..policy.model import Policy
from .answer import Answer, HeaderEdit
from .ticket import MOST_READ, NAME, Ticket, content, read, recipient_hash, write

_OWN_WAYS = ("trusted", "pickup")
_NAME = NAME.lower().encode()
_STRIP, _CHALLENGE = SEVERITY["strip"], SEVERITY["challenge"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """``result`` None: no header. ``seen`` are indexes of recipients that were judged at the hop before."""

    result: str | None = None
    ticket: Ticket | None = None
    seen: frozenset[int] = frozenset()

    @property
    def is_notice(self) -> bool:
        """Whether this is a notice of ours, signed by the steward: wherever its mailbox is forwarded, it may go."""
        return self.result == "valid" and self.ticket is not None and self.ticket.notice

    def left(self, envelope: Envelope) -> Envelope:
        """The envelope as it is to be judged: by whom it was really sent, without the recipients that were seen."""
        if self.ticket is None or envelope.hop != "egress":
            return envelope
        ticket = self.ticket
        left = tuple(one for index, one in enumerate(envelope.recipients) if index not in self.seen)
        return replace(envelope, origin=ticket.origin, login=ticket.login, recipients=left)

    def completed(self, facts: Facts) -> Facts:
        """The facts beside what the hop before knew."""
        if self.ticket is None or (self.ticket.notice and facts.hop.name != "egress"):
            return facts  # a notice of ours comes with a ticket to its first hop, and has no record yet
        hop = Hop(name=facts.hop.name, parent=self.ticket.record)
        if facts.hop.name != "egress" or not self.ticket.lifted:
            return structs.replace(facts, hop=hop)
        return structs.replace(facts, hop=hop, challenge=Challenge(status="valid", rules=self.ticket.lifted))

    def indexes(self, answer: Answer, count: int) -> Answer:
        """The answer with the recipients to strip counted among all of the mail's."""
        if not self.seen or not answer.strip:
            return answer
        left = [index for index in range(count) if index not in self.seen]
        return replace(answer, strip=tuple(left[index] for index in answer.strip))


def arrive(transaction: Transaction, envelope: Envelope, raw: bytes, keys: Sequence[bytes], days: int) -> Arrival:
    """What the headers of an earlier hop say of a mail that arrives."""
    found = [value for name, value in transaction.fields if name.lower() == _NAME][:MOST_READ]
    best = Arrival()
    for value in found:
        result, ticket, key = read(value, keys, envelope.time, days)
        if ticket is None:
            best = best if best.result else Arrival(result)
            continue
        if envelope.origin not in _OWN_WAYS:
            return Arrival("replayed")
        same_id = ticket.message_id == _message_id(transaction)
        # A mail that had no Message-ID got one from Postfix meanwhile.
        if ticket.content != content(transaction.fields, raw) or not (same_id or ticket.message_id is None):
            best = Arrival("unbound", ticket if same_id and ticket.message_id else None)
            continue
        seen: frozenset[int] = frozenset()
        if envelope.hop == "egress":
            recipients = enumerate(envelope.recipients)
            seen = frozenset(i for i, one in recipients if ticket.notice or ticket.saw(one.address, key))
        return Arrival("valid", ticket, seen)
    return best


def issued(
    answer: Answer, record_id: str, envelope: Envelope, facts: Facts, transaction: Transaction, raw: bytes,
    key: bytes, notice: bool,
) -> HeaderEdit:  # fmt: skip
    """The header for the next hop. Recipients that were stripped here did not pass."""
    passed = [one.address for index, one in enumerate(envelope.recipients) if index not in answer.strip]
    given = facts.challenge
    ticket = Ticket(
        record=record_id,
        time=int(envelope.time.timestamp()),
        origin=envelope.origin,
        sender=envelope.sender,
        login=envelope.login,
        message_id=_message_id(transaction),
        content=content(transaction.fields, raw),
        passed=tuple(recipient_hash(address, key) for address in passed),
        lifted=given.rules if given.status == "valid" else (),
        notice=notice,
    )
    return HeaderEdit(NAME, 0, write(ticket, key))


def stamped(mail: bytes, key: bytes, now: float) -> bytes:
    """A notice of ours with the header that lets it pass every hop, wherever its mailbox is forwarded."""
    head = message_from_bytes(mail)
    fields = [(name.encode(), str(value).encode("utf-8", "replace")) for name, value in head.raw_items()]
    message_id = str(head["Message-ID"]).strip() if head["Message-ID"] else None
    ticket = Ticket(
        record="", time=int(now), origin="trusted", message_id=message_id, content=content(fields, mail),
        notice=True,
    )  # fmt: skip
    return f"{NAME}: {write(ticket, key)}\n".replace("\n", "\r\n").encode("ascii") + mail


def settled(decision: Decision, policy: Policy, arrival: Arrival) -> Decision:
    """What a decision becomes at egress, where a refusal would reach the outside sender as a bounce of the hop before
    and tell him of an official's private mailbox.

    Challenge and reject become hold. A transaction that also carries recipients who passed the hop before is not held
    for the sake of others: those hit are taken out, unless a rule is for the whole mail.
    """
    if SEVERITY[decision.verdict] < _CHALLENGE:
        return decision
    real = [hit for hit in decision.rules if hit.mode != "shadow"]
    whole = any(policy.by_id[hit.id].whole and SEVERITY[hit.action] >= _CHALLENGE for hit in real)
    struck = {index for hit in real if SEVERITY[hit.action] >= _STRIP for index in hit.recipients}
    if not arrival.seen or whole or not struck:
        held: Verdict = "hold"
        return structs.replace(decision, verdict=held, recipients=(held,) * len(decision.recipients))
    stripped: Verdict = "strip"
    others = [_harshest(real, index) for index in range(len(decision.recipients))]
    each = tuple(stripped if index in struck else verdict for index, verdict in enumerate(others))
    return structs.replace(decision, verdict=stripped, recipients=each)


def _harshest(hits: Sequence[RuleHit], index: int) -> Verdict:
    accepted: Verdict = "accept"
    actions: list[Verdict] = [hit.action for hit in hits if index in hit.recipients]
    return max(actions, key=SEVERITY.__getitem__, default=accepted)


def _message_id(transaction: Transaction) -> str | None:
    value = next((value for name, value in transaction.fields if name.lower() == b"message-id"), None)
    return None if value is None else value.strip().decode("utf-8", "replace")
