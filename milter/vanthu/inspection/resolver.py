"""One question to DNS: the mail exchangers of a domain, as an answer that is a value (sole importer of dnspython).

dnspython binds an answer to its question (random port and identifier; what does not fit is not listened to), asks
again over TCP what did not fit into UDP, and turns to the next resolver where one fails. Everything else that a
packet may do is caught here. Never raises.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

from ..answers import Absent, Answer, Known, Unavailable
from ..settings.model import endpoint

Hosts = Answer[tuple[str, ...]]

TIMEOUT = Unavailable("dns_timeout")
ERROR = Unavailable("dns_error")
ABSENT = Absent()

_FAILED = 60.0  # seconds that a failure is kept (RFC 2308 §7 allows 300)
_SHORTEST, _LONGEST, _LONGEST_ABSENT = 60.0, 86_400.0, 3600.0  # bounds of a TTL
_MOST_HOSTS = 16
_PAUSE = 0.15  # seconds by which dnspython may come too late: it pauses before it looks at the clock


class Resolver:
    """One or more recursive resolvers; safe between threads."""

    def __init__(self, inner: dns.resolver.Resolver) -> None:
        self._inner = inner

    def exchangers(self, domain: str, seconds: float) -> tuple[Hosts, float]:
        """The hosts of the MX records, the preferred one first, and for how many seconds that may be kept."""
        try:
            name = dns.name.from_text(domain, dns.name.root)
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return ABSENT, _LONGEST_ABSENT  # no name that DNS could hold
        try:
            found = self._inner.resolve(
                name, dns.rdatatype.MX, lifetime=seconds - _PAUSE, search=False, raise_on_no_answer=False
            )
        except Exception as error:  # whatever a packet from outside makes a parser raise, too
            return _failure(error)
        if found.rrset is None:
            return ABSENT, _bounded(found.expiration - time.time(), _LONGEST_ABSENT)
        # RFC 5321 §5.1: lower preferences first; RFC 7505: the host "." says that there is no mail.
        records = sorted(found.rrset, key=lambda record: (record.preference, record.exchange))[:_MOST_HOSTS]
        hosts = [record.exchange.to_text(omit_final_dot=True).lower() for record in records]
        hosts = [host for host in hosts if host not in ("", ".", "@")]
        return (Known(tuple(hosts)) if hosts else ABSENT), _bounded(found.rrset.ttl, _LONGEST)

    def is_there(self, seconds: float) -> bool:
        """Whether anybody answers at all: every resolver knows the names of the root servers."""
        try:
            self._inner.resolve(dns.name.root, dns.rdatatype.NS, lifetime=seconds, search=False)
        except dns.resolver.LifetimeTimeout:
            return False
        except dns.resolver.NoNameservers as error:
            return not _unreachable(error)
        except Exception:  # it said something
            return True
        return True


def open_resolver(servers: Sequence[str], seconds: float) -> Resolver | None:
    """The resolvers of the settings, or the system's; None where the system names none."""
    try:
        inner = dns.resolver.Resolver(configure=not servers)
    except (dns.resolver.NoResolverConfiguration, OSError):
        return None
    if servers:
        inner.nameservers = [dns.nameserver.Do53Nameserver(*endpoint(server)) for server in servers]
    if not inner.nameservers:
        return None
    # A lost packet or a resolver that is down leaves time for another try; a slow answer is heard by the first.
    inner.timeout = 0.6 * seconds / len(inner.nameservers)
    inner.nameservers = [*inner.nameservers] * 2  # twice in the list, as dnspython pauses where it begins anew
    inner.cache = None
    return Resolver(inner)


def _failure(error: Exception) -> tuple[Hosts, float]:
    if isinstance(error, dns.resolver.NXDOMAIN):
        return ABSENT, _negative_ttl(error)
    silent = isinstance(error, dns.resolver.LifetimeTimeout)
    if isinstance(error, dns.resolver.NoNameservers):
        silent = _unreachable(error)
    return (TIMEOUT if silent else ERROR), _FAILED


def _unreachable(error: dns.resolver.NoNameservers) -> bool:
    """Whether no resolver said anything at all: nobody listens there, or there is no way to it."""
    return all(isinstance(one[3], OSError) for one in error.kwargs.get("errors") or ())


def _negative_ttl(error: dns.resolver.NXDOMAIN) -> float:
    """How long a domain is known not to be there (RFC 2308 §5), by the answer that says so."""
    for response in error.kwargs["responses"].values():
        try:
            return _bounded(response.resolve_chaining().minimum_ttl, _LONGEST_ABSENT)
        except dns.exception.DNSException:
            continue
    return _SHORTEST


def _bounded(ttl: float, longest: float) -> float:
    return min(max(ttl, _SHORTEST), longest)
