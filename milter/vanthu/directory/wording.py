"""What words in lists of mailboxes tell: offices, units inside them, positions, groups, footers, numbered headings.

All functions take text as written; none of them is sure of more than its name says.
"""

from __future__ import annotations

import re
from importlib import resources

import yaml

from ..vietnamese.text import fold
from .persons import plain

_BLANKS = re.compile(r"\s+")
# A level of numbering: letters and Roman numerals stand above numbers in Vietnamese lists.
_NUMBERING = re.compile(
    r"\(?(?:(?P<roman>[IVX]{1,6})|(?P<letter>[A-HK-U])|(?P<number>[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}))\s?[.)/:\-]\s*"
)
_ROMAN = re.compile(r"[IVX]{1,6}\.?")
_LETTER = re.compile(r"[A-HK-U]\.?")
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3}){0,3}\.?")

_WORDS = yaml.safe_load(resources.files(__package__).joinpath("wording.yaml").read_text("utf-8"))


def _begins(part: str, end: str = "") -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(_WORDS[part])}){end}")


_OFFICE = _begins("office", r"\b")
_UNIT = _begins("unit", r"\b")
_POSITION = _begins("position")
_GROUP = _begins("group", r"\b")
_FOOTER = _begins("footer")
_SHARED = _begins("shared")
_MARKED: dict[str, str] = _WORDS["marked"]
_SURNAMES = frozenset(_WORDS["surnames"])
_KINDS: tuple[str, ...] = tuple(_WORDS["kinds"])
_PLACES = frozenset(_WORDS["places"])
_ABBREVIATIONS = frozenset(_WORDS["abbreviations"])
_NO_OFFICE = re.compile(r"so ?[:0-9]|hội nghị|hoi nghi|báo cáo|bao cao|nhà nước|quan ly|quan tri|xã hội")


def words(text: str) -> str:
    """Plain, with single blanks."""
    return _BLANKS.sub(" ", plain(text)).strip()


def without_number(text: str) -> tuple[int, str]:
    """The level of a numbered heading (1: A, 2: I, 3: 1, 4: 1.1 …; 0: no number) and what stands behind it."""
    found = _NUMBERING.match(text)
    if not found:
        return 0, text.strip()
    return _level(found["letter"], found["roman"], found["number"]), text[found.end() :].strip()


def number_level(text: str) -> int:
    """The level of a number that stands in a column of its own; 0 where it is none."""
    if _ROMAN.fullmatch(text):
        return 2
    if _LETTER.fullmatch(text):
        return 1
    return 3 + text.rstrip(".").count(".") if _NUMBER.fullmatch(text) else 0


def _level(letter: str | None, roman: str | None, number: str | None) -> int:
    return 1 if letter else 2 if roman else 3 + (number or "").count(".")


def is_office(text: str) -> bool:
    """Whether it reads like the name of an office of its own: ``Sở Y tế``, ``UBND xã An Phú``."""
    return _reads(_OFFICE, text) and not is_group(text) and not _NO_OFFICE.match(fold(text))


def is_unit(text: str) -> bool:
    """Whether it reads like a part of an office: ``Phòng Kế hoạch``, ``Bộ phận Một cửa``."""
    return _reads(_UNIT, text) and not is_office(text)


def _reads(pattern: re.Pattern[str], text: str) -> bool:
    """Whether it begins so, and its first word does not bear marks that make it another word."""
    if not pattern.match(words(text)):
        return False
    first = fold(text).split()[0].strip(".,:;")
    return text.isascii() or _MARKED.get(plain(first), first) == first


def is_position(text: str) -> bool:
    """Whether it reads like what somebody is: ``Phó Giám đốc``, ``Chuyên viên``."""
    return bool(_POSITION.match(words(text)))


def is_group(text: str) -> bool:
    """A heading over several offices, which is none itself: ``Khối các sở, ban, ngành``."""
    return _reads(_GROUP, text) or words(text).startswith("uy ban nhan dan cac")


def is_footer(text: str) -> bool:
    """Totals, signatures and notes below a table."""
    return _reads(_FOOTER, text) and not fold(text).startswith("công")


def is_shared(text: str) -> bool:
    """In the place of a person's name: a mailbox of an office or of a desk in it."""
    return _reads(_SHARED, text) or is_office(text) or is_unit(text)


def begins_with_surname(name: str) -> bool:
    """Whether the first word is a family name, and not also the first word of an office."""
    first = fold(name).split()[:1]
    return bool(first) and plain(first[0]) in _SURNAMES and _MARKED.get(plain(first[0])) != first[0]


def titled(text: str) -> str:
    """The name of an office all in capitals, as headings are, in the usual letters: ``Sở Khoa học và Công nghệ``."""
    text = " ".join(text.split())
    if text != text.upper():
        return text
    found: list[str] = []
    bare = [plain(word) for word in text.split()]
    big, place = True, False
    for index, word in enumerate(text.lower().split()):
        begun = " ".join(bare[: index + 1])
        kind = begun in _KINDS
        if bare[index] in _PLACES or (bare[index] == "thanh" and bare[index + 1 : index + 2] == ["pho"]):
            place, big = True, index == 0
        elif bare[index] == "pho" and found and plain(found[-1]).lower() == "thanh":
            big = False
        elif place:
            big = True
        if bare[index] in _ABBREVIATIONS:
            found.append(word.upper())
        else:
            found.append(word.capitalize() if big else word)
        big = kind or bare[index] == "va" or (big and bare[index] == "nhan")
        if index + 1 < len(bare) and any(k.startswith(begun + " ") and " ".join(bare).startswith(k) for k in _KINDS):
            big = False
    return " ".join(found)
