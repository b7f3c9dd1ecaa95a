"""A pymilter that takes the callbacks vanthu takes and does nothing: the least that a filter in Python can cost.

``python noop_pymilter.py SOCKET``. No-reply where the protocol allows it, as vanthu.
"""

# mypy: disable-error-code="untyped-decorator, no-any-return, misc"
# (pymilter has no types)

from __future__ import annotations

import sys

import Milter


class Nothing(Milter.Base):
    @Milter.noreply
    def connect(self, hostname: str, family: int, address: object) -> int:
        return Milter.CONTINUE

    @Milter.nocallback
    def hello(self, name: str) -> int:
        return Milter.CONTINUE

    @Milter.noreply
    def envfrom(self, sender: str, *parameters: str) -> int:
        return Milter.CONTINUE

    @Milter.noreply
    def envrcpt(self, recipient: str, *parameters: str) -> int:
        return Milter.CONTINUE

    @Milter.noreply
    def header(self, name: str, value: str) -> int:
        return Milter.CONTINUE

    @Milter.nocallback
    def eoh(self) -> int:
        return Milter.CONTINUE

    @Milter.noreply
    def body(self, chunk: bytes) -> int:
        return Milter.CONTINUE

    def eom(self) -> int:
        return Milter.CONTINUE


def main(socket: str) -> None:
    Milter.factory = Nothing
    Milter.set_flags(Milter.ADDHDRS | Milter.CHGHDRS)
    Milter.runmilter("noop-pymilter", socket, 300)


if __name__ == "__main__":
    main(sys.argv[1])
