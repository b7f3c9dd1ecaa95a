"""``vanthu facts`` and ``vanthu facts --document`` on a corpus of hostile files: they never fail, hang or exceed what
the limits say. Time and peak memory of each file are measured."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from documents.hostile_archives import ARCHIVES
from documents.hostile_documents import DOCUMENTS, MAILS
from vanthu.documents.child import GRACE

SECONDS = 5.0
MEMORY = 512 << 20
BASE = 160 << 20  # what the process is born with: interpreter, libraries
NOISE = 20.0  # seconds that a busy machine may add
COMMAND = 600
SETTINGS = f"""
version: 1
dns: {{enabled: false}}
documents: {{seconds: {SECONDS}, ocr_seconds: {SECONDS}, memory: {MEMORY}}}
"""
ATTACHED = (
    "flat.zip", "in-itself.zip", "gigabyte.xz", "dictionary.7z", "hundred-thousand.tar", "circular.pdf", "deep.dat",
    "laughs.docx", "cells.xlsx", "deep.rtf", "fat-loop.doc", "picture.png", "files.ics", "noise-msg",
)  # fmt: skip
# Reasons that one of the file, or of what is in it, must have: to read such a file to its end would be wrong.
TOLD = {
    "bomb": (
        "flat.zip nested.zip overlapping.zip gigabyte.gz gigabyte.bz2 gigabyte.xz bz2-in-bz2.tar.bz2 laughs.docx "
        "laughs.odt quadratic.docx deep.docx tables.docx one-word.docx cells.xlsx deep.rtf picture.png "
        "gigapixels.png lies.bmp lies.gif"
    ),
    "too_many": "ten-thousand.zip hundred-thousand.tar pages.pdf files.ics mails.mbox",
    "too_deep": "deep.zip deep.dat",
    "too_large": "same-string.xlsx two-hundred-megabytes.bin two-hundred-megabytes.txt",
    "malformed": (
        "huge-size.zip far-offset.zip dictionary.xz dictionary.7z promise.7z eight-exbibytes.tar octal-lies.tar "
        "long-name.tar fat-loop.doc pages.tiff circular.pdf"
    ),
}


def written(files: dict[str, Callable[[], bytes]], folder: Path) -> list[Path]:
    paths = []
    for name, make in files.items():
        paths.append(folder / name)
        paths[-1].write_bytes(make())
    return paths


def measured(paths: list[Path]) -> dict[str, dict[str, Any]]:
    """What ``measured.py`` prints, by name."""
    command = [sys.executable, "-m", "documents.measured", str(SECONDS), str(MEMORY), *map(str, paths)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, timeout=COMMAND, check=True, env=environment)
    return {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("files", [ARCHIVES, DOCUMENTS], ids=["archives", "documents"])
def test_no_document_costs_more_than_its_limits(files: dict[str, Callable[[], bytes]], tmp_path: Path) -> None:
    paths = written(files, tmp_path)
    found = measured(paths)
    assert set(found) == set(files)
    for path in paths:
        one = found[path.name]
        assert one["status"] == 0, one
        assert one["seconds"] < 2 * SECONDS + GRACE + NOISE, one
        # The file itself is held by who asks and in the sealed memory that the child reads.
        assert one["peak"] < BASE + MEMORY + 3 * path.stat().st_size, one
    for reason, names in TOLD.items():
        assert [name for name in names.split() if name in files and reason not in found[name]["reasons"]] == []


def command(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """What the command prints; it must not fail."""
    (folder / "vanthu.yaml").write_text(SETTINGS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "vanthu", "facts", *arguments],
        cwd=folder,
        capture_output=True,
        timeout=COMMAND,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_command_says_a_line_for_every_hostile_archive(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    paths = written(ARCHIVES, corpus)
    found = command(tmp_path, "--document", str(corpus))
    assert [Path(one["path"]).name for one in found] == sorted(path.name for path in paths)
    assert all(1 <= len(one["attachments"]) <= 1000 for one in found)


def test_the_command_says_a_line_for_every_hostile_mail(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    written(MAILS, corpus)
    for name in ATTACHED:
        head = f'From: a@b.vn\nTo: c@d.vn\nContent-Disposition: attachment; filename="{name}"\n'
        head += "Content-Transfer-Encoding: base64\nContent-Type: application/octet-stream\n\n"
        content = (ARCHIVES | DOCUMENTS)[name]()
        (corpus / f"{name}.eml").write_bytes(head.encode() + base64.encodebytes(content))
    found = {Path(one["path"]).name: one for one in command(tmp_path, str(corpus))}
    assert set(found) == {path.name for path in corpus.iterdir()}
    defects = {
        "parts": "too_many_parts", "attachments": "too_many_attachments", "boundaries": "too_deep",
        "fields": "header_too_large", "two-hundred-megabytes": "text_truncated",
    }  # fmt: skip
    for name, defect in defects.items():
        assert defect in found[f"{name}.eml"]["defects"]
    assert {one["reason"] for one in found["nested.eml"]["attachments"]} == {None, "too_deep"}
    assert found["flat.zip.eml"]["attachments"][0]["reason"] == "bomb"
    assert {one["fact"] for one in found["laughs.docx.eml"]["unavailable"]} == {"/official", "/secrecy", "/forward"}
