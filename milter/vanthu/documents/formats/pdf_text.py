"""The text of one PDF page as PDFium orders it, with a tab where a gap in a line separates columns.

PDFium writes a plain blank between "Số: 12/UBND" and the place and date far to its right; the head of a letter is
only understood when its columns stay apart. The text of form fields, stamps and free-text notes follows the page's
own.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from itertools import pairwise

import pypdfium2 as pdfium
from pypdfium2 import raw

_GAP = 1.0  # times the height of the font; blanks of justified lines stay below
_WORD_GAP = 0.12
_BLANK = 32
_LEVEL = 5.0  # points between a letter and its index or exponent
_Placed = tuple[float, float, int, int]
_HYPHEN = 2  # what PDFium gives for a hyphen at the end of a line
# Where PDFium writes its answers, made once: a page has thousands of letters. It serves one thread a process anyhow.
_x, _y, _loose = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
_X, _Y, _LOOSE = ctypes.byref(_x), ctypes.byref(_y), ctypes.byref(_loose)


def of_page(page: pdfium.PdfPage, most: int, notes: list[str]) -> str:
    """At most ``most`` characters of the page, then those of its annotations that it does not show."""
    textpage = page.get_textpage()
    try:
        text = _with_columns(textpage.raw, min(textpage.count_chars(), most))
    finally:
        textpage.close()
    return "\n".join((text, *(note for note in notes if note and note not in text)))


def _with_columns(textpage: raw.FPDF_TEXTPAGE, count: int) -> str:
    pieces: list[str] = []
    line: list[tuple[int, int]] = []
    for index in range(count):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if code in (10, 13):
            if line:
                pieces += (_line(textpage, line), "\n")
                line = []
        elif code == _HYPHEN:  # PDFium takes the next line for the rest of the word
            pieces += (_line(textpage, line), "-")
            line = []
        else:
            line.append((index, code))
    if line:
        pieces.append(_line(textpage, line))
    return "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _line(textpage: raw.FPDF_TEXTPAGE, line: list[tuple[int, int]]) -> str:
    """One line in the order of the page. Letters of a substitute font are drawn after all others: they go back in."""
    placed = [
        (*at, index, code) for index, code in line if code != _BLANK and (at := _origin(textpage, index)) is not None
    ]
    if _in_order(placed) or any(0x590 <= code < 0x900 for _, code in line):
        pieces = [
            "\t" if code == _BLANK and 0 < at < len(line) - 1 and _is_gap(textpage, line[at - 1][0], line[at + 1][0])
            else _letter(code)
            for at, (_, code) in enumerate(line)
        ]  # fmt: skip
        return "".join(pieces)
    blanks = [
        (*at, index, code)
        for index, code in line
        if code == _BLANK and not raw.FPDFText_IsGenerated(textpage, index)
        and (at := _origin(textpage, index)) is not None
    ]  # fmt: skip
    return _sorted(textpage, sorted(placed + blanks))


def _in_order(placed: list[_Placed]) -> bool:
    """From left to right; what stands on several levels is no line, and is left as it comes."""
    if all(one[0] <= two[0] + 1.0 for one, two in pairwise(placed)):
        return True
    levels = [one[1] for one in placed]
    return max(levels) - min(levels) > _LEVEL


def _sorted(textpage: raw.FPDF_TEXTPAGE, letters: list[_Placed]) -> str:
    pieces: list[str] = []
    before: int | None = None
    for _, _, index, code in letters:
        if code == _BLANK:
            pieces.append(" ")
            continue
        if before is not None and _is_gap(textpage, before, index):
            pieces.append("\t")
        elif before is not None and pieces[-1] != " " and _is_gap(textpage, before, index, _WORD_GAP):
            pieces.append(" ")
        pieces.append(_letter(code))
        before = index
    return "".join(pieces)


def _letter(code: int) -> str:
    return chr(code) if code < 0x110000 else "\ufffd"


def _origin(textpage: raw.FPDF_TEXTPAGE, index: int) -> tuple[float, float] | None:
    return (_x.value, _y.value) if raw.FPDFText_GetCharOrigin(textpage, index, _X, _Y) else None


def _is_gap(textpage: raw.FPDF_TEXTPAGE, one: int, two: int, gap: float = _GAP) -> bool:
    """Whether two letters stand on one line and far apart."""
    before, after = _box(textpage, one), _box(textpage, two)
    if before is None or after is None:
        return False
    height = max(before[3] - before[2], after[3] - after[2], 4.0)
    level = min(before[3], after[3]) > max(before[2], after[2])
    return level and after[0] - before[1] > gap * height


def _box(textpage: raw.FPDF_TEXTPAGE, index: int) -> tuple[float, float, float, float] | None:
    """Left, right, bottom, top of a character in points, as high as its font: letters differ, lines do not."""
    if not raw.FPDFText_GetLooseCharBox(textpage, index, _LOOSE):
        return None
    return _loose.left, _loose.right, _loose.bottom, _loose.top


def notes_on(page: pdfium.PdfPage) -> Iterator[str]:
    """What form fields, stamps and notes hold as their values."""
    form = page.formenv
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            if kind == raw.FPDF_ANNOT_WIDGET and form is not None:
                yield _field(form, annotation)
            elif kind in (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_STAMP):
                yield _contents(annotation)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _field(form: pdfium.PdfFormEnv, annotation: raw.FPDF_ANNOTATION) -> str:
    return _utf16(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))


def _contents(annotation: raw.FPDF_ANNOTATION) -> str:
    return _utf16(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))


def _utf16(call: Callable[[object, int], int]) -> str:
    size = call(None, 0)
    if not 2 < size < 200_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le", "replace").rstrip("\0")
