"""Pieces of one file that come together are read as one; where one is missing, nobody calls the rest clean."""

from __future__ import annotations

import hashlib
import io
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from documents import bombs
from documents.test_samples import SAID, text_of
from vanthu.documents.archives.volumes import is_later, joined, unfinished
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read
from vanthu.inspection.documents import put_together
from vanthu.mail.message import Attachment

SAMPLES = Path(__file__).parent / "samples"
LIMITS = DocumentLimits(ocr="off")
DOCX = (SAMPLES / "docx" / "python-docx.docx").read_bytes()
Files = list[tuple[str | None, bytes]]


def cut(content: bytes, name: str, suffixes: tuple[str, ...]) -> Files:
    size = -(-len(content) // len(suffixes))
    return [(name + suffix, content[at * size : (at + 1) * size]) for at, suffix in enumerate(suffixes)]


def sample(*names: str) -> Files:
    return [(Path(name).name, (SAMPLES / name).read_bytes()) for name in names]


SETS: dict[str, Files] = {
    "zip by Info-ZIP": sample("zip/part-infozip.z01", "zip/part-infozip.zip"),
    "7z by 7-Zip": sample("7z/part-volume.7z.001", "7z/part-volume.7z.002"),
    "docx cut by a splitter": cut(DOCX, "Công văn 1017.docx", (".001", ".002", ".003")),
    "tar.gz cut by split": cut((SAMPLES / "gz" / "letter.tar.gz").read_bytes(), "thư.tar.gz", (".aa", ".ab", ".ac")),
}


@pytest.mark.parametrize("kind", SETS)
def test_all_of_them_are_read_in_any_order(kind: str) -> None:
    for files in (SETS[kind], SETS[kind][::-1]):
        (whole,) = joined(files)
        assert whole.head in whole.pieces
        found = read(whole.content, whole.name, LIMITS)
        assert found.reason is None
        assert [one for one in SAID if one not in text_of(found)] == []


@pytest.mark.parametrize("kind", SETS)
def test_in_another_archive_they_are_one_member(kind: str) -> None:
    archive = bombs.zipped({"lá thư.txt": b"x", **{name or "": content for name, content in SETS[kind]}})
    found = read(archive, "gói.zip", LIMITS)
    assert found.reason is None
    assert len(found.members) == 2
    assert SAID[0] in text_of(found)


@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize("in_archive", [False, True])
def test_without_one_of_them_something_is_malformed(kind: str, in_archive: bool) -> None:
    for missing in range(len(SETS[kind])):
        rest = [one for index, one in enumerate(SETS[kind]) if index != missing]
        if in_archive:
            archive = bombs.zipped({name or "": content for name, content in rest})
            reasons = {member.extraction.reason for member in read(archive, "gói.zip", LIMITS).members}
        else:
            together = [(one.name, one.content) for one in joined(rest)] or rest
            reasons = {read(content, name, LIMITS).reason for name, content in together}
        assert "malformed" in reasons


def test_attachments_of_a_mail_are_put_together_in_the_place_of_the_first() -> None:
    files: Files = [("ảnh.png", b"\x89PNG"), *SETS["7z by 7-Zip"], ("khác.7z.001", b"alone")]
    asked = [
        Attachment(f"attachment:{at}", name, "application/x", "", content, hashlib.sha256(content).hexdigest())
        for at, (name, content) in enumerate(files, 1)
    ]
    kept, pieces = put_together(asked)
    assert [(one.where, one.name) for one in kept] == [
        ("attachment:1", "ảnh.png"), ("attachment:2", "part-volume.7z"), ("attachment:4", "khác.7z.001")
    ]  # fmt: skip
    assert kept[1].sha256 == hashlib.sha256(kept[1].content).hexdigest()
    assert {where: read.reason for where, read in pieces.items()} == {"attachment:3": None}


def test_names_that_only_look_like_volumes_stay_what_they_are() -> None:
    files: Files = [("a.zip", DOCX), ("a.rar", b"x"), ("b.001", b"x"), ("b.003", b"x"), ("Bao cao.2024.pdf", b"x")]
    assert joined(files) == []
    assert [is_later(name) for name in ("a.zip", "a.rar", "a.part1.rar", "b.001", "báo cáo.pdf", None, "")] == [
        False
    ] * 7
    assert [is_later(name) for name in ("a.z01", "a.r00", "a.part2.rar", "b.7z.002")] == [True] * 4


def test_an_archive_under_another_name_says_itself_that_it_goes_on() -> None:
    first, last = (content for _, content in SETS["zip by Info-ZIP"])
    assert [unfinished(first), unfinished(last), unfinished(DOCX), unfinished(b"")] == [True, True, False, False]
    assert read(last, "ảnh.jpg", LIMITS).reason == "malformed"
    assert read(first, "ảnh.jpg", LIMITS).reason == "malformed"
    volumes = Path(__file__).parent / "genuine" / "libarchive"
    for path in volumes.glob("*.rar"):
        assert read(path.read_bytes(), "x.bin", LIMITS).reason == "malformed"


def test_the_same_set_twice_is_read_twice() -> None:
    files = SETS["7z by 7-Zip"]
    assert [one.pieces for one in joined([*files, *files])] == [(0, 1), (2, 3)]


def test_a_great_many_pieces_cost_little() -> None:
    files: Files = [(f"{number}.z{number % 100:02}", b"") for number in range(20_000)]
    assert joined(files) == []


PDF = (SAMPLES / "pdf" / "reportlab.pdf").read_bytes()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(5000)
WORDS = "Kế hoạch số 12 của văn phòng.\n".encode() * 500


@pytest.mark.parametrize(
    ("first", "second"), [(PDF, PDF), (DOCX, DOCX), (DOCX, PDF), (PNG, PNG), (DOCX, WORDS), (PDF, WORDS)]
)
@pytest.mark.parametrize("names", [("VB.001", "VB.002"), ("VB.docx.aa", "VB.docx.ab")])
def test_files_that_stand_alone_are_no_pieces_whatever_their_names(
    first: bytes, second: bytes, names: tuple[str, str]
) -> None:
    files: Files = [(names[0], first), (names[1], second)]
    assert joined(files) == []
    found = read(bombs.zipped(dict(files)), "gói.zip", LIMITS)  # type: ignore[arg-type]
    assert [member.name for member in found.members] == list(names)


def test_texts_behind_a_large_piece_do_not_have_it_searched_each() -> None:
    """A zip whose end is missing, and looked for: once, though 998 texts stand behind it."""
    files: Files = [("a.zip.001", b"PK\x03\x04" + b"PK\x05\x05" * 2_000_000)]
    files += [(f"a.zip.{number:03}", WORDS[:100]) for number in range(2, 1000)]
    begin = time.process_time()
    (whole,) = joined(files)
    assert time.process_time() - begin < 2
    assert len(whole.pieces) == 999


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.txt", "a.pdf"])
def test_a_later_piece_may_begin_in_the_middle_of_a_text(name: str) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        one = tarfile.TarInfo("a.txt")
        one.size = len(WORDS)
        archive.addfile(one, io.BytesIO(WORDS))
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as plain:
        plain.writestr("a.txt", WORDS)
    cut_pdf = PDF.replace(b"%%EOF", b"") + b"%" + WORDS + b"\n%%EOF\n"
    content = {"a.zip": stored.getvalue(), "a.tar": packed.getvalue(), "a.txt": WORDS, "a.pdf": cut_pdf}[name]
    (whole,) = joined(cut(content, name, (".001", ".002")))
    assert whole.content == content


def test_volumes_too_large_for_memory_cost_nothing_but_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(_files: Files) -> list[object]:
        raise MemoryError

    monkeypatch.setattr("vanthu.documents.work.volumes.joined", no_memory)
    files = {"lá thư.txt": "Kính gửi".encode(), **{name or "": content for name, content in SETS["7z by 7-Zip"]}}
    found = read(bombs.zipped(files), "gói.zip", LIMITS)
    assert found.reason == "too_large"
    assert [member.name for member in found.members] == ["lá thư.txt"]
