"""pdf: text and page pictures by pypdfium2 (Apache 2.0 or BSD; PDFium, BSD).

Text page by page, with columns kept apart, form fields, notes and the visible part of a signature. A page with next
to no text, or whose fonts do not say what their letters are, but with something drawn on it, is rendered and goes to
OCR, the first page first. A PDF whose user password is empty is read, one with a password is ``encrypted``.
Signatures (PAdES) are noted with signer and time, and checked where the settings name authorities (time stamps of a
whole document sign nothing, and are left out); attached files are members; title, subject and keywords are labels.
Not read: XFA forms, audio.
"""

from __future__ import annotations

import ctypes
import hashlib
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
from pypdfium2 import raw

from .. import ocr
from ..model import Seal
from ..seals import naming
from ..seals.checking import Checking
from ..work import Found, Stop
from . import pdf_text

if TYPE_CHECKING:
    from PIL import Image

TYPES = ("application/pdf",)
_NEXT_TO_NOTHING = 12  # words
_DPI = 300
_MOST_PIXELS = 20_000_000
_MOST_ANNOTATIONS = 1000
_MOST_OBJECTS = 300
_OUTLINES = 60  # so many drawn shapes may be letters without a font
_FIELDS = ("Title", "Subject", "Keywords")
_MOST_SEALS = 50
_MOST_SEAL = 1 << 22
_TIME_STAMP = b"ETSI.RFC3161"
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-]\d\d)'?(\d\d)?)?")
# Letters without meaning: replacement, private use, controls.
_MEANINGLESS = re.compile("[\ufffd\ue000-\uf8ff\\x00-\\x08\\x0e-\\x1f]")


def read(content: bytes, found: Found) -> None:
    """Pages one by one, so that a broken one costs only itself."""
    document = _opened(content)
    try:
        for field in _FIELDS:
            found.label(field, document.get_metadata_value(field))
        signatures = list(_signatures(document, found.work.signatures))
        try:
            document.init_forms()
            _pages(document, found)
            _attached(document, found)
        finally:  # once the text is safe: a signature that cannot be checked costs nothing else
            found.seals.extend(found.work.signatures.pdf(content, signatures))
    finally:
        document.close()


def _opened(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Stop("encrypted") from None
        raise Stop("malformed") from None


def _pages(document: pdfium.PdfDocument, found: Found) -> None:
    count = len(document)
    limits = found.work.limits
    found.pages = count
    bare: list[int] = []
    for number in range(min(count, limits.max_pages)):
        found.work.look_at_clock()
        try:
            page, notes = _flat_page(document, number)
        except pdfium.PdfiumError:
            found.flaw("malformed")
            continue
        try:
            text = pdf_text.of_page(page, limits.max_text, notes)
            meaningless = len(_MEANINGLESS.findall(text[:4000])) * 4 > len(text[:4000])
            if not meaningless:
                found.add(text, f"page {number + 1}")
            if meaningless or (len(text.split()) < _NEXT_TO_NOTHING and _drawn(page)):
                bare.append(number)
        finally:
            page.close()
    _recognised(document, bare, found)
    if count > limits.max_pages:
        raise Stop("too_many")


def _flat_page(document: pdfium.PdfDocument, number: int) -> tuple[pdfium.PdfPage, list[str]]:
    """A page with its stamps, form fields and visible signatures drawn into it; and what these say of themselves."""
    page = document[number]
    if not 0 < raw.FPDFPage_GetAnnotCount(page) <= _MOST_ANNOTATIONS:
        return page, []
    notes = list(pdf_text.notes_on(page))
    drawn = raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
    if drawn:
        page.close()
        page = document[number]
    return page, notes


def _recognised(document: pdfium.PdfDocument, bare: list[int], found: Found) -> None:
    """Pages without text; where OCR is off they stay unread, which is a fact only if there is nothing else."""
    if found.work.limits.ocr == "off":
        found.work.pictures += len(bare)
        if bare and not found.texts:
            found.flaw("unavailable")
        return
    for number in bare:
        if not ocr.wanted(found) or found.reason in ("timeout", "unavailable"):
            return
        page = document[number]
        try:
            ocr.picture(_rendered(page), f"page {number + 1}", found)
        finally:
            page.close()


def _drawn(page: pdfium.PdfPage) -> bool:
    """Whether there is a picture of some size, or so many shapes that they may be letters."""
    width, height = page.get_size()
    shapes = 0
    for number, thing in enumerate(page.get_objects(max_depth=3)):
        if number > _MOST_OBJECTS:
            return True
        if thing.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = thing.get_bounds()
            if (right - left) * (top - bottom) * 8 > width * height:
                return True
        shapes += thing.type == raw.FPDF_PAGEOBJ_PATH
    return shapes >= _OUTLINES


def _rendered(page: pdfium.PdfPage) -> Image.Image:
    width, height = page.get_size()
    scale = _DPI / 72
    if width * height * scale * scale > _MOST_PIXELS:
        scale = (_MOST_PIXELS / (width * height)) ** 0.5
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=True, optimize_mode="print")
    try:
        picture: Image.Image = bitmap.to_pil().copy()
        return picture
    finally:
        bitmap.close()


def _attached(document: pdfium.PdfDocument, found: Found) -> None:
    for index in range(min(document.count_attachments(), found.work.limits.max_members)):
        try:
            attachment = document.get_attachment(index)
            content, name = bytes(attachment.get_data()), attachment.get_name()
        except pdfium.PdfiumError:
            continue
        found.work.room(len(content))
        found.work.unpacked(len(content))
        found.work.member(found, name, content, hashlib.sha256(content).hexdigest())


def _signatures(document: pdfium.PdfDocument, checking: Checking) -> Iterator[tuple[bytes, Seal]]:
    """The octets of each signature, and what it says of itself."""
    for index in range(min(max(0, raw.FPDF_GetSignatureCount(document)), _MOST_SEALS)):
        signature = raw.FPDF_GetSignatureObject(document, index)
        if _filter(signature).startswith(_TIME_STAMP):
            continue
        octets = _contents(signature)
        who = next(iter(checking.named(octets)), naming.NOBODY)
        yield octets, Seal("pdf", "present", who.name, who.time or _time(_stated_time(signature)), who.organization)


def _filter(signature: raw.FPDF_SIGNATURE) -> bytes:
    return _octets(lambda buffer, size: raw.FPDFSignatureObj_GetSubFilter(signature, buffer, size))


def _contents(signature: raw.FPDF_SIGNATURE) -> bytes:
    return _octets(lambda buffer, size: raw.FPDFSignatureObj_GetContents(signature, buffer, size))


def _stated_time(signature: raw.FPDF_SIGNATURE) -> str:
    return _octets(lambda buffer, size: raw.FPDFSignatureObj_GetTime(signature, buffer, size)).decode("latin-1")


def _octets(call: Callable[[object, int], int]) -> bytes:
    size = call(None, 0)
    if not 0 < size < _MOST_SEAL:
        return b""
    buffer = ctypes.create_string_buffer(size)
    call(buffer, size)
    return buffer.raw[:size]


def _time(text: str) -> str | None:
    """The date of ISO 32000-2 §7.9.4 as RFC 3339, with the zone that it states."""
    found = _DATE.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone, zone_minutes = found.groups()
    offset = f"{zone}:{zone_minutes or '00'}" if zone else "Z"
    return f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{offset}"
