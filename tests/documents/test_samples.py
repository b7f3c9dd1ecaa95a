"""Every sample is read, or named with its reason: one letter in many formats, made by many programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.read import read

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(path for path in SAMPLES.glob("*/*") if path.is_file())
SAID = ("1017/UBND-VX", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Kính gửi: Các sở, ban ngành tỉnh")
WHOLE = [path for path in FILES if not path.name.startswith(("encrypted-", "broken-", "part-"))]


def text_of(extraction: Extraction) -> str:
    """All texts, members included, with blanks made alike."""
    texts = [text.text for text in extraction.texts] + [text_of(member.extraction) for member in extraction.members]
    return " ".join(" ".join(texts).split())


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_letter_is_read(path: Path) -> None:
    extraction = read(path.read_bytes(), path.name, DocumentLimits(seconds=60, ocr_seconds=60))
    assert extraction.reason is None
    text = text_of(extraction)
    assert [said for said in SAID if said not in text] == []


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.name.startswith("encrypted-")],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_encrypted_is_told_apart(path: Path) -> None:
    extraction = read(path.read_bytes(), path.name, DocumentLimits())
    assert extraction.reason == "encrypted"
    assert "1017/UBND-VX" not in text_of(extraction)
