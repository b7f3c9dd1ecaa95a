"""``python tests/documents/table.py [--summary] [PATH…]``: what was read of each sample, one line each.

Without a path, of every sample and every genuine file that is kept here. ``--summary`` prints a line a format
instead, of all files below the paths, each read in a caged child: how many were read, and why the others were not.
It is the way to measure a corpus that may not be kept here: test data of other projects, the mail of an office.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from vanthu.documents.isolated import read_apart
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.read import read

HERE = Path(__file__).parent
LIMITS = DocumentLimits(seconds=60, ocr_seconds=60)


def main(arguments: list[str]) -> None:
    summary = "--summary" in arguments
    paths = [Path(one) for one in arguments if one != "--summary"] or [HERE / "samples", HERE / "genuine"]
    if summary:
        _summary(_files(paths))
    else:
        _lines(_files(paths))


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]


def _lines(files: Iterable[Path]) -> None:
    print(f"{'file':54} {'read by':>8} {'chars':>8} {'members':>7} {'ms':>7}  reason; parts")
    for path in files:
        content = path.read_bytes()
        started = time.perf_counter()
        found = read(content, path.name, LIMITS)
        spent = 1000 * (time.perf_counter() - started)
        every = list(_all(found))
        texts = [text for one in every for text in one.texts]
        readers = "+".join(sorted({text.read_by for text in texts})) or "-"
        parts = Counter(text.part.rstrip(" 0123456789") or "body" for text in texts)
        shown = ", ".join(f"{part} {count}" for part, count in parts.items())
        size = sum(len(text.text) for text in texts)
        name = f"{path.parent.name}/{path.name}"
        print(f"{name:54} {readers:>8} {size:8} {len(every) - 1:7} {spent:7.1f}  {found.reason or 'whole'}; {shown}")


def _summary(files: Iterable[Path]) -> None:
    """By media type: files, those read to their end (with text, or without any), the reasons of the others, and the
    longest time. A process that has called no reader itself asks the children."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    slowest: defaultdict[str, float] = defaultdict(float)
    for path in files:
        started = time.perf_counter()
        found = read_apart(path.read_bytes(), path.name, LIMITS)
        slowest[found.type] = max(slowest[found.type], time.perf_counter() - started)
        said = any(one.texts for one in _all(found))
        counts[found.type][found.reason or ("read" if said else "without text")] += 1
    print(f"{'type':76} {'files':>6} {'read':>6} {'longest s':>9}  others")
    for kind, count in sorted(counts.items()):
        others = ", ".join(f"{reason} {number}" for reason, number in count.most_common() if reason != "read")
        print(f"{kind:76} {count.total():6} {count['read']:6} {slowest[kind]:9.1f}  {others}")


def _all(found: Extraction) -> list[Extraction]:
    return [found, *(one for member in found.members for one in _all(member.extraction))]


if __name__ == "__main__":
    main(sys.argv[1:])
