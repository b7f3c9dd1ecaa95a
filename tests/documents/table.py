"""``python tests/documents/table.py [PATH...]``: what was read of each sample (or of these files), one line each."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.read import read

SAMPLES = Path(__file__).parent / "samples"


def main(paths: list[str]) -> None:
    files = [Path(path) for path in paths] or sorted(path for path in SAMPLES.glob("*/*") if path.is_file())
    print(f"{'file':54} {'read by':>8} {'chars':>8} {'members':>7} {'ms':>7}  reason; parts")
    for path in files:
        content = path.read_bytes()
        started = time.perf_counter()
        found = read(content, path.name, DocumentLimits(seconds=60, ocr_seconds=60))
        spent = 1000 * (time.perf_counter() - started)
        every = list(_all(found))
        texts = [text for one in every for text in one.texts]
        readers = "+".join(sorted({text.read_by for text in texts})) or "-"
        parts = Counter(text.part.rstrip(" 0123456789") or "body" for text in texts)
        shown = ", ".join(f"{part} {count}" for part, count in parts.items())
        size = sum(len(text.text) for text in texts)
        name = f"{path.parent.name}/{path.name}"
        print(f"{name:54} {readers:>8} {size:8} {len(every) - 1:7} {spent:7.1f}  {found.reason or 'whole'}; {shown}")


def _all(found: Extraction) -> list[Extraction]:
    return [found, *(one for member in found.members for one in _all(member.extraction))]


if __name__ == "__main__":
    main(sys.argv[1:])
