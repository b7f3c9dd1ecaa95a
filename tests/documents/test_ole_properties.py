"""Property sets of OLE files: the texts that count, and nothing that a broken one could cost."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.documents.formats.ole_properties import texts_of

NAMES = {2: "title", 3: "subject"}


def made(*properties: tuple[int, bytes]) -> bytes:
    """A property set of one section."""
    at = 8 + 8 * len(properties)
    table, values = b"", b""
    for number, value in properties:
        table += struct.pack("<II", number, at + len(values))
        values += value
    section = struct.pack("<II", 8 + len(table) + len(values), len(properties)) + table + values
    return bytes(24) + struct.pack("<I16xI", 1, 48) + section


def narrow(text: bytes) -> bytes:
    return struct.pack("<II", 0x1E, len(text)) + text


def test_texts_by_code_page_and_in_unicode() -> None:
    wide = struct.pack("<II", 0x1F, 4) + "Mật\0".encode("utf-16-le")
    code_page = struct.pack("<IHH", 2, 65001, 0)
    data = made((3, wide), (1, code_page), (2, narrow("Công văn\0".encode())))
    assert list(texts_of(data, NAMES)) == [("title", "Công văn"), ("subject", "Mật")]


@pytest.mark.parametrize("page", [0, 1, 437, 65000, 65535])
def test_a_code_page_that_is_none(page: int) -> None:
    data = made((1, struct.pack("<IHH", 2, page, 0)), (2, narrow(b"abc")))
    assert list(texts_of(data, NAMES)) == [("title", "abc")]


def test_lengths_are_not_believed() -> None:
    """A vector of four thousand million elements took all the time and memory that a document has."""
    vector = struct.pack("<II", 0x101E, 0xFFFFFFFF) + narrow(b"x")
    text = struct.pack("<II", 0x1E, 0xFFFFFFFF) + b"x" * 100_000
    before = time.process_time()
    ((name, found),) = texts_of(made((3, vector), (2, text)), NAMES)
    assert time.process_time() - before < 1
    assert name == "title"
    assert len(found) < 5000


@given(st.binary(max_size=200))
def test_anything_may_stand_there(data: bytes) -> None:
    list(texts_of(data, NAMES))
    list(texts_of(bytes(44) + struct.pack("<I", 48) + data, NAMES))
