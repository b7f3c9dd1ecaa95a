"""The text of one PDF page as PDFium orders it, with a tab where a gap in a line separates columns.

PDFium writes a plain blank between "Số: 12/UBND" and the place and date far to its right; the head of a letter is only
understood when its columns stay apart. The text of form fields, stamps and free-text notes follows the page's own.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

_GAP = 1.6  # times the height of a letter
_MOST_ANNOTATIONS = 1000
_HYPHEN = 2  # what PDFium gives for a hyphen at the end of a line


def of_page(page: pdfium.PdfPage, most: int) -> str:
    """At most ``most`` characters of the page, then its annotations."""
    textpage = page.get_textpage()
    try:
        text = _with_columns(textpage.raw, min(textpage.count_chars(), most))
    finally:
        textpage.close()
    fields = [value for value in _annotations(page) if value and value not in text]
    return "\n".join((text, *fields))


def _with_columns(textpage: raw.FPDF_TEXTPAGE, count: int) -> str:
    codes = [raw.FPDFText_GetUnicode(textpage, index) for index in range(count)]
    pieces: list[str] = []
    for index, code in enumerate(codes):
        if code == 32 and 0 < index < count - 1 and _is_gap(textpage, index):
            pieces.append("\t")
        elif code == _HYPHEN:
            pieces.append("-")
        else:
            pieces.append(chr(code) if code < 0x110000 else "\ufffd")
    return "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_gap(textpage: raw.FPDF_TEXTPAGE, index: int) -> bool:
    """Whether the letters around this blank stand on one line and far apart."""
    before, after = _box(textpage, index - 1), _box(textpage, index + 1)
    if before is None or after is None:
        return False
    height = max(before[3] - before[2], after[3] - after[2], 4.0)
    level = min(before[3], after[3]) > max(before[2], after[2])
    return level and after[0] - before[1] > _GAP * height


def _box(textpage: raw.FPDF_TEXTPAGE, index: int) -> tuple[float, float, float, float] | None:
    """Left, right, bottom, top of a character, in points."""
    sides = [ctypes.c_double() for _ in range(4)]
    if not raw.FPDFText_GetCharBox(textpage, index, *map(ctypes.byref, sides)):
        return None
    left, right, bottom, top = (side.value for side in sides)
    return left, right, bottom, top


def _annotations(page: pdfium.PdfPage) -> Iterator[str]:
    form = page.formenv
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
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
