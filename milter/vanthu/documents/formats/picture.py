"""png, jpeg, tiff, webp, bmp, gif: pictures that could be a page are read by OCR (Pillow, tesseract).

At least 300 pixels wide and high and not a banner; smaller ones carry no letter and are passed over. Of a TIFF with
several pages the first is read, or all (``ocr: all``). Deskewed, scaled, in grey. Not read: handwriting, photographs
of screens, text under 8 points at 150 dpi.
"""

from __future__ import annotations

from PIL import Image, ImageSequence

from .. import ocr
from ..pictures import could_be_page, opened
from ..work import Found, Stop

TYPES = ("image/png", "image/jpeg", "image/tiff", "image/webp", "image/bmp", "image/gif")


def read(content: bytes, found: Found) -> None:
    """With ``ocr: off`` a picture that could be a page stays unread: ``unavailable``."""
    image = opened(content)
    frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    found.pages = min(frames, 100_000)
    if not could_be_page(image.width, image.height):
        return
    if found.work.limits.ocr == "off":
        found.work.pictures += 1
        found.flaw("unavailable")
        return
    for number, frame in enumerate(_frames(image, min(frames, found.work.limits.max_pages)), 1):
        if not ocr.wanted(found) or found.reason is not None:
            return
        ocr.picture(frame, f"page {number}", found)


def _frames(image: Image.Image, most: int) -> list[Image.Image]:
    if most <= 1:
        return [image]
    try:
        return [frame.copy() for _, frame in zip(range(most), ImageSequence.Iterator(image), strict=False)]
    except Exception:
        raise Stop("malformed") from None
