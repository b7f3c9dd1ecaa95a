"""Files by real programs of three decades are read, or named with their reason: ``genuine/expected.yaml``."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from documents.test_samples import text_of
from vanthu.documents.archives.volumes import joined
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read

GENUINE = Path(__file__).parent / "genuine"
EXPECTED = yaml.safe_load((GENUINE / "expected.yaml").read_text(encoding="utf-8"))
LIMITS = DocumentLimits(ocr="off")


def test_every_file_is_expected() -> None:
    files = {str(path.relative_to(GENUINE)) for path in GENUINE.glob("*/*")}
    assert files == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_reader_sees_is_read(name: str) -> None:
    expected = EXPECTED[name]
    found = read((GENUINE / name).read_bytes(), name, LIMITS)
    assert found.reason == expected.get("reason")
    text = text_of(found)
    assert [said for said in expected.get("says", ()) if " ".join(said.split()) not in text] == []
    if "members" in expected:
        assert [member.name for member in found.members] == expected["members"]


@pytest.mark.parametrize(
    ("pattern", "first", "said"),
    [
        (
            "rar3-single.part*.rar",
            "LibarchiveAddingTest.html",
            "Introduction Libarchive is now a fairly complex piece",
        ),
        ("rar5-solid.part*.rar", "cebula.txt", "Co innego cebula."),
    ],
)
def test_volumes_together_are_read(pattern: str, first: str, said: str) -> None:
    volumes = [
        (path.name, path.read_bytes()) for path in sorted((GENUINE / "libarchive").glob(pattern), reverse=True)
    ]
    (whole,) = joined(volumes)
    found = read(whole.content, whole.name, LIMITS)
    assert found.reason is None
    assert found.members[0].name == first
    assert said in text_of(found)
    for missing in range(len(volumes)):
        rest = volumes[:missing] + volumes[missing + 1 :]
        read_apart = [read(one.content, one.name, LIMITS) for one in joined(rest)]
        read_apart += [read(content, name, LIMITS) for name, content in rest if not read_apart]
        assert "malformed" in {one.reason for one in read_apart}
