"""What reading documents costs by itself, in a process of its own, without a daemon around it: by vanthu's reader, or
by a library that takes the text out of such files for everybody.

``python reading.py FOLDER [library]``: microseconds of CPU a file, of all files in the folder. The first is read once
more before the clock runs, for what is imported at the first document only: the daemon's processes have it from the
start.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pypdfium2

from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read


def alone(folder: Path, name: str, contents: Sequence[bytes], *, library: bool = False) -> float:
    """Microseconds of CPU a document, each read once; ``name`` has the suffix."""
    place = folder / "reading"
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    for number, content in enumerate(contents):
        (place / f"{number}-{name}").write_bytes(content)
    command = [sys.executable, __file__, str(place), *(["library"] if library else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _main(folder: Path, by: Callable[[str, bytes], None]) -> float:
    files = [(one.name, one.read_bytes()) for one in sorted(folder.iterdir())]
    by(*files[0])
    started = _cpu_seconds()
    for name, content in files:
        by(name, content)
    return (_cpu_seconds() - started) / len(files) * 1e6


def by_reader(name: str, content: bytes) -> None:
    """Vanthu's own reader."""
    found = read(content, name, DocumentLimits())
    if found.reason is not None:
        raise RuntimeError(f"{name}: {found.reason}")


def by_library(name: str, content: bytes) -> None:
    """The text by python-docx or pypdfium2, with their own documented calls; RuntimeError where there is none."""
    if not (_docx(content) if name.endswith(".docx") else _pdf(content)):
        raise RuntimeError(f"{name}: no text")


def _docx(content: bytes) -> str:
    """Paragraphs, tables, headers and footers."""
    opened = docx.Document(io.BytesIO(content))
    stories = [opened, *(story for one in opened.sections for story in (one.header, one.footer))]
    lines = [one.text for story in stories for one in story.paragraphs]
    lines += [cell.text for story in stories for table in story.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def _pdf(content: bytes) -> str:
    """The text of every page."""
    opened = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in opened)


def _cpu_seconds() -> float:
    """Ours, and that of programs that OCR has started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    print(_main(Path(sys.argv[1]), by_library if sys.argv[2:] == ["library"] else by_reader))
