"""Boxes of the head that a narrow column has wrapped in the middle of their words, put together again.

Web pages and exports of word processors break ``ỦY / BAN NHÂN DÂN``, ``CỘNG / HÒA XÃ HỘI …``, ``Số: / 33/2009/…`` and
``Mỹ / Tho, ngày 24 …`` over two lines or three. Only fixed phrases, a bare ``Số:``, and a date behind the beginning
of its place's name are joined; two boxes never are. Pure, linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_PHRASES = (
    "CONG HOA XA HOI CHU NGHIA VIET NAM",
    "DANG CONG SAN VIET NAM",
    "Doc lap - Tu do - Hanh phuc",
    "UY BAN NHAN DAN",
    "HOI DONG NHAN DAN",
    "VAN PHONG CHINH PHU",
    "THU TUONG CHINH PHU",
)
_BEGINNINGS = {
    " ".join(words[:count]): phrase
    for phrase in _PHRASES
    for words in [phrase.split()]
    for count in range(1, len(words))
}
_LONGEST = 34  # no beginning, and no place's name, is longer
_PLACE_NAME = r"[A-Z][a-z]{0,7}(?:\s?-?\s?[A-Z][a-z]{0,7}){0,3}"
# What follows a number that stands in a line, or a cell, of its own: ``/UBND-KTTH``, ``/2026/QĐ-UBND``.
SYMBOL = r"/\s?(?:\d{4}\s?/\s?)?[A-Z]"
# How a line ends that goes on, and how the next one begins.
_PAIRS = tuple(
    (re.compile(begins), re.compile(goes_on))
    for begins, goes_on in (
        (r"^S[oO]\s?:?$", r"^\d[\d/]{0,10}/"),
        (r"^S[oO]\s?:\s?\d{1,5}$", f"^{SYMBOL}"),
        (
            r"^(?:S[oO]\s?:?\s?)?\d{1,5}\s?/(?:\d{4}/)?(?:[A-Z][A-Za-z&.-]{0,20}[-/])?$",
            r"^[A-Z][A-Za-z&]{0,11}(?:-[A-Z][A-Za-z&]{0,11}){0,2}$",
        ),
        (rf"^{_PLACE_NAME},$", r"^ngay\s+[\d.…]"),
        (
            r"^[A-Z][^,\d]{0,28},\s?ngay(?:\s*\d{1,2}(?:\s*thang(?:\s*\d{1,2}(?:\s*nam)?)?)?)?$",
            r"^(?:\d{1,4}|thang|nam)\b",
        ),
    )
)
_NUMBER_WORD = re.compile(r"^S[oO]\s?:$")
_FIGURE = re.compile(r"^\s{0,9}\d{1,5}\s{0,9}$")
_SYMBOL = re.compile(rf"^\s{{0,9}}{SYMBOL}")
_REST_OF_PLACE = re.compile(r"^[A-Z][a-z]{1,7},\s?ngay\s+[\d.…]")
_PLACE = re.compile(f"^{_PLACE_NAME}$")
_NOTHING = re.compile(r"^[\s|_*=.–—-]*$")


def unwrapped(rows: list[str], bare: Callable[[str], str], firsts: list[int] | None = None) -> list[str]:
    """The lines, those that were wrapped joined; ``bare`` takes the marks off, ``firsts`` is given the number of the
    first of ``rows`` in each."""
    joined: list[str] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        if firsts is not None:
            firsts.append(at)
        while at + 1 < len(rows) and len(row) <= 2 * _LONGEST:
            if not (_goes_on(joined, row, rows[at + 1], bare) or _lone_figure(row, rows, at, bare)):
                break
            at += 1
            row = f"{row.rstrip()} {rows[at].lstrip()}"
        joined.append(row)
        at += 1
    return joined


def _lone_figure(row: str, rows: list[str], at: int, bare: Callable[[str], str]) -> bool:
    """Whether the number is a box of its own between ``Số:`` and ``/UBND-KTTH``, as document systems stamp it in."""
    return (
        len(row) <= 6
        and at + 2 < len(rows)
        and _NUMBER_WORD.match(bare(row.strip())) is not None
        and _FIGURE.match(rows[at + 1]) is not None
        and _SYMBOL.match(bare(rows[at + 2][:40])) is not None
    )


def _goes_on(above: list[str], row: str, following: str, bare: Callable[[str], str]) -> bool:
    """Whether ``following`` is the rest of what ``row`` begins."""
    if not 0 < len(row.strip()) <= _LONGEST or not following.strip():
        return False
    head, rest = bare(row.strip()), bare(following.strip()[:80])
    phrase = _BEGINNINGS.get(" ".join(head.split()))
    if phrase is not None:
        whole = " ".join(f"{head} {rest}".split())
        return whole.startswith(phrase) or (phrase.startswith(whole + " ") and whole in _BEGINNINGS)
    for begins, goes_on in _PAIRS:
        if begins.match(head):
            return goes_on.match(rest) is not None
    return (
        _REST_OF_PLACE.match(rest) is not None
        and _PLACE.match(head) is not None
        and (not above or _NOTHING.match(above[-1]) is not None)
    )
