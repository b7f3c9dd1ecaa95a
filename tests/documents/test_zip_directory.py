"""ZIP by its own directory: what cheats, what is cut, what other programs write."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import bombs
from vanthu.documents.archives.zip_directory import directory, unpack
from vanthu.documents.work import Stop

ROOM = 1 << 20


def test_names_that_reach_over_the_headers_behind_them_are_not_read_over_and_over() -> None:
    header = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 0, 0, 0, 0, 64_000, 0)
    before = time.process_time()
    listed = directory(header * 20_000 + bytes(64_000), 20_000)
    assert time.process_time() - before < 1.5
    assert len(listed.entries) == 20_000
    assert all(len(entry.name) <= 4096 for entry in listed.entries)


def test_extra_data_of_empty_fields_are_not_read_to_their_end() -> None:
    header = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0, 0, 0, 0, 0, 64_000, 0, 0, 0, 0, 0)
    entry = header + bytes(64_000)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, 1000 * len(entry), 0, 0)
    before = time.process_time()
    assert len(directory(entry * 1000 + end, 1000).entries) == 1000
    assert time.process_time() - before < 1.5


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.text("abcđếộ /.-", min_size=1, max_size=20), st.binary(max_size=2000), max_size=6),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
    st.binary(max_size=50),
    st.binary(max_size=50),
)
def test_reads_what_zipfile_writes(files: dict[str, bytes], method: int, comment: bytes, before: bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.comment = comment.replace(b"PK", b"")
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    data = before.replace(b"PK", b"") + buffer.getvalue()
    listed = directory(data, 100)
    assert listed.whole
    assert not listed.overlapping
    assert {entry.name: unpack(data, entry, ROOM) for entry in listed.entries} == files


def test_a_cut_archive_gives_what_is_there() -> None:
    whole = bombs.zipped({"a.txt": b"one" * 100, "b.txt": b"two" * 100})
    cut = directory(whole[: whole.index(b"PK\x01\x02")], 100)
    assert not cut.whole
    assert [unpack(whole, entry, ROOM) for entry in cut.entries] == [b"one" * 100, b"two" * 100]


def test_the_number_of_entries_is_bounded() -> None:
    listed = directory(bombs.zipped({f"{number}": b"" for number in range(50)}), 10)
    assert (len(listed.entries), listed.too_many) == (10, True)


def test_shared_data_is_noticed() -> None:
    assert directory(bombs.overlapping_zip(3), 100).overlapping


def test_a_lie_about_the_size_does_not_help() -> None:
    data = bombs.flat_zip(2)
    with pytest.raises(Stop) as stop:
        unpack(data, directory(data, 1).entries[0], ROOM)
    assert stop.value.reason == "bomb"


def test_a_wrong_checksum_is_malformed() -> None:
    data = bytearray(bombs.zipped({"a.txt": b"one" * 100}))
    entry = directory(bytes(data), 1).entries[0]
    data[entry.offset + 36] ^= 1
    with pytest.raises(Stop) as stop:
        unpack(bytes(data), entry, ROOM)
    assert stop.value.reason == "malformed"
