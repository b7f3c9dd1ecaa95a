"""Official mailboxes that a provider fetches: logins from the provider's own networks (M3).

The networks stand in networks.yaml; an operator may add a file of the same form. UsageError for a file that is none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path

import yaml

from ...errors import UsageError, first_line
from ..logins import Login


@dataclass(frozen=True, slots=True)
class Fetched:
    """``user`` as the log has it, the provider's family, by which protocols, how often, when last and from where."""

    user: str
    family: str
    protocols: tuple[str, ...]
    count: int
    last: datetime
    remote: str


class Networks:
    """Whose network an address is in."""

    def __init__(self, ranges: Iterable[tuple[IPv4Network | IPv6Network, str]]) -> None:
        found = sorted((one.version, int(one[0]), int(one[-1]), family) for one, family in ranges)
        self._ranges = found
        self._starts = [(version, first) for version, first, _, _ in found]

    def family(self, address: IPv4Address | IPv6Address) -> str | None:
        """The family, or None for an address of anybody else."""
        number = int(address)
        place = bisect_right(self._starts, (address.version, number)) - 1
        # Ranges may lie in each other, so one that begins earlier may still hold the address.
        for version, _, last, family in reversed(self._ranges[: place + 1]):
            if version == address.version and number <= last:
                return family
        return None


def load(more: Path | None = None) -> Networks:
    """The networks that are known here, and those of a file."""
    text = resources.files(__package__).joinpath("networks.yaml").read_text("utf-8")
    ranges = list(_ranges(text, "networks.yaml"))
    if more is not None:
        try:
            ranges += _ranges(more.read_text("utf-8"), str(more))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{more}: cannot be read: {error}") from None
    return Networks(ranges)


def fetched(logins: Iterable[Login], networks: Networks) -> list[Fetched]:
    """One line for each mailbox and provider, by mailbox."""
    found: dict[tuple[str, str], Fetched] = {}
    for one in logins:
        family = networks.family(one.remote) if one.remote is not None else None
        if family is None:
            continue
        key = one.user.lower(), family
        before = found.get(key)
        if before is None:
            found[key] = Fetched(one.user, family, (one.protocol,), 1, one.time, str(one.remote))
            continue
        newer = one.time >= before.last
        found[key] = Fetched(
            before.user,
            family,
            tuple(sorted({*before.protocols, one.protocol})),
            before.count + 1,
            one.time if newer else before.last,
            str(one.remote) if newer else before.remote,
        )
    return [found[key] for key in sorted(found)]


def _ranges(text: str, name: str) -> list[tuple[IPv4Network | IPv6Network, str]]:
    try:
        content = yaml.safe_load(text)
        families = content["networks"]
        return [(ip_network(one), str(family)) for family, ranges in families.items() for one in ranges]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        problem = first_line(error)
        raise UsageError(f"{name}: write networks: {{family: [192.0.2.0/24]}}: {problem}") from None
