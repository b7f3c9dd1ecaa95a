"""Nothing of a document's text is ever on disk, whatever library reads it: no file is even opened for writing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"
CHOSEN = [next(iter(sorted(folder.glob("*")))) for folder in sorted(SAMPLES.iterdir()) if folder.is_dir()]
SCAN = SAMPLES / "pdf" / "scan.pdf"

# RLIMIT_FSIZE 0 binds tesseract too: a library that needs a file to work would fail here, and the text be missing.
_SCRIPT = """
import resource, signal, sys
from pathlib import Path
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
for name in sys.argv[1:]:
    found = read(Path(name).read_bytes(), name, DocumentLimits(seconds=60, ocr_seconds=60, ocr="all"))
scan = " ".join(text.text for text in found.texts)
sys.exit(0 if "1017/UBND-VX" in scan else 3)
"""


def test_reading_writes_no_file(tmp_path: Path) -> None:
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
    assert subprocess.run(command, env=environment, cwd=work, check=False, timeout=300).returncode == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    new = {path for path in Path("/tmp").iterdir() if path.is_file()} - before
    assert not [path for path in new if path.is_file() and b"1017/UBND-VX" in path.read_bytes()]
