"""Members that were not read: what their names say of them, on every machine alike."""

from __future__ import annotations

import subprocess
import sys

import pytest

from vanthu.documents.archives.members import unread
from vanthu.documents.model import DocumentLimits
from vanthu.documents.work import Found, Work

_OPENED = """
import sys
opened = []
sys.addaudithook(lambda event, values: opened.append(str(values[0])) if event == "open" else None)
from vanthu.documents.archives import members
members._types.guess_type("a.docx", strict=False)
sys.exit(any("mime.types" in one for one in opened))
"""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Tờ trình.DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("so-lieu.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a/b/scan.pdf", "application/pdf"),
        ("goi.rar", "application/vnd.rar"),
        ("ghi chú", "application/octet-stream"),
        (None, "application/octet-stream"),
    ],
)
def test_a_name_tells_the_type(name: str | None, kind: str) -> None:
    found = Found("application/zip", None, Work(DocumentLimits(), 1000, lambda *_: pytest.fail("nothing nested")))
    unread(found, name, 1000, "encrypted")
    (member,) = found.members
    assert (member.name, member.extraction.type, member.extraction.reason) == (name, kind, "encrypted")


def test_no_table_of_the_machine_is_asked() -> None:
    assert subprocess.run([sys.executable, "-c", _OPENED], check=False).returncode == 0
