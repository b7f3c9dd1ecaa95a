"""Annexes: ``Phụ lục I`` over ``(Kèm theo Quyết định số 15/QĐ-BNV …)``, in a file of its own or behind a document.

Contract: ``of(boxes)`` gives ``(place, what it belongs to)`` for each, at most eight. A form or petition that says in
which circular its pattern was published (``Mẫu số 01 …, Ban hành kèm theo Thông tư …``) is no annex.
"""

from __future__ import annotations

import re

from vanthu.facts.official import elements
from vanthu.facts.official.page import Box

_MOST = 8
_PATTERN = re.compile(r"^\(?(?:Mau|MAU|Bieu|BIEU)\b")
_NOT = frozenset({"private_title", "contract", "first_person", "quoc_hieu", "tieu_ngu"})
REFERENCE = re.compile(
    r"(?P<n>\d{1,5})\s?(?:/\s?(?P<y>(?:19|20)\d\d))?\s?/\s?(?P<s>[A-ZĐÐ][\w&.]*(?:\s?[-–]\s?[\w&.]+)*)|(?P<pn>\d{1,5})\s?-\s?(?P<ps>[A-ZĐ]\w{0,3}/[A-ZĐ][\w-]*)"
)


def of(boxes: list[Box]) -> list[tuple[int, str]]:
    """Places of the annexes' reference lines among the boxes, and the reference as written."""
    found: list[tuple[int, str]] = []
    for i, box in enumerate(boxes):
        if "annexed" not in box.elements or len(found) >= _MOST:
            continue
        around = [b for b in boxes[max(0, i - 7) : i + 4] if b.line.raw]
        titled = any(
            "annex_title" in b.elements or ("type_title" in b.elements and b.line.capital)
            for b in boxes[max(0, i - 7) : i]
        )
        capital = any(b.line.capital and len(b.line.raw) > 6 for b in boxes[max(0, i - 5) : i + 1]) and i <= 8
        if any(b.elements & _NOT or _PATTERN.match(b.line.bare) for b in around) or not (titled or capital):
            continue
        if not (box.line.raw.startswith("(") or "annex_title" in box.elements or len(box.line.raw) < 140):
            continue
        reference = elements.annexed_to(box.line)
        if reference:
            found.append((i, reference))
    return found
