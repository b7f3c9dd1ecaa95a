"""A pymilter that takes the callbacks vanthu takes and does nothing: the least that a filter in Python can cost.

``python noop_pymilter.py SOCKET [no-reply]``. It answers every event, as the no-op in C and most filters do; with
``no-reply`` none but the last, as vanthu does.
"""

# mypy: disable-error-code="untyped-decorator, no-any-return, misc"
# (pymilter has no types)

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import Milter


def _answering(callback: Callable[..., int]) -> Callable[..., int]:
    return callback


def nothing(marked: Callable[[Callable[..., int]], Any]) -> type[Milter.Base]:
    """A session whose callbacks before the last are ``marked``."""

    class Nothing(Milter.Base):
        @marked
        def connect(self, hostname: str, family: int, address: object) -> int:
            return Milter.CONTINUE

        @Milter.nocallback
        def hello(self, name: str) -> int:
            return Milter.CONTINUE

        @marked
        def envfrom(self, sender: str, *parameters: str) -> int:
            return Milter.CONTINUE

        @marked
        def envrcpt(self, recipient: str, *parameters: str) -> int:
            return Milter.CONTINUE

        @marked
        def header(self, name: str, value: str) -> int:
            return Milter.CONTINUE

        @Milter.nocallback
        def eoh(self) -> int:
            return Milter.CONTINUE

        @marked
        def body(self, chunk: bytes) -> int:
            return Milter.CONTINUE

        def eom(self) -> int:
            return Milter.CONTINUE

    return Nothing


def main(socket: str, how: str = "") -> None:
    Milter.factory = nothing(Milter.noreply if how == "no-reply" else _answering)
    Milter.set_flags(Milter.ADDHDRS | Milter.CHGHDRS)
    Milter.runmilter("noop-pymilter", socket, 300)


if __name__ == "__main__":
    main(*sys.argv[1:])
