"""The enquiry about mail exchangers: who receives mail for a domain that no list names?

All domains of a mail are asked at once, under one deadline; what has been said is kept for its TTL, a domain without
MX for that of its zone, a failure for a minute, and what is used shortly before its end is asked again behind the
scenes. Answers are values: Known(hosts), Absent, Unavailable("dns_timeout" | "dns_error" | "busy"). A domain is asked
once however many mails wait for it; while ``WAITING`` lookups of a worker are under way (half of that for mail that
comes in), a further one is ``busy``.

A resolver that does not answer costs the first mail its deadline and the following ones nothing: a time-out has the
root servers' names asked for behind the scenes, which every resolver knows. Where that fails too the resolver counts
as away and is asked no more until it answers such a question again (tried every half minute when somebody wants to
know). Meanwhile everything is Unavailable("dns_timeout").

Nobody is asked, and nothing is unknown ("MX not asked"), where DNS is switched off, where the system names no
resolver, and where the system's resolver has never answered this process: a host without DNS is no outage.
Resolvers that the settings name are meant: they are never taken for such.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from typing import Final

from ..answers import Known, Unavailable
from .resolver import TIMEOUT, Hosts, open_resolver

WAITING: Final = 16
_MOST_DOMAINS = 64  # of one mail; the rest is ``busy``
_MOST_HOSTS = 16
_AGAIN = 30.0  # seconds between two tries of a resolver that is away
_AHEAD = 0.1  # what is asked for in the last tenth of its time is renewed

_BUSY = Unavailable("busy")


@dataclass(slots=True)
class _Entry:
    """What is kept of a domain."""

    answer: Hosts
    ends: float
    renew: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was said, by domain, and how often what came out (``details.enquiries`` of the record)."""

    answers: Mapping[str, Hosts] = field(default_factory=dict)
    results: Mapping[str, int] = field(default_factory=dict)


NOTHING: Final = Found()


class Asking:
    """The questions of one mail, under way. Call ``found`` once."""

    __slots__ = ("_counts", "_dns", "_known", "_open", "_until")

    def __init__(
        self,
        dns: Dns,
        known: dict[str, Hosts],
        under_way: dict[str, Future[Hosts]],
        counts: Counter[str],
        until: float,
    ) -> None:
        self._dns = dns
        self._known = known
        self._open = under_way
        self._counts = counts
        self._until = until

    def found(self) -> Found:
        """Waits until everything is answered, or the deadline has come."""
        if self._open:
            wait_for(self._open.values(), max(0.0, self._until - time.monotonic()))
            for domain, future in self._open.items():
                self._take(domain, future.result() if future.done() else TIMEOUT)
        return Found(self._known, dict(self._counts))

    def _take(self, domain: str, answer: Hosts) -> None:
        if answer == TIMEOUT and not self._dns.trusted:
            self._counts["offline"] += 1
            return
        self._known[domain] = answer
        self._counts[_word(answer)] += 1


class Dns:
    """The enquiries of one process; safe between threads. Make it behind the fork: it owns threads."""

    def __init__(
        self, *, enabled: bool = True, servers: Sequence[str] = (), seconds: float = 2.0, cache: int = 50_000
    ) -> None:
        self._seconds = seconds
        self._most = cache
        self._resolver = open_resolver(servers, seconds) if enabled else None
        self._meant = bool(servers)  # the settings name the resolver
        self._heard = False  # it has answered this process
        self._away: float | None = None  # since when it does not answer; None: it does
        self._probing = False
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Entry] = OrderedDict()
        self._under_way: dict[str, Future[Hosts]] = {}
        self._pool = ThreadPoolExecutor(WAITING, "dns")

    def ask(self, domains: Sequence[str], until: float, *, outside: bool = False) -> Asking | None:
        """Starts to ask; ``until`` (monotonic seconds) ends it, and so does the limit of the settings.

        Mail from ``outside`` has only half of the places: whoever sends it from many slow domains takes none away
        from mail that goes out. None where there is nothing to ask, or nobody.
        """
        if not domains or self._resolver is None:
            return None
        known: dict[str, Hosts] = {}
        counts: Counter[str] = Counter()
        missing: list[str] = []
        now = time.monotonic()
        for domain in domains:
            answer = self._recall(domain, now)
            if answer is None:
                missing.append(domain)
            else:
                known[domain] = answer
                counts["cached"] += 1
        open_: dict[str, Future[Hosts]] = {}
        until = min(until, now + self._seconds)
        if missing and self._is_away(now):
            if self.trusted:
                known |= dict.fromkeys(missing, TIMEOUT)
                counts["dns_timeout"] += len(missing)
            else:
                counts["offline"] += len(missing)
        elif missing:
            open_ = self._start(missing, until, WAITING // 2 if outside else WAITING)
            busy = [domain for domain in missing if domain not in open_]
            known |= dict.fromkeys(busy, _BUSY)
            counts["busy"] += len(busy)
        return Asking(self, known, open_, +counts, until) if known or open_ or counts else None

    @property
    def trusted(self) -> bool:
        """Whether silence means trouble: there is, or was, or should be somebody who answers."""
        return self._heard or self._meant

    # What is kept.

    def _recall(self, domain: str, now: float) -> Hosts | None:
        with self._lock:
            entry = self._kept.get(domain)
            if entry is None or entry.ends <= now:
                return None
            self._kept.move_to_end(domain)
            if now < entry.renew or self._away is not None or len(self._under_way) >= WAITING:
                return entry.answer
            entry.renew = entry.ends  # once
        self._begin(domain, now + self._seconds)
        return entry.answer

    def _keep(self, domain: str, answer: Hosts, ttl: float) -> None:
        now = time.monotonic()
        with self._lock:
            before = self._kept.get(domain)
            if isinstance(answer, Unavailable) and before is not None and before.ends > now:
                return  # it was to be renewed, and what is known is still good
            renew = now + ttl * (1 - _AHEAD)
            self._kept[domain] = _Entry(answer, now + ttl, renew if isinstance(answer, Known) else now + ttl)
            self._kept.move_to_end(domain)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    # What is asked.

    def _start(self, domains: Sequence[str], until: float, places: int) -> dict[str, Future[Hosts]]:
        """Asks for what is not under way already, unless too much is."""
        with self._lock:
            found = {domain: self._under_way[domain] for domain in domains if domain in self._under_way}
            full = len(self._under_way) >= places
        if not full:
            found |= {domain: self._begin(domain, until) for domain in domains[:_MOST_DOMAINS] if domain not in found}
        return found

    def _begin(self, domain: str, until: float) -> Future[Hosts]:
        with self._lock:
            future = self._under_way.get(domain)
            if future is None:
                future = self._under_way[domain] = self._pool.submit(self._answer, domain, until)
            return future

    def _answer(self, domain: str, until: float) -> Hosts:
        """One domain, in a thread of the pool."""
        assert self._resolver is not None
        try:
            left = until - time.monotonic()
            if left <= 0:
                return TIMEOUT  # its turn came too late; that says nothing about the domain
            answer, ttl = self._resolver.exchangers(domain, left)
            if answer == TIMEOUT:
                self._doubt()
            else:
                self._heard, self._away = True, None
            if self.trusted:
                self._keep(domain, answer, ttl)
            return answer
        finally:
            with self._lock:
                self._under_way.pop(domain, None)

    # Whether the resolver is there.

    def _is_away(self, now: float) -> bool:
        if self._away is None:
            return False
        if now - self._away >= _AGAIN:
            self._doubt()
        return True

    def _doubt(self) -> None:
        """Has the resolver asked for the root servers, unless that is under way."""
        with self._lock:
            if self._probing:
                return
            self._probing = True
        threading.Thread(target=self._probe, name="dns-probe", daemon=True).start()  # not behind what waits

    def _probe(self) -> None:
        if self._away is not None and not self._meant:
            self._resolver = open_resolver((), self._seconds) or self._resolver  # it may have another address now
        assert self._resolver is not None
        there = self._resolver.is_there(self._seconds)
        self._heard = self._heard or there
        self._away = None if there else time.monotonic()
        self._probing = False


def _word(answer: Hosts) -> str:
    return answer.reason if isinstance(answer, Unavailable) else "known" if isinstance(answer, Known) else "absent"
