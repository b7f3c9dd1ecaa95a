"""Pictures inside documents that could be a page of paper: by size alone, without decoding them."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from . import ocr
from .work import Found, Stop

_LEAST_SIDE = 300
_LEAST_AREA = 250_000
_MOST_PIXELS = 100_000_000
_MOST_LONG = 5
# The limit is ours, so that it has its own reason; what is wrong with a picture is no warning to anybody.
Image.MAX_IMAGE_PIXELS = None
warnings.filterwarnings("ignore", module=r"PIL\.")
FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF", "PPM")


def opened(content: bytes) -> Image.Image:
    """The picture, not yet decoded. Stop(malformed), Stop(bomb) for absurd sizes."""
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Exception:
        raise Stop("malformed") from None
    if image.width * image.height > _MOST_PIXELS:
        raise Stop("bomb")
    return image


def could_be_page(width: int, height: int) -> bool:
    """Large enough for a page's head, and not a banner or a rule."""
    small, large = sorted((width, height))
    return small >= _LEAST_SIDE and small * large >= _LEAST_AREA and large <= _MOST_LONG * small


def inside(content: bytes, part: str, found: Found) -> None:
    """A picture inside a document: read when it could be a page. What goes wrong is no flaw but OCR's own."""
    try:
        image = opened(content)
        if not could_be_page(image.width, image.height):
            return
        if found.work.limits.ocr == "off":
            found.work.pictures += 1
        else:
            ocr.picture(image, part, found)
    except Stop as stop:
        if stop.reason != "malformed":
            found.flaw(stop.reason)
