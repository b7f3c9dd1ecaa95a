"""Calendars and cards: files inside them, the charset of the whole, and bounds of time and text."""

from __future__ import annotations

import base64
import time

import pytest

from vanthu.documents.formats import entries
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.read import read
from vanthu.documents.work import Found, Stop, Work

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


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_any_unicode_is_read(charset: str, end: str) -> None:
    text = calendar("SUMMARY:Họp giao ban", f"ATTACH;ENCODING=BASE64;X-FILENAME=a.txt:{FILE[:8]}\r\n {FILE[8:]}")
    found = read(text.replace("\r\n", end).encode(charset), None, LIMITS)
    assert found.type == "text/calendar"
    assert "SUMMARY:Họp giao ban" in found.texts[0].text.split("\n")
    assert inside(found) == [("a.txt", "Văn bản đính kèm")]


def _work(limits: DocumentLimits) -> Work:
    return Work(limits, 1, lambda content, name, _: read(content, name, limits))


def test_the_clock_is_looked_at_and_what_was_read_stays() -> None:
    found = Found("text/calendar", None, _work(DocumentLimits(seconds=0)))
    with pytest.raises(Stop, match="timeout"):
        entries.read(calendar(*["COMMENT:Họp"] * 10_000).encode(), found)
    assert 1000 < found.texts[0].text.count("COMMENT:Họp") < 10_000


def test_more_text_than_wanted_is_not_gathered() -> None:
    found = Found("text/calendar", None, _work(DocumentLimits(max_text=1000)))
    with pytest.raises(Stop, match="too_large"):
        entries.read(calendar(*["COMMENT:Họp"] * 1000, f"ATTACH;ENCODING=BASE64:{FILE}").encode(), found)
    assert 900 < len(found.texts[0].text) <= 1000
    assert found.members == []
    blank = read(calendar(*[""] * 2000, "SUMMARY:x").encode(), None, DocumentLimits(max_text=1000))
    assert blank.reason == "too_large"
