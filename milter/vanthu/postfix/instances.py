"""The Postfix instances of this host whose mail passes us: the one that the settings name, and those that it knows
(postmulti(1): ``multi_instance_directories``) and that are enabled. Raises PostfixError where one cannot be asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .instance import Instance

FIRST = "-"  # what postmulti(1) calls the instance without a name
_ASKED = ("myhostname", "multi_instance_name", "multi_instance_enable", "multi_instance_directories")


@dataclass(frozen=True, slots=True)
class Known:
    """One instance. ``host`` is what it calls itself to milters (macro ``j``, its $myhostname). ``beside`` is
    true of one that the first knows: whoever frees its mail has to be told its name."""

    instance: Instance
    name: str
    host: str
    beside: bool = False


def known(folder: Path | None) -> list[Known]:
    """The instance of a configuration folder (None: the installed one), then the enabled ones beside it."""
    first, values = _ask(Instance(folder))
    found = [first]
    for place in places(values):
        other, its = _ask(Instance(place), beside=True)
        if its.get("multi_instance_enable") == "yes":
            found.append(other)
    return found


def places(values: Mapping[str, str]) -> list[Path]:
    """The configuration folders of the instances that the one with these parameters knows, enabled or not."""
    return [Path(place) for place in values.get("multi_instance_directories", "").replace(",", " ").split()]


def only(folder: Path) -> list[Known]:
    """The instance of a configuration folder, and none beside it."""
    return [_ask(Instance(folder))[0]]


def _ask(instance: Instance, *, beside: bool = False) -> tuple[Known, Mapping[str, str]]:
    lines = instance.ask("postconf", "-x", *_ASKED).output.splitlines()
    values = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    name = values.get("multi_instance_name") or (str(instance.folder) if beside else FIRST)
    return Known(instance, name, values.get("myhostname", ""), beside), values
