"""``python tests/documents/measured.py SECONDS MEMORY PATH…``: what reading each document costs, a JSON line each.

Every document is read as ``vanthu facts --document`` reads it, by a process of its own that has not called a reader
before: wall-clock seconds, peak memory (the largest process, in bytes), and the reasons that were given.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from vanthu.documents.isolated import read_apart
from vanthu.documents.model import DocumentLimits, Extraction


def reasons(found: Extraction) -> set[str]:
    """All of the document and of its members, to any depth."""
    below: set[str] = set().union(*(reasons(member.extraction) for member in found.members))
    return below | ({found.reason} if found.reason else set())


def measured(path: Path, limits: DocumentLimits) -> dict[str, object]:
    """The figures of one document."""
    reading, writing = os.pipe()
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        found = read_apart(path.read_bytes(), path.name, limits)
        told = {"type": found.type, "reason": found.reason, "reasons": sorted(reasons(found))}
        os.write(writing, json.dumps(told).encode())
        os._exit(0)
    os.close(writing)
    told = json.loads(os.read(reading, 1 << 16) or "{}")
    os.close(reading)
    _, status, usage = os.wait4(pid, 0)
    spent = round(time.monotonic() - started, 2)
    return {"name": path.name, "status": status, "seconds": spent, "peak": usage.ru_maxrss * 1024, **told}


def main(seconds: str, memory: str, *paths: str) -> None:
    limits = DocumentLimits(seconds=float(seconds), ocr_seconds=float(seconds), memory=int(memory))
    for path in map(Path, paths):
        print(json.dumps(measured(path, limits)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
