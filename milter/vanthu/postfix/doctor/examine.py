"""Runs every check over every instance, and makes the page of all checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..configuration import Configuration
from ..instance import Instance, PostfixError
from . import behaviour, behind, house, sockets, ways_in
from .model import CHECKS, Check, Finding, House, Patient

_ORDER = [module.__name__ for module in (ways_in, behaviour, sockets, behind, house)]
ALL = sorted(CHECKS, key=lambda one: _ORDER.index(one.run.__module__))  # as told, and within a module as written
_ENABLED = "y"


def examine(vanthu: House, folder: Path | None) -> Iterator[Finding]:
    """Findings of vanthu, then of the instance in ``folder``, or of the installed one and those of postmulti."""
    for one in ALL:
        if one.of == "vanthu":
            yield from one.findings(vanthu)
    for number, instance in enumerate(_instances(folder)):
        try:
            configuration = Configuration(instance)
        except PostfixError as error:
            yield _unreadable(instance, error)
            continue
        patient = Patient(configuration, vanthu, primary=number == 0)
        for one in ALL:
            if one.of == "postfix":
                yield from one.findings(patient)


def page() -> str:
    """The table of all checks in Markdown, for docs/doctor.md."""
    lines = ["| check | level | what is wrong, and why it matters | what mends it |", "|---|---|---|---|"]
    lines += [_row(one) for one in ALL]
    return "\n".join(lines) + "\n"


def _row(one: Check) -> str:
    mend = one.mend.replace("|", "\\|")
    return f"| `{one.name}` | {one.level} | **{one.what}** {one.why} | `{mend}` |"


def _instances(folder: Path | None) -> Iterator[Instance]:
    """postmulti(1) lists name, group, whether it is enabled, and the folder; the installed one comes first."""
    if folder is not None:
        yield Instance(folder)
        return
    yield Instance()
    try:
        lines = Instance().ask("postmulti", "-l").output.splitlines()
    except PostfixError:
        return
    for words in map(str.split, lines[1:]):
        if len(words) == 4 and words[2] == _ENABLED:
            yield Instance(Path(words[3]))


def _unreadable(instance: Instance, error: PostfixError) -> Finding:
    where = str(instance.folder or "/etc/postfix")
    why = "Nothing can be said of it, and Postfix will not start with it."
    return Finding("unreadable", "error", where, str(error), why, "postfix check")
