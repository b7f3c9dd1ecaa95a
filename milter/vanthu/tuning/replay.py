"""Judges recorded or stored mail again, in as many processes as there are cores.

Work is cut into pieces (a stretch of a journal file, or a mail file). Processes are forked, so policies and their
compiled patterns are shared and never copied. Only ``facts`` and ``decision`` of a record are decoded.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
from msgspec import Struct

from ..facts.model import Facts
from ..garbage import not_collected
from ..journal.reader import SUFFIX
from ..policy.decide import decide
from ..policy.decision import Decision
from ..policy.model import Policy
from .comparing import Tally

_PIECE = 8 << 20  # bytes of a journal file in one piece of work


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes ``start`` to ``end`` of a journal file (a line belongs where it begins), or a whole mail file."""

    path: Path
    start: int = 0
    end: int = 0
    mail: bool = False

    @property
    def size(self) -> int:
        """How much work it is."""
        return max(self.end - self.start, 1)


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked. ``old`` None compares with the recorded decision; ``sweep`` are variants of the new policy."""

    new: Policy
    old: Policy | None = None
    sweep: tuple[Policy, ...] = ()
    since: datetime | None = None
    read_mail: Callable[[Path], Iterator[Facts]] | None = None

    def empty(self) -> Tally:
        """Where a run begins."""
        return Tally(sweep=[Counter() for _ in self.sweep])

    def run(self, piece: Piece) -> Tally:
        """The sums of one piece."""
        tally = self.empty()
        for mail in mails(piece, self.since, self.read_mail, tally):
            if mail.decision is not None or piece.mail:
                self._judge(mail, tally)
        return tally

    def _judge(self, mail: Mail, tally: Tally) -> None:
        facts = mail.facts
        before = mail.decision if self.old is None else decide(self.old, facts)
        assert before is not None, "a mail file has no recorded decision"
        after = decide(self.new, facts)
        tally.add(facts, before, after, mail.id, mail.message_id)
        for policy, counts in zip(self.sweep, tally.sweep, strict=True):
            counts[decide(policy, facts).verdict] += 1


class Judged(Struct, frozen=True):
    """What is needed of a record."""

    id: str
    message_id: str | None = None
    facts: Facts | None = None
    decision: Decision | None = None


_decoder = msgspec.json.Decoder(Judged)


class Mail(Struct, frozen=True):
    """One mail of a piece. ``id`` is that of its record, or the path of its file, which has nothing else of it."""

    facts: Facts
    id: str
    message_id: str | None = None
    decision: Decision | None = None


def mails(
    piece: Piece,
    since: datetime | None,
    read_mail: Callable[[Path], Iterator[Facts]] | None,
    tally: Tally | None = None,
) -> Iterator[Mail]:
    """All mails of a mail file, or those of a journal that are not before ``since``."""
    if piece.mail:
        assert read_mail is not None
        for facts in read_mail(piece.path):
            yield Mail(facts, facts.path or str(piece.path))
        return
    for record in _judged(piece, tally):
        if record.facts is not None and (since is None or record.facts.time >= since):
            yield Mail(record.facts, record.id, record.message_id, record.decision)


def _judged(piece: Piece, tally: Tally | None) -> Iterator[Judged]:
    """The messages of a piece of a journal; lines that cannot be read are only counted."""
    read = _decoder.decode
    for line in _lines(piece):
        if b'"kind":"message"' not in line[:64]:
            continue
        try:
            record = read(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            if tally is not None:
                tally.damaged += 1
            continue
        yield record


class Sums(Protocol):
    """What pieces are joined to."""

    def join(self, other: Any, /) -> None: ...


S = TypeVar("S", bound=Sums)
S_co = TypeVar("S_co", bound=Sums, covariant=True)


class Work(Protocol[S_co]):
    """What is done to each piece."""

    def empty(self) -> S_co: ...

    def run(self, piece: Piece, /) -> S_co: ...


def journal_pieces(folder: Path, since: datetime | None) -> list[Piece]:
    """The journal in pieces; files that were last written before ``since`` are left out."""
    pieces = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        status = path.stat()
        if since is None or status.st_mtime >= since.timestamp():
            pieces += [
                Piece(path, start, min(start + _PIECE, status.st_size)) for start in range(0, status.st_size, _PIECE)
            ]
    return pieces


def run(job: Work[S], pieces: Sequence[Piece], report: Callable[[float], None], workers: int | None = None) -> S:
    """The sums of all pieces; ``report`` hears how much is done, from 0 to 1."""
    whole = job.empty()
    total, done = sum(piece.size for piece in pieces), 0
    for piece, tally in zip(pieces, _results(job, pieces, workers or len(os.sched_getaffinity(0))), strict=True):
        whole.join(tally)
        done += piece.size
        report(done / total)
    return whole


def _results(job: Work[S], pieces: Sequence[Piece], workers: int) -> Iterator[S]:
    if workers == 1 or len(pieces) < 2:
        for piece in pieces:
            yield _done(job, piece)
        return
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(min(workers, len(pieces)), mp_context=fork, initializer=_take, initargs=(job,)) as pool:
        yield from pool.map(_run, pieces)


_mine: list[Work[Any]] = []  # the job of this process; initargs of a forked pool are inherited, not pickled


def _take(job: Work[Any]) -> None:
    _mine[:] = [job]


def _run(piece: Piece) -> Any:
    return _done(_mine[0], piece)


def _done(job: Work[S], piece: Piece) -> S:
    with not_collected():  # nothing here has cycles, and the collector would look at every record
        return job.run(piece)


def _lines(piece: Piece) -> Iterator[bytes]:
    """Whole lines that begin inside the piece."""
    with piece.path.open("rb", buffering=1 << 20) as file:
        at = piece.start
        if at:
            file.seek(at - 1)
            at += len(file.readline()) - 1
        for line in file:
            if at >= piece.end or not line.endswith(b"\n"):
                return
            at += len(line)
            yield line
