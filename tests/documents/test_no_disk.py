"""Nothing of a document's text is ever on disk, whatever library reads it: no file is even opened for writing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"
# Two of each format, and all of those whose libraries are not ours: PDFium, libarchive, Pillow, tesseract.
_OURS = [sorted(folder.glob("[!e]*"))[:2] for folder in sorted(SAMPLES.iterdir()) if folder.is_dir()]
_OTHERS = [sorted((SAMPLES / kind).iterdir()) for kind in ("pdf", "picture", "7z", "rar", "tar", "gz", "bz2", "xz")]
_RARE = [
    SAMPLES / "docx" / "rich-libreoffice.xml",
    SAMPLES / "docx" / "encrypted-agile.docx",
    SAMPLES.with_name("genuine") / "apache-poi" / "WithEmbeded.xlsx",
]
SCAN = SAMPLES / "pdf" / "scan.pdf"
CHOSEN = [path for paths in (*_OURS, *_OTHERS, _RARE) for path in paths if path != SCAN]
LETTER = "1017/UBND-VX"

# RLIMIT_FSIZE 0 binds tesseract too: a library that needs a file to work would fail here, and the text be missing.
_SCRIPT = """
import resource, signal, sys
from pathlib import Path
from vanthu.documents.formats import READERS
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
opened, kinds = [], set()
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)) and set(arguments[1] or "") & set("wax+"):
        opened.append(arguments[0])
sys.addaudithook(watch)
def every(found):
    kinds.add(found.type)
    for member in found.members:
        every(member.extraction)
for name in sys.argv[1:]:
    found = read(Path(name).read_bytes(), name, DocumentLimits(seconds=60, ocr_seconds=60, ocr="all"))
    every(found)
scan = " ".join(text.text for text in found.texts)
unread = [one.__name__ for one in READERS if not kinds & set(one.TYPES)]
print(opened, unread)
sys.exit(0 if "1017/UBND-VX" in scan and not opened and not unread else 3)
"""


def held(folder: Path) -> set[Path]:
    """The files that hold something of the letter, in any of the encodings that readers have."""
    codings = ("utf-8", "utf-16-le", "utf-16-be")
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size < 1 << 24]
    return {path for path in files if any(LETTER.encode(one) in path.read_bytes() for one in codings)}


def test_reading_writes_no_file(tmp_path: Path) -> None:
    """Every reader and OCR: nothing is opened for writing by our own code, nothing may be written by a library."""
    folders = [tmp_path / name for name in ("home", "tmp", "work")]
    for folder in folders:
        folder.mkdir()
    home, temporary, work = folders
    environment = {
        **os.environ, "HOME": str(home), "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(home / ".cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    before = {path for path in Path("/tmp").iterdir() if path.is_file()}
    command = [sys.executable, "-c", _SCRIPT, *map(str, (*CHOSEN, SCAN))]
    done = subprocess.run(
        command, env=environment, cwd=work, check=False, timeout=300, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[] []")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    new = {path for path in Path("/tmp").iterdir() if path.is_file()} - before
    assert not [path for path in new if path.is_file() and LETTER.encode() in path.read_bytes()]
    assert held(Path("/dev/shm")) == set()
