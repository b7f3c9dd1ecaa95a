"""What reading documents costs by itself: the reader alone, in a process of its own, without a daemon around it.

``python reading.py FOLDER``: microseconds of CPU a file, of all files in the folder. The first is read once more
before the clock runs, for what is imported at the first document only: the daemon's processes have it from the start.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read


def alone(folder: Path, name: str, contents: Sequence[bytes]) -> float:
    """Microseconds of CPU a document, each read once; ``name`` has the suffix."""
    place = folder / "reading"
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    for number, content in enumerate(contents):
        (place / f"{number}-{name}").write_bytes(content)
    done = subprocess.run([sys.executable, __file__, str(place)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _main(folder: Path) -> float:
    files = [(one.name, one.read_bytes()) for one in sorted(folder.iterdir())]
    limits = DocumentLimits()
    read(files[0][1], files[0][0], limits)
    started = _cpu_seconds()
    for name, content in files:
        found = read(content, name, limits)
        if found.reason is not None:
            raise RuntimeError(f"{name}: {found.reason}")
    return (_cpu_seconds() - started) / len(files) * 1e6


def _cpu_seconds() -> float:
    """Ours, and that of programs that OCR has started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    print(_main(Path(sys.argv[1])))
