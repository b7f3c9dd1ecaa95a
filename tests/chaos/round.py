"""One round: load, strikes, healing, and the accountant."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from support.accountant import findings
from support.books import differences
from support.ledger import Books, Promise, Written
from support.load import Load, Try
from support.waiting import wait_until

from .house import House
from .leaks import holdings, leaks
from .plan import SECONDS, Strike, plan
from .strikes import Strikes
from .traffic import Traffic

_RATE = 35.0
_SENDERS = 8
_PATIENCE = 180.0  # seconds after the healing in which every mail must have an answer for good
_KINDS = ("message", "failure")


@dataclass(slots=True)
class Account:
    """The books of a house, over all its rounds."""

    promises: dict[str, Promise] = field(default_factory=dict)
    tries: list[Try] = field(default_factory=list)
    surplus: int = 0  # records of mails that were written down, and whose clients were then told to come again


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a round went. ``wrong`` is empty when its books are clean."""

    seed: int
    events: list[str]
    mails: int
    deferred: int
    surplus: int
    wrong: list[str]
    store: str
    seconds: float

    def line(self) -> str:
        """All in one line."""
        return (
            f"seed {self.seed} {self.store}: {self.mails} mails, {self.deferred} tries deferred"
            f" ({self.surplus} with a record),"
            f" {self.seconds:.0f} s: {'NOT CLEAN' if self.wrong else 'clean'}"
        )


class Round:
    """Round ``seed`` in a house."""

    def __init__(self, house: House, account: Account, seed: int, many: int) -> None:
        self._house = house
        self._account = account
        self._seed = seed
        self._many = many
        self._began = 0.0
        self._events: list[str] = []

    def run(self) -> Outcome:
        """Beats, heals, waits, and looks into the books."""
        house = self._house
        traffic = Traffic(f"{self._seed}")
        load = Load(house.client(), traffic.next, rate=_RATE, senders=_SENDERS, retry=0.4, patience=_PATIENCE)
        strikes = Strikes(house, traffic, load, self._say, self._many)
        self._began = time.monotonic()
        with load:
            try:
                self._beat(strikes, plan(self._seed, house.postgres is not None))
            finally:
                house.heal()
                self._say("healed")
        self._say("every mail is answered")
        self._account.promises |= {key: traffic.promises[key] for key in load.sent}
        self._account.tries += load.tries
        before = self._account.surplus
        wrong = self._settled() or self._wrong()
        surplus = self._account.surplus - before
        deferred = sum(one.reply.code != 250 and one.reply.code < 500 for one in load.tries)
        store = "sqlite" if house.postgres is None else "postgresql"
        seconds = time.monotonic() - self._began
        return Outcome(self._seed, self._events, len(load.sent), deferred, surplus, wrong, store, seconds)

    def _say(self, text: str) -> None:
        self._events.append(f"{time.strftime('%H:%M:%S')} +{time.monotonic() - self._began:.1f} s {text}")

    def _beat(self, strikes: Strikes, planned: list[Strike]) -> None:
        """Each strike at its time, each mending at its own; the load goes on for its time at least."""
        order = itertools.count()
        due: list[tuple[float, int, str, Callable[[], object]]] = [
            (one.at, next(order), str(one), lambda one=one: (one, strikes.begin(one))) for one in planned
        ]
        heapq.heapify(due)
        while due:
            at, _, text, act = heapq.heappop(due)
            time.sleep(max(0.0, self._began + at - time.monotonic()))
            self._say(text)
            done = act()
            if isinstance(done, tuple) and done[1] is not None:
                strike, mend = done
                after = time.monotonic() - self._began + strike.seconds
                heapq.heappush(due, (after, next(order), f"mends {strike.name}", mend))
        time.sleep(max(0.0, self._began + SECONDS - time.monotonic()))

    def _settled(self) -> list[str]:
        """What never became quiet again."""
        house = self._house
        waits: list[tuple[str, Callable[[], bool], float]] = [
            ("Postfix has nothing on its way", lambda: not house.postfix.busy(), 60),
            ("the daemon runs as its settings say", self._complete, 60),
            ("nothing is being read", self._idle, 60),
            ("metrics agree with the journal", self._counted, 60),
            ("the store agrees with the journal", self._loaded, 60),
        ]
        try:
            for what, ready, seconds in waits:
                wait_until(ready, seconds, partial("{}: not within {:g} s".format, what, seconds))
                self._say(what)
        except TimeoutError as error:
            return [str(error), *self._lagging(), house.vanthu.said()[-3000:]]
        return []

    def _complete(self) -> bool:
        house = self._house
        if house.vanthu.status().get("pid") != house.vanthu.pid:
            return False
        children = [one for one in house.vanthu.children() if not one["draining"]]
        alive = house.processes.living()
        kinds = sorted(one["kind"] for one in children if one["pid"] in alive)
        return kinds == ["broker", "steward", *["worker"] * house.vanthu.settings["milter"]["workers"]]

    def _idle(self) -> bool:
        """Scans whose mails went on without them are read to the end all the same."""
        return "reader" not in {one.kind for one in holdings(self._house).values()}

    def _lagging(self) -> list[str]:
        return [str(self._house.vanthu.status()), *differences(self._house.vanthu.journal, self._page())[:10]]

    def _page(self) -> str:
        try:
            return self._house.vanthu.page(seconds=1.0)
        except OSError:
            return ""

    def _counted(self) -> bool:
        return not differences(self._house.vanthu.journal, self._page())

    def _loaded(self) -> bool:
        stored = self._house.stored()
        return all(stored[line["id"]] for line in self._house.journal() if line["kind"] == "message")

    def _wrong(self) -> list[str]:
        """Everything that the accountant, the journal's own check and the look for leaks find."""
        house = self._house
        house.log.read()
        books = Books(
            promises=self._account.promises,
            tries=self._account.tries,
            postfix=house.log.entries,
            held=house.held(),
            arrivals=list(house.sink.arrivals),
            journal=[Written.of(line) for line in house.journal() if line["kind"] in _KINDS],
            stored=house.stored(),
        )
        deferred = {name for name, entry in house.log.entries.items() if entry.deferred}
        self._account.surplus = len(deferred & books.messages.keys())
        wrong = [str(one) for one in findings(books)]
        wrong += [f"journal: {line}" for line in house.verify() if not self._torn(line)]
        wrong += [f"metrics: {line}" for line in self._page().splitlines() if self._damage(line)]
        wrong += [f"deferred: {one}" for one in house.postfix.queue() if one["queue_name"] != "hold"]
        wrong += [f"leak: {one}" for one in leaks(house)]
        self._say("looked through")
        return wrong

    @staticmethod
    def _damage(line: str) -> bool:
        """What the steward has met in the journal and no kill explains."""
        return line.startswith("vanthu_journal_damage_total{") and 'kind="torn"' not in line

    def _torn(self, finding: str) -> bool:
        """A last line that is not whole, in the file of a process that was killed while it wrote."""
        return "bytes are no whole line" in finding and any(f"-{pid}." in finding for pid in self._house.killed)
