"""A picture of a page made ready for recognition: grey, upright, of the size that tesseract knows best."""

from __future__ import annotations

from itertools import pairwise

from PIL import Image, ImageOps

from .work import Stop

DPI = 300
_LONG_SIDE = 3508  # A4 at 300 dpi
_LEAST_LONG = 1500
_MOST_LONG = 4200
_SKEW = 3.0
_SMALL = 700


def prepared(image: Image.Image) -> Image.Image:
    """Grey, turned as its EXIF data say, scaled to about 300 dpi of an A4 page, deskewed by up to three degrees."""
    try:
        image.draft("L", (_LONG_SIDE, _LONG_SIDE))
        turned = ImageOps.exif_transpose(image)
        grey = _flattened(turned)
    except Exception:
        raise Stop("malformed") from None
    longest = max(grey.size)
    if longest > _MOST_LONG or _LEAST_LONG <= longest < _LONG_SIDE * 0.9:
        grey = _scaled(grey, _LONG_SIDE / longest)
    elif longest < _LEAST_LONG:
        grey = _scaled(grey, 2.0)
    angle = skew(grey)
    if abs(angle) >= 0.15:
        grey = grey.rotate(angle, Image.Resampling.BICUBIC, expand=False, fillcolor=255)
    return ImageOps.autocontrast(grey, cutoff=(0.5, 20))


def _flattened(image: Image.Image) -> Image.Image:
    """Grey on white, also where the picture is transparent."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("L")
    if image.mode.startswith("I;16") or image.mode == "I":
        return image.point(lambda value: value / 256).convert("L")
    return image.convert("L")


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.LANCZOS)


def skew(grey: Image.Image) -> float:
    """Degrees to turn the page (counter-clockwise) until its lines are level; 0 where that is unclear.

    The profile of ink by row is sharpest when lines lie level: coarse steps first, then fine ones around the best.
    """
    small = grey.copy()
    small.thumbnail((_SMALL, _SMALL * 2), Image.Resampling.BOX)
    ink = ImageOps.invert(ImageOps.autocontrast(small, cutoff=1)).point(lambda value: 255 if value > 110 else 0)
    best, sharpest = 0.0, _sharpness(ink, 0.0)
    level = sharpest
    for step, reach in ((0.5, _SKEW), (0.1, 0.4)):
        middle = best
        count = round(reach / step)
        for index in range(-count, count + 1):
            angle = middle + index * step
            value = _sharpness(ink, angle)
            if value > sharpest:
                best, sharpest = angle, value
    return best if sharpest > level * 1.03 else 0.0


def _sharpness(ink: Image.Image, angle: float) -> float:
    turned = ink.rotate(angle, Image.Resampling.NEAREST, fillcolor=0) if angle else ink
    rows = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
    return float(sum((one - two) ** 2 for one, two in pairwise(rows)))
