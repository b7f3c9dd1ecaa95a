"""What a fuzz target is, and what every one of them is held to."""

from __future__ import annotations

import signal
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass

SLOW = 5.0  # seconds of processor time after which one input counts as a failure
_STRETCHED = 200_000  # octets: what is quadratic shows itself here
_ONE_IN = 128


class SlowError(BaseException):
    """An input that takes too long; no ``except Exception`` of what is tried may swallow it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A function from any bytes to nothing: whatever it raises is a failure.

    ``seeds`` are whole samples to start from, ``words`` pieces that mean something to the reader. Inputs are at most
    ``longest`` octets.
    """

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[str | bytes, ...] = ()
    longest: int = 20_000

    def __call__(self, data: bytes) -> None:
        """Runs one input against the clock; some, always the same ones, a second time with their middle repeated.

        Only in a main thread: the clock is a signal, so that an endless loop ends, too.
        """
        self._timed(data)
        if zlib.crc32(data) % _ONE_IN == 0:
            self._timed(stretched(data))

    def _timed(self, data: bytes) -> None:
        before = time.process_time()
        signal.signal(signal.SIGPROF, _too_slow)
        signal.setitimer(signal.ITIMER_PROF, SLOW, 1.0)
        try:
            self.run(data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        taken = time.process_time() - before
        if taken > SLOW:
            raise SlowError(f"{len(data)} octets took {taken:.1f} s of processor time")

    def octets(self) -> tuple[bytes, ...]:
        """The words as they stand in inputs."""
        return tuple(word.encode() if isinstance(word, str) else word for word in self.words)


def _too_slow(_signal: int, _frame: object) -> None:
    raise SlowError(f"more than {SLOW} s of processor time")


def stretched(data: bytes) -> bytes:
    """``data`` with its middle third repeated up to some hundred thousand octets."""
    first, second = len(data) // 3, 2 * len(data) // 3
    if first == second:
        return data
    return data[:first] + data[first:second] * (_STRETCHED // (second - first)) + data[second:]


def text_of(data: bytes) -> str:
    """Any octets as text, without lone surrogates."""
    return data.decode("utf-8", "replace")


def is_text(*texts: str | None) -> None:
    """Every text can be written as UTF-8."""
    for text in texts:
        if text is not None:
            text.encode("utf-8")
