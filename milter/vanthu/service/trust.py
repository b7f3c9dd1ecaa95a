"""Which clients speak for us without a login: settings ``own.trusted_networks``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address


class Networks:
    """A set of networks; look-ups of the few addresses that really connect are remembered."""

    def __init__(self, networks: Iterable[IPv4Network | IPv6Network]) -> None:
        self._networks = tuple(networks)
        self._hold = lru_cache(maxsize=4096)(self._look)

    def hold(self, address: str | None) -> bool:
        """Whether the address lies in one of the networks; None and what is no address lie nowhere."""
        return address is not None and self._hold(address)

    def _look(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(parsed, "ipv4_mapped", None)
        return any((mapped or parsed) in network for network in self._networks)
