"""docs/documents.md is made of the readers' docstrings. After a change: ``python tests/documents/test_manual.py``."""

from __future__ import annotations

from pathlib import Path

from vanthu.documents.manual import page

MANUAL = Path(__file__).parents[2] / "docs" / "documents.md"


def test_the_manual_says_what_the_readers_say() -> None:
    assert MANUAL.read_text("utf-8") == page()


if __name__ == "__main__":
    MANUAL.write_text(page(), "utf-8")
