"""Outlook messages and OLE objects that no program at hand writes: their parts are put together here."""

from __future__ import annotations

import struct

import pytest

from fuzz.packing import compound, joined
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read

LIMITS = DocumentLimits(ocr="off")
_CODE_PAGE = 0x3FFD0003


def _properties(header: int, code_page: int) -> bytes:
    return bytes(header) + (struct.pack("<IIII", _CODE_PAGE, 0, code_page, 0) if code_page else b"")


def _message(page: int, inner_page: int = 0) -> bytes:
    """A file with a Russian name, and one in a message inside, in windows-1251."""
    name = "Отчёт.txt".encode("cp1251")
    attachment, embedded = "__attach_version1.0_#00000000", "__attach_version1.0_#00000001/__substg1.0_3701000D"
    inner = f"{embedded}/__attach_version1.0_#00000000"
    return compound(joined([
        ("__properties_version1.0", _properties(32, page)),
        ("__substg1.0_0037001E", "Письмо".encode("cp1251")),
        (f"{attachment}/__properties_version1.0", _properties(8, 0)),
        (f"{attachment}/__substg1.0_3707001E", name),
        (f"{attachment}/__substg1.0_37010102", b"a"),
        (f"{embedded}/__properties_version1.0", _properties(24, inner_page)),
        (f"{inner}/__properties_version1.0", _properties(8, 0)),
        (f"{inner}/__substg1.0_3707001E", name),
        (f"{inner}/__substg1.0_37010102", b"b"),
    ]))  # fmt: skip


@pytest.mark.parametrize(("page", "inner_page"), [(1251, 0), (1251, 1251), (1251, 1258)])
def test_names_of_files_are_in_the_code_page_of_the_message(page: int, inner_page: int) -> None:
    found = read(_message(page, inner_page), None, LIMITS)
    outer, inner = found.members
    assert outer.name == "Отчёт.txt"
    assert (inner.extraction.members[0].name == "Отчёт.txt") == (inner_page != 1258)


def test_an_object_that_is_a_volume_only_is_no_unknown_file() -> None:
    name = "thư.7z.001"
    package = b"\x02\0" + name.encode() + b"\0C:\\a\0" + struct.pack("<HHI", 0, 3, 2) + b"a\0"
    package += struct.pack("<I", 6) + b"7z\xbc\xaf\x27\x1c"
    found = read(compound(joined([("\x01Ole10Native", struct.pack("<I", len(package)) + package)])), None, LIMITS)
    assert found.reason is None
    assert [(one.name, one.extraction.reason) for one in found.members] == [(name, "malformed")]
