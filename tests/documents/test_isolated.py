"""A document costs at most its own child: hang, crash and memory are reasons."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from vanthu.documents.model import Extraction

SAMPLES = Path(__file__).parent / "samples"

# A process of its own: the test runner has threads, and a fork wants none.
_SCRIPT = """
import os, sys, time
import msgspec
from pathlib import Path
from vanthu.documents import isolated
from vanthu.documents.model import DocumentLimits, Extraction
def hang(content, name, limits):
    while True: pass
def sleep(content, name, limits):
    time.sleep(60)
def crash(content, name, limits):
    os.abort()
def swell(content, name, limits):
    return Extraction("x", labels=(str(len(bytearray(3 << 30))),))
how, path = sys.argv[1:3]
if how != "read":
    isolated.read = globals()[how]
whole = how == "read"
limits = DocumentLimits(seconds=60 if whole else 1, ocr="first_page" if whole else "off", ocr_seconds=60)
found = isolated.read_apart(Path(path).read_bytes(), path, limits)
sys.stdout.buffer.write(msgspec.json.encode(found))
"""


def apart(how: str, path: Path) -> Extraction:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, how, str(path)], capture_output=True, timeout=150, check=True
    )
    return msgspec.json.decode(done.stdout, type=Extraction)


@pytest.mark.parametrize(
    ("how", "reason"), [("hang", "timeout"), ("sleep", "timeout"), ("crash", "crashed"), ("swell", "too_large")]
)
def test_what_becomes_of_the_child_is_a_reason(how: str, reason: str) -> None:
    assert apart(how, SAMPLES / "txt" / "utf8.txt").reason == reason


@pytest.mark.parametrize("name", ["docx/python-docx.docx", "pdf/scan.pdf", "7z/lzma2.7z", "picture/page.jpg"])
def test_documents_are_read_in_the_cage(name: str) -> None:
    found = apart("read", SAMPLES / name)
    assert found.reason is None
    assert "1017/UBND-VX" in str(found)
