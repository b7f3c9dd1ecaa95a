"""CPU per mail by what is in it: vanthu beside a pymilter that does nothing, over the raw milter protocol.

Where a document is new, what its text costs by itself is measured, too, on the same files of the same round: by
vanthu's reader, and by a library that others use for it (python-docx, pypdfium2), which stays what it is when our
reader becomes faster. Such mails go one at a time, as reader and library take them: readers side by side take each
other's caches, and that is no cost of the mail.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import papers, raw, reading, report, workload
from bench.measure import median_ratio
from bench.peers import Peer
from support.milter_wire import Mail

SESSIONS = 4
_COPIES = 16  # distinct mails of a kind whose documents are not new


@dataclass(frozen=True, slots=True)
class Kind:
    """``make`` gives a mail of a number. ``file`` is there where every mail carries a document that nobody has seen.

    ``share`` is how many there are in a round, as a part of the plain ones of the raw protocol's part.
    """

    name: str
    share: float
    make: Callable[[int], bytes]
    file: Callable[[int], bytes] | None = None
    suffix: str = ""
    library: bool = True  # there is one that finds text in such a file


def _attached(name: str, share: float, suffix: str, file: Callable[[int], bytes], *, library: bool = True) -> Kind:
    return Kind(name, share, lambda number: papers.with_file(suffix, file(number), number), file, suffix, library)


def _as_large(number: int) -> bytes:
    return papers.plain_of(len(_DOCX.make(0)), number)


_DOCX = _attached("docx 100 kB, new", 0.04, "thu.docx", papers.docx_file)
KINDS = (
    Kind("plain 2 kB", 0.2, workload.KINDS["plain"]),
    Kind("HTML 20 kB", 0.1, papers.html),
    Kind("forward with nested message", 0.1, papers.forward),
    Kind("plain, large as the docx mail", 0.1, _as_large),
    _DOCX,
    Kind(
        "docx 100 kB, repeated",
        0.1,
        lambda number: papers.with_file("thu.docx", papers.docx_file(0), number),
    ),
    _attached("PDF 300 kB, new", 0.02, "thu.pdf", papers.pdf_file),
    _attached("scan of a page, new", 0.002, "quet.pdf", papers.scan_file, library=False),
)
ALONE, LIBRARY = "reader alone", "library alone"
TARGETS = (
    report.Target(
        "Repeated docx beside a plain mail as large", "kinds", "cpu_us",
        "vanthu: docx 100 kB, repeated", "vanthu: plain, large as the docx mail", 1.5, at_most=True,
    ),
    report.Target(
        "New docx beside its reader alone", "kinds", "cpu_us",
        "vanthu: docx 100 kB, new", f"{ALONE}: docx 100 kB, new", 1.5, at_most=True,
    ),
    report.Target(
        "New docx beside python-docx alone", "kinds", "cpu_us",
        "vanthu: docx 100 kB, new", f"{LIBRARY}: docx 100 kB, new", 1.5, at_most=True,
    ),
)  # fmt: skip


def rounds(peers: Sequence[Peer], folder: Path, *, count: int, messages: int) -> Iterator[dict[str, Any]]:
    """One row a kind, peer and round; the reader's and the library's behind them. Raises RuntimeError where a mail is
    not let pass."""
    numbers = itertools.count()
    for kind in KINDS:  # warm-up; from here on the repeated document has been read
        for peer in peers:
            raw.sample(peer, _mails(kind, numbers, 4)[0], messages=4, sessions=SESSIONS)
    for number in range(count):
        for kind in KINDS:
            sent = max(2, round(messages * kind.share))
            kept = {"round": number, "kind": kind.name}
            mails, files = _mails(kind, numbers, sent)
            for peer in peers:
                row = raw.row([raw.sample(peer, mails, messages=sent, sessions=1 if files else SESSIONS)])
                yield {**kept, "peer": f"{peer.name}: {kind.name}", "filter": peer.name, **row}
            for name in (ALONE, LIBRARY)[: 1 + kind.library] if files else ():
                cpu = reading.alone(folder, kind.suffix, files, library=name == LIBRARY)
                yield {**kept, "peer": f"{name}: {kind.name}", "filter": name, "messages": sent, "cpu_us": cpu}


def table(rows: report.Rows) -> str:
    """A line a kind: medians of vanthu, the one that does nothing, reader and library; and vanthu beside each."""
    filters = list(dict.fromkeys(str(row["filter"]) for row in rows))
    headings = [*filters, *(f"beside {one}" for one in filters if one != "vanthu")]
    lines = ["\nCPU µs a mail by kind", f"  {'':30}" + "".join(f"{one:>25}" for one in headings)]
    for kind in dict.fromkeys(str(row["kind"]) for row in rows):
        values = {one: report.series(rows, f"{one}: {kind}", "cpu_us") for one in filters}
        cells = [f"{statistics.median(values[one]):.0f}" if values[one] else "" for one in filters]
        for one in filters:
            if one != "vanthu":
                present = values["vanthu"] and values[one]
                cells.append(f"{median_ratio(values['vanthu'], values[one]):.2f}×" if present else "")
        lines.append(f"  {kind:30}" + "".join(f"{cell:>25}" for cell in cells))
    return "\n".join(lines)


def _mails(kind: Kind, numbers: Iterator[int], count: int) -> tuple[list[Mail], list[bytes]]:
    """The mails of a round, and the documents in them if those are new."""
    if kind.file is None:
        return [workload.wrapped(kind.make(number), number) for number in range(_COPIES)], []
    taken = list(itertools.islice(numbers, count))
    mails = [workload.wrapped(kind.make(number), number) for number in taken]
    return mails, [kind.file(number) for number in taken]
