"""Runs every check over every instance, and makes the page of all checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..configuration import Configuration
from ..instance import Instance, PostfixError
from ..instances import places
from . import behaviour, behind, egress, house, sockets, ways_in
from .model import CHECKS, Check, Finding, House, Patient

_ORDER = [module.__name__ for module in (ways_in, behaviour, sockets, behind, egress, house)]
ALL = sorted(CHECKS, key=lambda one: _ORDER.index(one.run.__module__))  # as told, and within a module as written


def examine(vanthu: House, folder: Path | None) -> Iterator[Finding]:
    """Findings of vanthu, then of the instance in ``folder`` (None: the installed one) and of those beside it."""
    for one in ALL:
        if one.of == "vanthu":
            yield from one.findings(vanthu)
    primary = _read(Instance(folder))
    if isinstance(primary, Finding):
        yield primary
        return
    # What postmulti(1) manages; it is not asked itself, because it knows the installed instance only.
    others = [_read(Instance(place)) for place in places(primary.values)]
    enabled = [one for one in others if isinstance(one, Finding) or one.values.get("multi_instance_enable") == "yes"]
    beside = tuple(one for one in enabled if isinstance(one, Configuration))
    yield from _postfix(Patient(primary, vanthu, beside=beside))
    for other in enabled:
        if isinstance(other, Finding):
            yield other
        else:
            yield from _postfix(Patient(other, vanthu, primary=False))


def _postfix(patient: Patient) -> Iterator[Finding]:
    for one in ALL:
        if one.of == "postfix":
            yield from one.findings(patient)


def _read(instance: Instance) -> Configuration | Finding:
    try:
        return Configuration(instance)
    except PostfixError as error:
        why = "Nothing can be said of an instance that cannot be read, and Postfix may not start with it."
        where = str(instance.folder or "/etc/postfix")
        return Finding("unreadable", "error", where, str(error), why, f"postfix -c {where} check")


def page() -> str:
    """The table of all checks in Markdown, for docs/doctor.md."""
    lines = ["| check | level | what is wrong, and why it matters | what mends it |", "|---|---|---|---|"]
    lines += [_row(one) for one in ALL]
    return "\n".join(lines) + "\n"


def _row(one: Check) -> str:
    mend = one.mend.replace("|", "\\|")
    return f"| `{one.name}` | {one.level} | **{one.what}** {one.why} | `{mend}` |"
