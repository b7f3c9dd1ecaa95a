"""Members that were not read: what their names say of them, on every machine alike."""

from __future__ import annotations

import pytest

from vanthu.documents.archives.members import unread
from vanthu.documents.model import DocumentLimits
from vanthu.documents.work import Found, Work


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Tờ trình.DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("so-lieu.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a/b/scan.pdf", "application/pdf"),
        ("goi.rar", "application/vnd.rar"),
        ("bang.csv.gz", "text/csv"),
        ("goi.tar.gz", "application/x-tar"),
        ("data:text/html,<b>.pdf", "application/pdf"),
        ("//[a.pdf", "application/pdf"),
        ("ghi chú", "application/octet-stream"),
        (None, "application/octet-stream"),
    ],
)
def test_a_name_tells_the_type(name: str | None, kind: str) -> None:
    found = Found("application/zip", None, Work(DocumentLimits(), 1000, lambda *_: pytest.fail("nothing nested")))
    unread(found, name, 1000, "encrypted")
    (member,) = found.members
    assert (member.name, member.extraction.type, member.extraction.reason) == (name, kind, "encrypted")
