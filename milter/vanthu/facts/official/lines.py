"""A text as the lines and boxes of a page: columns cut apart, markdown taken off, flattened heads broken up again.

Contract: ``read(text, limit)`` gives the lines in order (blank ones too, as ``""``), each with its undiacritised twin
of the same length, and whether the limit cut something off. Linear in the text; raises nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from vanthu.facts.official.wrapped import SYMBOL, unwrapped

LIMIT = 400_000
MOST = 4_000
_T = TypeVar("_T")
_LONGEST = 2_000  # a line's head is enough for any form element
_MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_BARE = {ord(c): unicodedata.normalize("NFD", c)[0] for c in _MARKED + _MARKED.upper()}
_BARE |= {ord("đ"): "d", ord("Đ"): "D", ord("Ð"): "D", ord("–"): "-", ord("—"): "-", ord("−"): "-", 0xA0: " "}


# Letters of other scripts that look Latin, blanks of other widths, and what has no width at all.
_CYRILLIC = "АВЕКМНОРСТХУІЅЈаеорсухіѕј" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "ο"
_LATIN = "ABEKMHOPCTXYISJaeopcyxisj" + "ABEZHIKMNOPTYX" + "o"
_SEEN = str.maketrans(_CYRILLIC, _LATIN, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_SEEN |= dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000), ord(" "))
_SEEN |= dict.fromkeys((0x2044, 0x2215), ord("/"))
# Word processors keep 815/SYT-NVY on one line by a hyphen of its own.
_SEEN |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2015, 0x2212), ord("-"))
_SEEN |= {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms
_ODD = re.compile(
    r"[\uff01-\uff5e\u00a0\u00ad\u0370-\u04ff\u2000-\u2012\u2015\u202f\u2044\u2060\u2212\u2215\u3000\ufeff]"
)


def bare(text: str) -> str:
    """``text`` without Vietnamese marks, case kept, character for character (lengths are equal)."""
    return text.translate(_BARE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line or one box of a line. ``row`` is the number of the line of the text that it stands in."""

    row: int
    raw: str
    bare: str

    @property
    def capital(self) -> bool:
        """Whether nearly all letters are capitals (two small ones in ten may be reading errors)."""
        text = self.bare
        if len(text) > 240 or sum(map(str.islower, text[:24])) > 12:
            return False
        small = sum(map(str.islower, text))
        return sum(map(str.isupper, text)) >= max(1, 4 * small)


_MARKUP = re.compile(r"\*\*|__|</?[A-Za-z][^<>\n]{0,40}>|[\u200b\u200c\u200d\ufeff]")
_QUOTED = re.compile(r"^(?:[ \t]{0,3}>)+[ \t]?|^#{1,6} ")
# A blank that waits for a number or a day is not a gap between columns.
_WAITING = re.compile(
    r"(?i)\b(s[ốô]|so|ng[àa]y|th[áa]ng)([ \t]*[:.]?)[ \t]{2,}(?=[/tn-])|(?<=[:.])[ \t]{2,}(?=/)",
)
# Dirt, or a table's frame, between the word and the number: ``Số: | 3556/MTTW-BTT``, ``Số: 22 | /2012/…``.
_CUT_OFF = re.compile(r"^[S5$][o6]\s?[:.;](?:\s?\d{1,5})?$")
_GOES_ON = re.compile(r"^(?:\d{1,5}\s?)?[/-]\s?[A-Z\d]")
# Word, number and symbol in a cell each.
_FIGURE = re.compile(r"^\d{1,5}$")
_SYMBOL = re.compile(f"^{SYMBOL}")
_GAP = re.compile(r"\t+|\s{0,8}\|\s{0,8}| {3,}")
# A whole page or head in one line: it holds what can only stand in a box of its own.
_FLATTENED = re.compile(
    r"NGH\w{1,4}\s?VI\S{1,3}\s?NAM|[lL]\S{1,2}p ?[-.~]? ?T\S{1,3} ?do|C\S{1,2}NG S\S{1,2}N VI\S{1,2} NAM|\bN\S{1,2}i nh\S{1,4}n ?[:;] ?-"  # noqa: E501
)
_PLACE = r"(?:(?:TP|Tp|TX|Q|H|P)\.? ?)?[A-Z][a-z]\w{0,9}(?:[ -](?:[A-Z][a-z]{0,9}|\d{1,2}\b|[A-Z]\.)){0,4}, ?ngay .{0,6} ?thang .{0,6} ?nam \S"  # noqa: E501
# There it breaks before the words that open a box, behind a date that closes one, and around runs of capitals.
_BREAK = re.compile(
    r"(?<=[\s\-_*|])(?=C\wNG\s?H\wA\s?X\w|D\wNG C\wNG S\wN VI|D\wc l\wp ?[-.]|[S$][o6a-eéèb] ?: ?[\d./*]|So \d{1,5} ?-|V/v |Kinh gui\b ?[:\-]|"  # noqa: E501
    r"Noi nhan ?:|(?:TM|KT|TL|TUQ)\. ?[A-Z]{2}|[TK]/[MTL] [A-Z]{2}|- ?Luu ?:? ?V|Can cu [A-Z]|Dieu \d{1,2}[.:]|- Nhu tren)"  # noqa: E501
    r"|(?<=\s)(?=" + _PLACE + r")|(?<=nam (?:19)\d\d)(?=\s)|(?<=nam (?:20)\d\d)(?=\s)"
    r"|(?<=[a-z;.,/\d] )(?=[A-Z]{2,12} [A-Z]{2,12}\b)|(?<=[A-Z]{2} )(?=[A-Z]?[a-z])|(?<=[A-Z]{2} )(?=\(V/v)"
)


# Where a place's name has two words, it breaks before the first alone.
_HALF_PLACE = re.compile(r"(?:[A-Z][A-Za-z]{0,9}\.?[ -]{1,3}|\d{1,2} ){1,4}")


def _cuts(text: str, twin: str) -> list[int]:
    """Where a flattened page breaks, from its start to its end."""
    cuts = [0]
    for found in _BREAK.finditer(twin):
        at = found.start()
        if not (_HALF_PLACE.fullmatch(twin, cuts[-1], at) and ", ngay" in twin[at : at + 32]):
            cuts.append(at)
    return [*cuts, len(text)]


def _boxes(row: int, line: str) -> list[Line]:
    line = _MARKUP.sub("", line).strip()
    if not line:
        return [Line(row, "", "")]
    line = _WAITING.sub(lambda found: f"{found[1] or ''}{(found[2] or '').strip()} … ", line)
    boxes = []
    for box in _GAP.split(line):
        text = box.strip(" \u00a0")
        if not text:
            continue
        twin = bare(text)
        if len(text) > 150 and _FLATTENED.search(twin[:20_000]):
            for start, end in pairwise(_cuts(text, twin)):
                piece = text[start:end].rstrip()
                if piece:
                    boxes.append(Line(row, piece[:_LONGEST] if end < len(text) else piece[-_LONGEST:], ""))
        elif boxes and (_CUT_OFF.match(boxes[-1].bare) and _GOES_ON.match(twin)):
            whole = f"{boxes[-1].raw} {text}"
            boxes[-1] = Line(row, whole, bare(whole))
        elif (
            len(boxes) > 1 and _FIGURE.match(boxes[-1].raw) and _SYMBOL.match(twin) and _CUT_OFF.match(boxes[-2].bare)
        ):
            whole = f"{boxes[-2].raw} {boxes[-1].raw} {text}"
            boxes[-2:] = [Line(row, whole, bare(whole))]
        else:
            boxes.append(Line(row, text, twin))
    return [Line(b.row, b.raw, b.bare or bare(b.raw)) for b in boxes]


def exceeds(text: str) -> bool:
    """Whether ``read`` leaves out a part of the text."""
    return len(text) > LIMIT or text.count("\n") >= MOST


def read(text: str, limit: int = LIMIT) -> tuple[list[Line], bool]:
    """Lines of the text: at most ``limit`` characters and ``MOST`` lines, three quarters of them from the start."""
    text, left_out = _within(text, limit)
    rows = _rows(text)
    lines: list[Line] = []
    for row, line in enumerate(unwrapped(_unquoted(rows), bare)):
        lines.extend(_boxes(row, line))
    return _ends(lines), bool(left_out) or len(rows) > MOST or len(lines) > MOST


def starts(text: str, limit: int = LIMIT) -> list[int]:
    """Where in the text each ``row`` of ``read`` begins."""
    text, left_out = _within(text, limit)
    offsets = [0]
    for line in text.split("\n"):
        offsets.append(offsets[-1] + len(line) + 1)
    head = limit * 3 // 4
    offsets = [at + left_out - 1 if left_out and at > head else at for at in offsets[:-1]]
    firsts: list[int] = []
    unwrapped(_unquoted(_rows(text)), bare, firsts)
    kept = _ends(offsets)
    return [kept[first] for first in firsts]


def _within(text: str, limit: int) -> tuple[str, int]:
    """The text without its middle where it is too long, and how many characters were left out."""
    if len(text) <= limit:
        return text, 0
    head, tail = text[: limit * 3 // 4], text[-limit // 4 :]
    return f"{head}\n{tail}", len(text) - len(head) - len(tail)


def _rows(text: str) -> list[str]:
    return (text.translate(_SEEN) if _ODD.search(text) else text).split("\n")


def _unquoted(rows: list[str]) -> list[str]:
    """What is read of the lines, without signs of quotation and headings before them."""
    return [_QUOTED.sub("", row) for row in _ends(rows)]


def _ends(items: list[_T]) -> list[_T]:
    return items if len(items) <= MOST else items[: MOST * 3 // 4] + items[-MOST // 4 :]
