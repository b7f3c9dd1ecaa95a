"""The box of place and date: ``Hà Nội, ngày 05 tháng 01 năm 2020``, with reading errors and with blanks.

Contract: pure, bounded patterns on one line. A date inside a sentence is none: the box opens with a place's name or
with ``ngày`` and ends the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from vanthu.facts.official.lines import Line

_PLACE = (
    r"(?P<place>(?:(?:TP|Tp|T\.P|TX|Q|H|P)\.?\s?)?[A-ZĐ][\w.'’-]{0,12}(?:\s?[ .-]\s?[A-ZĐ0-9(][\w.'’)-]{0,12}){0,5})"
)
_DATED = re.compile(
    r"(?:^|(?<=[\s|]))(?:"
    + _PLACE
    + r"\s?[,.;:]?\s+(?:hoi\s\d{1,2}\s?(?:gio|h)\s?(?:\d{2})?(?:\s?phut)?,?\s+)?|[,.…_-]{0,30}\s?[,.]\s?)?(?:[nN][gqp][aàáaâãeéå]?\S{0,2}y|NGAY|[nN]g\Sy)\s*(?P<d>[\dOoIlSB|.…_ /]{0,24}?)\s*"  # noqa: E501
    r"(?:[tT][hl]\S{0,2}[nm][gq]|THANG)\s*(?P<m>[\dOoIlSB|.…_ /]{0,16}?)\s*(?:[nN][aăàáâå]\S{0,2}m|[nN]\S{1,2}m|NAM)\s*"  # noqa: E501
    r"(?P<y>[12lI][\dOolI|SB .…]{0,8})[\s.,*…)]*$"
)
# Badly read words between figures that are whole: ``ngdy 12 thdng 3 nam 2019``.
_MISREAD = re.compile(
    r"(?:^|(?<=[\s|]))(?:"
    + _PLACE
    + r"\s?[,.;:]?\s+)?[nr]\S{1,4}\s?(?P<d>[\dOoIl|]{1,2})\s+[tlf]\S{2,5}\s?(?P<m>[\dOoIl|]{1,2})\s+[nr]\S{1,3}\s?"
    r"(?P<y>(?:19|2[0Oo])[\dOo]{2})[\s.,*]*$"
)
# A day or a month written by hand that nobody can read: place and year are printed all the same.
_UNREAD = re.compile(
    r"(?:^|(?<=[\s|]))"
    + _PLACE
    + r"\s?,\s?ngay(?P<d>[^,;:]{1,8}?)thang(?P<m>[^,;:]{1,6}?)nam\s?(?P<y>(?:19|20)\d\d)[\s.,*]*$"
)
_SLASHED = re.compile(
    r"^"
    + _PLACE
    + r"\s?[,.]\s*(?:ngay\s+)?(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>(?:19|20)\d\d)[\s.]*$"
)
_DIGITS = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8"})


@dataclass(frozen=True, slots=True)
class PlaceDate:
    """Place as written, date in ISO 8601 or None where a figure is blank or impossible; ``blank``: no day yet."""

    place: str | None
    date: str | None
    blank: bool


# The end of the number's symbol, where the columns ran into one: ``Số: 12/VPCP- KTTH Hà Nội, ngày …``.
_SYMBOL_TAIL = re.compile(r"^(?!TP\b|TX\b)[A-ZĐ][A-ZĐ&-]{1,12}\s+(?=[A-ZĐ][a-zà-ỹ]|TP)")
_LEFT_BOX = re.compile(r"[SN][oô6]\s?[:.]|\d\s?/\s?[A-Z]|^V\s?/\s?v\b")
_SENTENCE = re.compile(r"(?:\b(?:tai|o|cua|ve|tu|den|va|vao|so|do)|[,;.])\s*$")


def _short(before: str) -> bool:
    return len(before) <= 45 and _SENTENCE.search(before) is None


def _figure(text: str) -> int | None:
    digits = re.sub(r"\D", "", text.translate(_DIGITS))
    return int(digits) if digits and len(digits) <= 4 else None


def _iso(day: int | None, month: int | None, year: int | None) -> str | None:
    if day is None or month is None or year is None or not 1945 <= year <= 2099:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def of_line(line: Line, loose: bool = False) -> PlaceDate | None:
    """The place and date that this line is the box of, or ends with (columns run into one line).

    ``loose`` (near a number box, where no better one is) takes it behind the tail of an abstract as well.
    """
    text = line.bare.rstrip(" *_")
    if not 12 <= len(text) <= 240 or not any(map(str.isdigit, text[-14:])):
        return None
    found = _DATED.search(text) or _MISREAD.search(text) or _SLASHED.match(text) or _UNREAD.search(text)
    if found is None:
        return None
    before = text[: found.start()]
    if (
        before
        and before != before.upper()
        and not _LEFT_BOX.search(before)
        and not (loose and found["place"] and _short(before))
    ):
        return None  # the end of a sentence, not the right-hand box
    place = line.raw[found.start("place") : found.end("place")].strip(" ,.;:") if found["place"] else None
    place = _SYMBOL_TAIL.sub("", place) if place else None
    if place and re.match(r"(?i)(hôm nay|thứ|vào|từ|đến|ban hành|ngày)\b", place):
        return None
    if found.re is _UNREAD:
        return PlaceDate(place, None, blank=False)
    day, month, year = _figure(found["d"]), _figure(found["m"]), _figure(found["y"][:6])
    if place and place.isupper() and len(place.split()) > 2 and before == "":
        place = place if len(place) < 25 else None
    return PlaceDate(place, _iso(day, month, year), day is None)
