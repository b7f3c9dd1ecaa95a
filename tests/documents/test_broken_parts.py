"""Parts of a package that are broken: what stands before the break is read, and the break is a fact."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from documents import bombs
from vanthu.documents.archives.zip_directory import directory
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read

LIMITS = DocumentLimits(ocr="off")
_FORMATS = ("docx", "xlsx", "pptx", "odt", "ods", "odp")
_PACKAGES = [path for one in _FORMATS for path in sorted((Path(__file__).parent / "samples" / one).iterdir())]
_LETTER = (
    "<w:document xmlns:w='urn:w'><w:body>"
    + "".join(f"<w:p><w:r><w:t>Số: {number}/UBND-VP, mật</w:t></w:r></w:p>" for number in range(5000))
    + "</w:body></w:document>"
).encode()


def _text(content: bytes) -> tuple[str, str | None]:
    found = read(content, None, LIMITS)
    return "\n".join(one.text for one in found.texts), found.reason


def _body(content: bytes) -> tuple[int, int]:
    """Where the packed octets of the document part begin and end."""
    (entry,) = [one for one in directory(content, 10).entries if one.name == "word/document.xml"]
    start = entry.offset + 30 + len(entry.name)
    return start, start + entry.packed


def test_a_part_with_a_wrong_checksum_is_read() -> None:
    content = bombs.docx_of(_LETTER)
    found = directory(content, 10).entries[-1]
    wrong = content.replace(found.crc.to_bytes(4, "little"), (found.crc ^ 1).to_bytes(4, "little"))
    assert wrong != content
    text, reason = _text(wrong)
    assert reason == "malformed"
    assert text == _text(content)[0]


def test_a_part_is_read_as_far_as_it_can_be_unpacked() -> None:
    content = bombs.docx_of(_LETTER)
    start, end = _body(content)
    middle = (start + end) // 2
    text, reason = _text(content[:middle] + b"\xff" * (end - middle) + content[end:])
    assert reason == "malformed"
    lines = len(re.findall(r"^Số: \d+/UBND-VP, mật$", text, re.MULTILINE))
    assert 1000 < lines < 5000


@pytest.mark.parametrize("filler", [b"\0", b"<w:p>"])
def test_a_bomb_is_one_also_where_it_is_no_xml(filler: bytes) -> None:
    assert _text(bombs.docx_of(filler * (80_000_000 // len(filler))))[1] == "bomb"


@pytest.mark.parametrize("path", _PACKAGES, ids=lambda path: path.name)
def test_where_the_pieces_end_does_not_matter(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(path.read_bytes(), path.name, LIMITS)
    monkeypatch.setattr("vanthu.documents.archives.zip_directory._PIECE", 5)
    assert read(path.read_bytes(), path.name, LIMITS) == whole
