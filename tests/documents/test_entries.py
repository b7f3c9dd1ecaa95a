"""Calendars and cards: files inside them, the charset of the whole, and bounds of time and text."""

from __future__ import annotations

import base64
import time

import pytest

from vanthu.documents.formats import entries
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.read import read

LIMITS = DocumentLimits(ocr="off")
FILE = base64.b64encode("Văn bản đính kèm".encode()).decode()


def calendar(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""))


def inside(found: Extraction) -> list[tuple[str | None, str]]:
    return [(one.name, one.extraction.texts[0].text) for one in found.members]


@pytest.mark.parametrize("name", ["a: b.txt", "a;b.txt", "http://x/a:b;c:.txt"])
def test_a_quoted_parameter_may_hold_any_sign(name: str) -> None:
    line = f'ATTACH;FILENAME="{name}";ENCODING=BASE64;VALUE=BINARY:{FILE}'
    assert inside(read(calendar(line).encode(), None, LIMITS)) == [(name, "Văn bản đính kèm")]


@pytest.mark.parametrize("parameter", ['X="a', 'X=a"', 'X="a"b"', 'X=""'])
def test_a_stray_quote_hides_no_file(parameter: str) -> None:
    line = f"ATTACH;{parameter};ENCODING=BASE64;VALUE=BINARY:{FILE}"
    assert [text for _, text in inside(read(calendar(line).encode(), None, LIMITS))] == ["Văn bản đính kèm"]


@pytest.mark.parametrize("unit", ['"', '""', '"a', ';"', ';a="b"', ";"])
def test_hostile_parameters_take_bounded_time(unit: str) -> None:
    line = ("ATTACH;" + unit * 5000).encode()
    started = time.perf_counter()
    for _ in range(100):
        assert entries._PROPERTY.match(line) is None
    assert time.perf_counter() - started < 2
