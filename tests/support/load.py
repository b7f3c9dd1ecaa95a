"""Mail at a steady rate from several senders. Every reply is remembered; where asked, a mail is tried again as an MTA
does it, until it is answered for good.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from .client import Client, Reply

AN, HOA = "annv@soyte.hathanh.gov.vn", "hoatt@soyte.hathanh.gov.vn"
RATE = 50  # mails a second


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; ``key`` is its Message-ID, by which every book knows it."""

    key: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Try:
    """One conversation about one mail; times are seconds since the epoch."""

    key: str
    reply: Reply
    began: float
    ended: float


def plain(number: int) -> Mail:
    """A letter between colleagues that no other equals."""
    key = f"<{time.monotonic_ns()}.{number}@lab.example>"
    raw = f"From: {AN}\r\nMessage-ID: {key}\r\nSubject: chào\r\n\r\n{key}\r\n".encode()
    return Mail(key, AN, (HOA,), raw)


class Load:
    """``with Load(client) as load: …`` sends ``rate`` mails a second.

    ``retry``: seconds until a mail that got a temporary failure (or no reply) is tried again; None: never. At the end
    nothing new is begun, and with ``retry`` what is open is tried for ``patience`` seconds more.
    """

    def __init__(
        self, client: Client, mails: Callable[[int], Mail] = plain, *, rate: float = RATE, senders: int = 5,
        retry: float | None = None, patience: float = 60.0,
    ) -> None:  # fmt: skip
        self.sent: dict[str, Mail] = {}
        self.tries: list[Try] = []
        self.replies: list[Reply] = []
        self._client = client
        self._mails = mails
        self._pause = 1.0 / rate
        self._retry = retry
        self._patience = patience
        self._numbers = itertools.count()
        self._order = itertools.count()
        self._turn = threading.Condition()
        self._again: list[tuple[float, int, Mail]] = []  # a heap: when, in which order, what
        self._due = 0.0
        self._talking = 0
        self._end: float | None = None
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(senders)]

    def __enter__(self) -> Load:
        self._due = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()

    def finish(self) -> None:
        """Begins nothing new, and returns when nothing is open any more or patience is over."""
        with self._turn:
            self._end = time.monotonic() + self._patience
            self._turn.notify_all()
        for thread in self._threads:
            thread.join()

    def add(self, mail: Mail) -> None:
        """One mail more, at once, and one sender more: however many there are, they come side by side."""
        with self._turn:
            self._schedule(0.0, mail)
            self._turn.notify_all()
        self._threads.append(threading.Thread(target=self._send, daemon=True))
        self._threads[-1].start()

    @property
    def accepted(self) -> set[str]:
        """The queue ids under which Postfix took mail."""
        return {reply.queue_id for reply in self.replies if reply.queue_id is not None}

    def _send(self) -> None:
        while (mail := self._next()) is not None:
            began = time.time()
            reply = self._client.send(mail.sender, mail.recipients, mail.raw)
            with self._turn:
                self.replies.append(reply)
                self.tries.append(Try(mail.key, reply, began, time.time()))
                if self._retry is not None and (reply.code == 0 or 400 <= reply.code < 500):
                    self._schedule(time.monotonic() + self._retry, mail)
                self._talking -= 1
                self._turn.notify_all()

    def _next(self) -> Mail | None:
        with self._turn:
            while True:
                now = time.monotonic()
                if self._end is not None and (now > self._end or not (self._again or self._talking)):
                    return None
                if self._again and self._again[0][0] <= now:
                    mail = heapq.heappop(self._again)[2]
                elif self._end is None and self._due <= now:
                    mail = self._mails(next(self._numbers))
                    self._due = max(self._due + self._pause, now - 1.0)  # who could not send does not flood later
                else:
                    self._turn.wait(self._wait(now))
                    continue
                self.sent[mail.key] = mail
                self._talking += 1
                return mail

    def _wait(self, now: float) -> float:
        waits = [0.5, *(one[0] - now for one in self._again[:1])]
        if self._end is None:
            waits.append(self._due - now)
        return max(0.0, min(waits))

    def _schedule(self, due: float, mail: Mail) -> None:
        heapq.heappush(self._again, (due, next(self._order), mail))
