"""What the steward has to know of the policy in force: how to name a rule to people, and when exceptions end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..policy.model import Policy

Description = tuple[str, str, Sequence[str]]


def describer(policy: Policy) -> Callable[[str], Description]:
    """Rule id to its titles (Vietnamese, English) and its bases as people quote them."""

    def describe(rule_id: str) -> Description:
        bases = [f"{basis.number}, {basis.clause} ({basis.issuer})" for basis in policy.bases(rule_id)]
        return policy.title(rule_id, "vi"), policy.title(rule_id, "en"), bases

    return describe


def expiries(policy: Policy, zone: ZoneInfo) -> list[tuple[tuple[str, str], float]]:
    """Rule and exception, and the second (since 1970) in which the exception's last day is over."""
    return [
        ((rule.id, lifter.id), datetime.combine(lifter.expires + timedelta(days=1), time(), zone).timestamp())
        for rule in policy.rules
        for lifter in rule.lifters
    ]
