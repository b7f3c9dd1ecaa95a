"""Optical character recognition with Debian's tesseract and its Vietnamese data (both Apache 2.0).

``tesseract`` runs as a subprocess that gets the picture on its standard input and gives text on its standard output:
no file is written, and a deadline kills it for certain. ``ocr_ready`` says why OCR cannot work; then, and when the
time for OCR is used up, the document gets the reason ``unavailable`` or ``timeout`` and keeps its other texts.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from . import ocr_page, ocr_words
from .work import Found

if TYPE_CHECKING:
    from PIL import Image

_LANGUAGE = "vie"
_LEAST_SECONDS = 0.3
# Both find columns and boxes by themselves; 1 also looks which way up the page is (package tesseract-ocr-osd).
_UPRIGHT, _ANY_WAY_UP = "3", "1"
_SENSE, _FEW = 70.0, 8
# A document may begin with a logo or an empty page: so many pictures are tried for the first one that says something.
_TRIES = 3


@lru_cache(maxsize=1)
def ocr_ready() -> str | None:
    """None when OCR works, else what is missing."""
    program = shutil.which("tesseract")
    if program is None:
        return "tesseract is not installed (package tesseract-ocr)"
    try:
        listed = subprocess.run(  # noqa: S603
            [program, "--list-langs"], capture_output=True, timeout=20, check=False, env=_environment()
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"tesseract does not run: {error}"
    if _LANGUAGE not in (listed.stdout + listed.stderr).decode("utf-8", "replace").split():
        return "tesseract has no Vietnamese data (package tesseract-ocr-vie)"
    return None


def _environment() -> dict[str, str]:
    """One thread: pages are read beside mail, and two threads are hardly faster."""
    kept = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    return {"PATH": "/usr/bin:/bin", **kept, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}


def wanted(found: Found) -> bool:
    """Whether one more picture or page of this document is to be read."""
    mode = found.work.limits.ocr
    if mode == "off":
        return False
    return mode == "all" or not found.ocr_done


def picture(image: Image.Image, part: str, found: Found) -> None:
    """Read a picture and add its text; a flaw is noted where that is impossible."""
    if not wanted(found):
        return
    if ocr_ready() is not None:
        found.flaw("unavailable")
        return
    started = time.monotonic()
    try:
        text = _read(image, found.work.ocr_left())
    finally:
        found.work.ocr_spent += time.monotonic() - started
    if text is None:
        found.flaw("timeout")
        return
    found.ocr_tries += 1
    found.ocr_done = len(text.split()) >= _FEW or found.ocr_tries >= _TRIES
    found.add(text, part, "ocr")


def _read(image: Image.Image, seconds: float) -> str | None:
    """The text, or None when time is up. A page that gives no sense may lie on its side or upside down."""
    deadline = time.monotonic() + seconds
    if seconds < _LEAST_SECONDS:
        return None
    buffer = io.BytesIO()
    ocr_page.prepared(image).save(buffer, "PNG", compress_level=1)
    page = _recognised(buffer.getvalue(), _UPRIGHT, deadline)
    if page is not None and page.sure < _SENSE and page.words >= _FEW:
        turned = _recognised(buffer.getvalue(), _ANY_WAY_UP, deadline)
        if turned is not None and turned.sure > page.sure:
            page = turned
    return page.text if page is not None else None


def _recognised(picture: bytes, layout: str, deadline: float) -> ocr_words.Page | None:
    command = [
        shutil.which("tesseract") or "tesseract", "stdin", "stdout", "-l", _LANGUAGE, "--psm", layout, "--oem", "1",
        "--dpi", str(ocr_page.DPI), "tsv",
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603
            command, input=picture, capture_output=True, env=_environment(), cwd="/", check=False,
            timeout=max(_LEAST_SECONDS, deadline - time.monotonic()),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    except OSError:
        return ocr_words.page_of("")
    return ocr_words.page_of(done.stdout.decode("utf-8", "replace"))
