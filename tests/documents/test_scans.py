"""Scans as offices make them: a letter's head is read, at 150 to 300 dpi, askew, grey, through JPEG and noise."""

from __future__ import annotations

import difflib
import io
import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from vanthu.documents import ocr
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read

_FOLDER = Path("/usr/share/fonts/truetype")
_FONTS = (
    "croscore/Tinos-Regular.ttf", "croscore/Tinos-Bold.ttf", "croscore/Arimo-Regular.ttf", "freefont/FreeSerif.ttf",
    "dejavu/DejaVuSerif.ttf", "dejavu/DejaVuSans.ttf",
)  # fmt: skip
LEFT = ("ỦY BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI", "", "Số: 1017/UBND-VX", "V/v tăng cường sử dụng", "hộp thư điện tử")
RIGHT = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "",
    "Quảng Ngãi, ngày 26 tháng 3 năm 2014",
)  # fmt: skip
BODY = (
    "Kính gửi:  Các sở, ban ngành tỉnh;",
    "Thực hiện nội dung Công văn số 588/BTTTT-THH ngày 26/02/2014 của Bộ Thông",
    "tin và Truyền thông về việc sử dụng hộp thư điện tử để trao đổi văn bản trong",
    "hoạt động của cơ quan nhà nước, Chủ tịch Ủy ban nhân dân tỉnh yêu cầu:",
)
HEAD = tuple(line for line in (*LEFT, *RIGHT) if line)
_POINTS = 12.5


def page(font: str, dpi: int) -> Image.Image:
    """The upper half of an A4 page."""
    image = Image.new("L", (round(8.27 * dpi), round(5.5 * dpi)), 250)
    draw = ImageDraw.Draw(image)
    letters = ImageFont.truetype(str(_FOLDER / font), round(_POINTS * dpi / 72 * 0.9))
    line = round(_POINTS * 1.35 * dpi / 72)
    for lines, middle in ((LEFT, 2.3), (RIGHT, 5.9)):
        for number, text in enumerate(lines):
            draw.text((middle * dpi, 0.8 * dpi + number * line), text, 20, letters, anchor="ma")
    for number, text in enumerate(BODY):
        draw.text((1.2 * dpi, 0.8 * dpi + (len(LEFT) + 1 + number) * line), text, 20, letters)
    return image


def scanned(image: Image.Image, angle: float, quality: int, seed: int) -> bytes:
    """Askew, a little soft, with grain and specks, as JPEG."""
    chance = random.Random(seed)
    turned = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=245).filter(ImageFilter.GaussianBlur(0.6))
    noise = Image.effect_noise(turned.size, 18).point(lambda value: value - 128 if value > 128 else 0)
    turned = Image.composite(Image.new("L", turned.size, 225), turned, noise.point(lambda value: min(255, value * 3)))
    draw = ImageDraw.Draw(turned)
    for _ in range(60):
        x, y = chance.randrange(turned.width), chance.randrange(turned.height)
        draw.point((x, y), 90)
    buffer = io.BytesIO()
    turned.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def right_share(text: str) -> float:
    """The share of the head's characters that stand in the text, line by line, blanks aside."""
    read_lines = ["".join(box.split()) for line in text.split("\n") for box in (*line.split("\t"), line)]
    good = total = 0.0
    for line in HEAD:
        wanted = "".join(line.split())
        best = max(
            (
                sum(block.size for block in difflib.SequenceMatcher(None, wanted, one, False).get_matching_blocks())
                for one in read_lines
            ),
            default=0,
        )
        good += best
        total += len(wanted)
    return good / total


CASES = [
    (font, dpi, angle, quality)
    for number, font in enumerate(_FONTS)
    for dpi, angle, quality in (((150, 1.2, 60), (200, -2.0, 50), (300, 0.6, 40))[number % 3],)
]


@pytest.mark.parametrize(("font", "dpi", "angle", "quality"), CASES)
def test_the_head_is_read(font: str, dpi: int, angle: float, quality: int) -> None:
    assert ocr.ocr_ready() is None
    scan = scanned(page(font, dpi), angle, quality, seed=dpi)
    extraction = read(scan, "scan.jpg", DocumentLimits(ocr_seconds=120))
    assert {text.read_by for text in extraction.texts} == {"ocr"}
    assert right_share("\n".join(text.text for text in extraction.texts)) >= 0.97
