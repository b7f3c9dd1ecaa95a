"""Notices of every kind about mail that never was, to try templates with: what ``vanthu check`` renders. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from . import justifications
from .notice_text import Entry, Kind, digest_values, values

_TIME = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_ID = "01M83EQPEH7Y945MXD0J9F4N8R"


def samples() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Template name to values: every kind and verdict, with and without secrecy, a code, recipients, rules."""
    kinds = [kind for kind in get_args(Kind) if kind != "monthly"]
    verdicts = ("warn", "strip", "challenge", "hold", "reject")
    people = tuple(f"dan{number}@gmail.com" for number in range(25))
    entries = [
        Entry(_ID, _TIME, verdict, "annv@x.gov.vn", people[:count], rules, None if secret else "Họp", secret, code)
        for verdict in verdicts
        for secret in (False, True)
        for count, rules, code in ((25, ("a", "b"), "7F3K2MQ"), (0, (), None))
    ]
    reasons = [
        justifications.Justification(_ID, _TIME, "annv@x.gov.vn", people[:3], more, ("a",), reason)
        for more, reason in ((0, "họp bão"), (5, None))
    ]
    months = [
        justifications.values(justifications.Month("2026-11", slug, entries_), slug, _describe, _ZONE)
        for slug in ("so-y-te", "")
        for entries_ in (reasons, reasons * 101)
    ]
    return {
        "notice": [values(kind, entry, _describe, _ZONE) for kind in kinds for entry in entries],
        "digest": [digest_values(kind, entries, _describe, _ZONE) for kind in kinds],
        "monthly": months,
    }


def _describe(rule: str) -> tuple[str, str, tuple[str, ...]]:
    return f"Quy định {rule}", f"Rule {rule}", ("4504/UBND-CBTH, khoản 1",) if rule == "a" else ()
