"""What other processes have to know: the steward, how to name a rule to people and when exceptions end; the broker,
how documents are to be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..directory.model import Register
from ..documents.broker_plan import Plan
from ..documents.model import DocumentLimits
from ..policy.model import Policy
from ..settings.model import Settings

Description = tuple[str, str, Sequence[str]]
_TALLEST = 8  # offices one above the other


def describer(policy: Policy) -> Callable[[str], Description]:
    """Rule id to its titles (Vietnamese, English) and its bases as people quote them."""

    def describe(rule_id: str) -> Description:
        bases = [f"{basis.number}, {basis.clause} ({basis.issuer})" for basis in policy.bases(rule_id)]
        return policy.title(rule_id, "vi"), policy.title(rule_id, "en"), bases

    return describe


def offices(register: Register) -> Callable[[str], tuple[str, Sequence[str]]]:
    """Slug of an agency to its name and contacts: its own, else those of the nearest office above that has some."""

    def office(slug: str) -> tuple[str, Sequence[str]]:
        own = above = register.agencies.get(slug)
        for _ in range(_TALLEST):
            if above is None or above.contacts:
                break
            above = register.agencies.get(above.parent or "")
        return (own.name if own else slug), (above.contacts if above else ())

    return office


def reading(settings: Settings, limits: DocumentLimits) -> Plan:
    """How documents are to be read. Libraries are given an empty folder, in which nothing can be written."""
    documents = settings.documents
    home = settings.state.path / "readers"
    return Plan(limits, home, documents.children, documents.cache_bytes, documents.queue_bytes)


def expiries(policy: Policy, zone: ZoneInfo) -> list[tuple[tuple[str, str], float]]:
    """Rule and exception, and the second (since 1970) in which the exception's last day is over."""
    return [
        ((rule.id, lifter.id), datetime.combine(lifter.expires + timedelta(days=1), time(), zone).timestamp())
        for rule in policy.rules
        for lifter in rule.lifters
    ]
