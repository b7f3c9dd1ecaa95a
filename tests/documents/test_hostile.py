"""Nothing that a file holds makes ``read`` raise, hang or take more than its limits: it ends in a reason."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import bombs
from vanthu.documents.kinds import kind_of
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.read import read

SAMPLES = sorted(path for path in (Path(__file__).parent / "samples").glob("*/*") if path.is_file())
LIMITS = DocumentLimits(seconds=20, ocr="off", max_unpacked=100 << 20)


def reasons(extraction: Extraction) -> set[str | None]:
    below: set[str | None] = set().union(*(reasons(member.extraction) for member in extraction.members))
    return below | {extraction.reason}


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "flat zip": (lambda: bombs.flat_zip(60), "bomb"),
    "zips in zips": (lambda: bombs.nested_zip(4, 8, bombs.flat_zip(30)), "bomb"),
    "overlapping zip": (lambda: bombs.overlapping_zip(20_000), "bomb"),
    "deep zip": (lambda: bombs.nested_zip(12, 1, b"text"), "too_deep"),
    "deep gzip": (lambda: bombs.gzip_quine_like(60), "malformed"),
    "ten thousand members": (lambda: bombs.zipped({f"{number}.txt": b"x" for number in range(10_000)}), "too_many"),
    "billion laughs": (lambda: bombs.docx_of(bombs.laughs("document")), "bomb"),
    "deep XML": (lambda: bombs.docx_of(b"<document>" + b"<p>" * 100_000), "bomb"),
    "docx of one word": (lambda: bombs.docx_of(b"<document><p><r><t>" + b"chu " * 8_000_000), "bomb"),
    "three thousand pages": (lambda: bombs.pdf_of_pages(3000), "too_many"),
    "picture of ten gigapixels": (lambda: bombs.png_header(100_000, 100_000), "bomb"),
    "deep RTF": (lambda: b"{\\rtf1" + b"{" * 100_000, "bomb"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_named(name: str) -> None:
    make, expected = BOMBS[name]
    content = make()
    started = time.monotonic()
    assert expected in reasons(read(content, None, LIMITS))
    assert time.monotonic() - started < 30


def test_hundred_zips_of_one_megabyte_stop_at_the_limit() -> None:
    limits = DocumentLimits(max_unpacked=5 << 20, ocr="off")
    extraction = read(bombs.zipped({f"{number}.txt": bytes(1 << 20) for number in range(100)}), None, limits)
    assert extraction.reason in ("bomb", "too_large")
    assert len(extraction.members) < 10


def test_text_is_bounded() -> None:
    extraction = read("chữ ".encode() * 100_000, "a.txt", DocumentLimits(max_text=1000))
    assert extraction.reason == "too_large"
    assert sum(len(text.text) for text in extraction.texts) <= 1000


def test_size_is_bounded() -> None:
    assert read(bytes(200 << 20), None, LIMITS).reason == "too_large"


def test_a_circular_pdf_ends() -> None:
    started = time.monotonic()
    read(bombs.circular_pdf(), None, LIMITS)
    assert time.monotonic() - started < 20


def test_a_huge_page_is_rendered_small() -> None:
    extraction = read(bombs.huge_page_pdf(), None, DocumentLimits(ocr_seconds=30))
    assert extraction.pages == 1


def test_entities_are_never_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    head = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file://{secret}">]>'
    page = head + "<document><p><r><t>&e;</t></r></p></document>"
    extraction = read(bombs.docx_of(page.encode()), None, LIMITS)
    assert "geheim" not in str(extraction)
    assert extraction.reason in ("bomb", "malformed")


def test_path_traversal_names_are_only_names(tmp_path: Path) -> None:
    extraction = read(bombs.zipped({"../../../../etc/evil.txt": b"x", "/abs.txt": b"y"}), None, LIMITS)
    assert [member.name for member in extraction.members] == ["../../../../etc/evil.txt", "/abs.txt"]


def test_a_broken_member_costs_only_itself() -> None:
    archive = bytearray(bombs.zipped({"a.txt": "chữ một".encode() * 50, "b.txt": "chữ hai".encode() * 50}))
    at = archive.find(b"a.txt") + 10
    archive[at] ^= 0xFF
    extraction = read(bytes(archive), None, LIMITS)
    assert [member.extraction.reason for member in extraction.members] == ["malformed", None]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_cut_and_damaged_samples_end_in_a_reason_or_text(path: Path) -> None:
    content = path.read_bytes()
    chance = random.Random(path.name)
    for _ in range(6):
        read(content[: chance.randrange(len(content))], path.name, LIMITS)
        damaged = bytearray(content)
        for _ in range(1 + len(damaged) // 500):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        read(bytes(damaged), path.name, LIMITS)


# What shows by itself that an end is missing. Plain text, mail and tar need none; PDFium mends what is cut.
CLOSED = (
    "docx",
    "doc",
    "xlsx",
    "xls",
    "pptx",
    "ppt",
    "odt",
    "ods",
    "odp",
    "rtf",
    "msg",
    "zip",
    "7z",
    "rar",
    "gz",
    "bz2",
    "xz",
)


@pytest.mark.parametrize(
    "path",
    [one for one in SAMPLES if one.parent.name in CLOSED and not one.name.startswith(("part-", "encrypted-"))],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_a_file_that_is_cut_never_looks_whole(path: Path) -> None:
    content = path.read_bytes()
    for share in (0.3, 0.6, 0.9):
        found = read(content[: int(len(content) * share)], path.name, LIMITS)
        assert reasons(found) & {"malformed", "unsupported", "encrypted"}, share


@pytest.mark.parametrize("path", SAMPLES[::7], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_name_changes_nothing(path: Path) -> None:
    content = path.read_bytes()
    kind = kind_of(content, path.name)
    if kind != "text/plain":
        assert kind_of(content, "x.jpg") == kind


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([path.read_bytes()[:64] for path in SAMPLES]), st.binary(max_size=3000))
def test_any_octets_behind_a_true_beginning(head: bytes, rest: bytes) -> None:
    read(head + rest, None, DocumentLimits(seconds=5, ocr="off", max_unpacked=10 << 20))
