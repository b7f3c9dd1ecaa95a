"""Open loop: every mail goes out when it is due, whatever has become of those before it.

What a mail took counts from the time at which it was due, not from when somebody was free to send it: a filter that
stands still for a second then shows as many slow mails as were due in that second, and not one. A mail that is due
takes a session that is free, or opens one, as Postfix does.
"""

from __future__ import annotations

import gc
import os
import random
import select
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from support.milter_client import connect
from support.milter_load import Script, Session, first_mail, open_session, script
from support.milter_wire import Agreement, Mail, ProtocolError, transaction

_SILENCE = 60.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail and the second at which it is due, from the beginning."""

    due: float
    mail: Mail


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one arrival: seconds from when it was due until it was sent, and until its last answer."""

    late: float
    seconds: float
    verdict: str


def poisson(rate: float, seconds: float, seed: int) -> list[float]:
    """When mails are due that come independently of each other, ``rate`` a second on average."""
    source = random.Random(seed)
    times = []
    now = source.expovariate(rate)
    while now < seconds:
        times.append(now)
        now += source.expovariate(rate)
    return times


class Pool:
    """Sessions with one filter; ``play`` has mails arrive. Not safe between threads."""

    def __init__(self, address: str, mail: Mail) -> None:
        """``mail`` tells the client that all of them come from."""
        self._address = address
        session, self._agreed = open_session(address, mail)
        self._free = [session]
        self._busy: dict[int, tuple[int, Session]] = {}  # by descriptor: number of the arrival
        self.most = 1

    def play(self, arrivals: Sequence[Arrival]) -> list[Answered]:
        """Sends each when it is due, and returns when all are answered; in the order of ``arrivals``.

        Raises ProtocolError and OSError where the filter fails.
        """
        scripts = _scripts(arrivals, self._agreed)
        late = [0.0] * len(arrivals)
        answers: dict[int, Answered] = {}
        given = 0
        start = time.perf_counter()
        while len(answers) < len(arrivals):
            now = time.perf_counter() - start
            while given < len(arrivals) and arrivals[given].due <= now:
                late[given] = now - arrivals[given].due
                self._send(given, arrivals[given].mail, scripts[given])
                given += 1
                now = time.perf_counter() - start
            patience = arrivals[given].due - now if given < len(arrivals) else _SILENCE
            # Not epoll: it waits for whole milliseconds.
            ready = select.select(list(self._busy), (), (), max(0.0, patience))[0]
            if not ready and given == len(arrivals):
                raise ProtocolError(f"the filter has said nothing for {_SILENCE:.0f} s")
            for descriptor in ready:
                number, session = self._busy[descriptor]
                if verdict := session.answered():
                    seconds = time.perf_counter() - start - arrivals[number].due
                    answers[number] = Answered(late[number], seconds, verdict)
                    del self._busy[descriptor]
                    self._free.append(session)
        return [answers[number] for number in range(len(arrivals))]

    def _send(self, number: int, mail: Mail, script_: Script) -> None:
        if self._free:
            session = self._free.pop(0)  # each in turn, so that all workers have their share
            session.begin(script_)
        else:
            session = Session(connect(self._address, _SILENCE))
            session.begin(script(first_mail(mail, self._agreed)))
        self._busy[session.socket.fileno()] = number, session
        self.most = max(self.most, len(self._busy))

    def close(self) -> None:
        """Leaves as an MTA does."""
        for session in self._free:
            session.close()


def _scripts(arrivals: Sequence[Arrival], agreed: Agreement) -> list[Script]:
    """Built before the clock runs; the same mail many times is one script."""
    built: dict[int, Script] = {}
    for one in arrivals:
        if id(one.mail) not in built:
            built[id(one.mail)] = script(transaction(one.mail, agreed))
    return [built[id(one.mail)] for one in arrivals]


@contextmanager
def on_time() -> Iterator[None]:
    """Within, this process comes before all others (SCHED_RR), and does not stop to look for garbage.

    It stands for the mail server, which otherwise would wait here for a processor as the filter does: what is asked
    is how long the filter lets it wait. Nice would not do: with autogroup (sched(7)) it counts inside a session only.
    Without the right to it, the priority stays as it is.
    """
    before, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    gc.collect()
    gc.disable()
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    try:
        yield
    finally:
        os.sched_setscheduler(0, before, parameters)
        gc.enable()
