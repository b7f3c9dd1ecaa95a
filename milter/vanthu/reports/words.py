"""Vietnamese words and numbers of the report: texts from words.yaml, numbers as 1.234 and 56,7%."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from .figures import Figures
from .months import Month
from .report import Action, Report


@cache
def words() -> Mapping[str, Any]:
    """All texts, as in words.yaml."""
    found: Mapping[str, Any] = yaml.safe_load(resources.files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return found


def number(value: float) -> str:
    """``1234`` as ``1.234``."""
    return f"{value:,.0f}".replace(",", ".")


def decimal(value: float) -> str:
    """``1234.5`` as ``1.234,5``."""
    return f"{value:,.1f}".translate(str.maketrans(",.", ".,"))


def percent(value: float | None) -> str:
    """``0.567`` as ``56,7%``; a dash where there was nothing to share."""
    return words()["none"] if value is None else f"{value * 100:.1f}%".replace(".", ",").replace(",0%", "%")


def change(now: float | None, before: float | None) -> str:
    """How a number changed, with its sign: ``+12``; shares in percentage points; a dash where one is missing."""
    if now is None or before is None:
        return str(words()["none"])
    sign = "+" if now > before else "−" if now < before else "±"
    return sign + _apart(now, before)


def moved(now: float | None, before: float | None) -> str:
    """The same in words: ``tăng 12``, ``giảm 1,5 điểm %``."""
    texts = words()["moved"]
    if now is None or before is None:
        return str(texts["unknown"])
    key = "up" if now > before else "down" if now < before else "same"
    return str(texts[key].format(value=_apart(now, before)))


def _apart(now: float, before: float) -> str:
    """By how much two numbers differ; shares in percentage points."""
    if isinstance(now, float) or isinstance(before, float):
        return f"{abs(now - before) * 100:.1f} điểm %".replace(".", ",").replace(",0 ", " ")
    return number(abs(now - before))


def compared(figures: Figures, name: str) -> float | None:
    """A figure of another month to compare with; None where no mail was seen in that month."""
    seen = figures.sent + figures.internal + figures.received
    value: float | None = getattr(figures, name)
    return value if seen else None


def day(value: date) -> str:
    """As Vietnamese write it."""
    return f"{value:%d/%m/%Y}"


def month_name(report: Report) -> str:
    """``tháng 01 năm 2026``, of a year ``năm 2026``; January and February have a 0 (Decree 30, annex I)."""
    if report.yearly:
        return str(words()["year"].format(year=report.month))
    month = Month.parse(report.month)
    shown = f"{month.number:02}" if month.number <= 2 else str(month.number)
    return str(words()["month"].format(number=shown, year=month.year))


def short_month(month: str) -> str:
    """``2026-10`` as ``10/2026``."""
    year, _, number = month.partition("-")
    return f"{number}/{year}"


def coverage(report: Report) -> str:
    """From when to when it counts."""
    first, last = (
        (Month(int(report.month), 1), Month(int(report.month), 12))
        if report.yearly
        else ((Month.parse(report.month),) * 2)
    )
    local = report.made.astimezone(ZoneInfo(report.timezone))
    text = words()["complete" if report.complete else "partial_year" if report.yearly else "partial"]
    return str(text.format(first=day(first.first), last=day(last.last), made=f"{local:%H:%M} {day(local.date())}"))


def made(report: Report) -> str:
    """When it was made."""
    local = report.made.astimezone(ZoneInfo(report.timezone))
    shown = f"{local:%H:%M} {day(local.date())}"
    text = words()["made_year" if report.yearly else "made"]
    return str(text.format(made=shown, timezone=report.timezone, working_days=number(report.working_days)))


def reasons(action: Action) -> list[str]:
    """Why an agency needs to act."""
    texts = words()["reasons"]
    return [texts[key].format(value=number(value), percent=percent(value)) for key, value in action.reasons]


def blind(report: Report) -> list[str]:
    """What the filter cannot see."""
    unread = number(sum(count for _, count in report.unread_reasons))
    return [text.format(unread=unread, withheld=number(report.withheld)) for text in words()["blind"]]


def notes(report: Report) -> list[str]:
    """What went wrong in the filter itself, or was switched off."""
    texts = words()["notes"]
    found = [texts["relaxed"].format(hours=decimal(report.relaxed_hours))] if report.relaxed_hours else []
    found += [texts["stopped"].format(hours=decimal(report.stopped_hours))] if report.stopped_hours else []
    found += [texts["failures"].format(count=number(report.failures))] if report.failures else []
    return [*found, texts["rolled_up"]] if report.rolled_up else found


def headlines(report: Report) -> list[tuple[str, str, str, str, str]]:
    """The five figures: title, value, explanation, change to the month before, and to the same month last year."""
    now, before, year = report.total.now, report.total.before, report.total.year_ago
    titles, texts = words()["headlines"], words()["explained"]
    explained = {
        "used": texts["used"].format(used=number(now.used), issued=number(now.issued), days=report.days_required),
        "documents": texts["documents"].format(
            sent=number(now.documents_sent), internal=number(now.documents_internal), signed=percent(now.signed_share)
        ),
        "official": texts["official"],
        "stopped": texts["stopped"].format(
            challenged=number(now.challenged), stripped=number(now.stripped), held=number(now.held),
            refused=number(now.refused),
        ),
        "automatic": texts["automatic"].format(
            by_hand=number(now.forwards_by_hand), public=number(now.forwards_public)
        ),
    }  # fmt: skip
    values: dict[str, tuple[float | None, float | None, float | None]] = {
        key: (getattr(now, name), compared(before, name), compared(year, name))
        for key, name in (
            ("used", "used_share"),
            ("documents", "documents_own"),
            ("official", "official_share"),
            ("stopped", "stopped"),
            ("automatic", "forwards_automatic"),
        )
    }
    return [
        (
            titles[key],
            percent(one) if key in ("used", "official") else number(one or 0),
            explained[key],
            change(one, last),
            change(one, ago),
        )
        for key, (one, last, ago) in values.items()
    ]
