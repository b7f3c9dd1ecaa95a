"""What the fork server reads before it forks: documents that our readers know as such; nothing stays behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from vanthu.documents.child_rehearsal import rehearse
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.read import read

_IN_A_PROCESS_OF_ITS_OWN = """
import os
from vanthu.documents.child_rehearsal import rehearse
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read

def state():
    return sorted(os.listdir("/proc/self/task")), sorted(os.listdir("/proc/self/fd")), os.listdir()

before = state()
rehearse(read, DocumentLimits(ocr="first_page"))
assert state() == before, (before, state())
child = os.fork()
if child == 0:
    os._exit(0 if read(b"Plain text", "a.txt", DocumentLimits()).reason is None else 1)
assert os.waitpid(child, 0)[1] == 0
"""


def test_both_documents_are_read_as_what_they_are() -> None:
    seen: dict[str, Extraction] = {}

    def reads(content: bytes, name: str | None, limits: DocumentLimits) -> Extraction:
        assert limits.ocr == "off"
        seen[str(name)] = found = read(content, name, limits)
        return found

    rehearse(reads, DocumentLimits(ocr="first_page"))
    letter, table = seen["thu.docx"], seen["bang.xlsx"]
    assert letter.reason is None
    assert letter.type.endswith("wordprocessingml.document")
    assert [text.part for text in letter.texts] == ["", "footer"]
    assert letter.texts[0].text.count("815/SYT-NVY") == 8
    assert table.reason is None
    assert table.type.endswith("spreadsheetml.sheet")
    assert table.texts[0].text.count("815/SYT-NVY\t") == 8
    assert letter.labels == table.labels == ("title: x",)


def test_no_thread_no_descriptor_and_no_file_stays_behind(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", _IN_A_PROCESS_OF_ITS_OWN]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=120)
