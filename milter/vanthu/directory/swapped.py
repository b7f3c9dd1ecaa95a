"""Positions that stand in the column of agencies, and agencies in that of positions: found by what the words say."""

from __future__ import annotations

from dataclasses import replace

from . import wording
from .entries import Entry, Remark, Understood

_MOST = 0.6


def set_right(found: Understood) -> list[Entry]:
    """Where the column of positions holds offices, and that of offices positions, the headers stand wrong."""
    header = found.header
    if header is None or not found.entries or not (header.of("agency") or header.of("unit")):
        return found.entries
    pairs = [(entry.position, entry.agency[0] if entry.agency else "") for entry in found.entries]
    wrong = [
        (wording.is_office(position) or wording.is_unit(position)) and wording.is_position(agency)
        for position, agency in pairs
    ]
    if not any(wrong):
        return found.entries
    if sum(wrong) >= _MOST * len(wrong) and len(wrong) > 1:
        text = f"positions and agencies stand under each other's names in {sum(wrong)} of {len(wrong)} rows: read so"
        found.remarks.append(Remark("question", found.label, text))
    return [
        replace(entry, position=entry.agency[0], agency=(entry.position, *entry.agency[1:])) if swap else entry
        for entry, swap in zip(_marked(found, wrong), wrong, strict=True)
    ]


def _marked(found: Understood, wrong: list[bool]) -> list[Entry]:
    if sum(wrong) < _MOST * len(wrong) or len(wrong) == 1:
        for entry, swap in zip(found.entries, wrong, strict=True):
            if swap:
                found.remarks.append(Remark("question", entry.place, "position and agency are swapped: read so"))
    return found.entries
