"""Who hears of a decision. Pure.

Nobody is told who should not be (RFC 3834). Never the null sender, so never an answer to a notice; a sender only if
authenticated or registered and on our own hosts; never an address outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..facts.model import Facts
from ..policy.decision import Decision, RuleHit
from ..settings.model import Notices as NoticeSettings
from .counting import is_held
from .notice_text import Kind, real_hits

_OURS = ("submission", "pickup", "trusted")

Offices = Callable[[str], tuple[str, Sequence[str]]]
"""Slug of an agency to its name and the contacts that are told of its mail: its own, or those of the office above."""


def targets(
    facts: Facts, decision: Decision, settings: NoticeSettings, offices: Offices
) -> Iterator[tuple[Kind, str]]:  # fmt: skip
    """Who hears of a decision, as kind and address; of an agency without contacts the security team."""
    hits = real_hits(decision)
    if not hits or not facts.sender.address:
        return
    told = any(hit.action in ("warn", "strip") for hit in hits) or "sender" in decision.notify
    if decision.verdict == "challenge" and is_held(decision):
        told = True  # a challenge is for the sender to answer; held without a word, he would wait for ever
    sender = _sender(facts)
    if told and sender is not None:
        yield "sender", sender
    if "forwarder" in decision.notify and facts.forward.by and facts.forward.agency:
        yield "forwarder", facts.forward.by
    contacts = [address for slug in _agencies(facts, hits) for address in offices(slug)[1]]
    if "agency" in decision.notify:
        yield from (("agency", address) for address in contacts)
    if "security" in decision.notify or ("agency" in decision.notify and not contacts):
        yield from (("security", address) for address in settings.security)


def _agencies(facts: Facts, hits: list[RuleHit]) -> list[str]:
    """Whose mail it is, as ``rollout`` has it: the forwarder's; of inbound mail the hit recipients'; the sender's."""
    if facts.forward.kind == "automatic":
        found = [facts.forward.agency]
    elif facts.direction == "inbound":
        touched = {index for hit in hits for index in hit.recipients if index < len(facts.recipients)}
        found = [facts.recipients[index].agency for index in sorted(touched)]
    else:
        found = [facts.sender.agency]
    return list(dict.fromkeys(slug for slug in found if slug))


def _sender(facts: Facts) -> str | None:
    sender = facts.sender
    if facts.forward.kind == "automatic" or not (sender.registered or sender.class_ == "official"):
        return None
    if facts.login is None:
        return sender.address if facts.origin in _OURS and sender.registered else None
    if sender.matches_login is False:
        # Sent under another's name: whoever logged in is told, if that is a mailbox of the same house.
        _, at, domain = facts.login.rpartition("@")
        return facts.login if at and sender.address.lower().endswith("@" + domain.lower()) else None
    return sender.address
