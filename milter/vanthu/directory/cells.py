"""What stands in one cell of a list of mailboxes: mail addresses, and names of persons, however they were typed.

Only what cannot mean anything else is mended: blanks around ``@`` and inside the domain, ``mailto:``, brackets, case.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .build import is_address

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BETWEEN = re.compile(r"[;,/|\r\n]+|\s+(?:và|hoặc|va|hoac|-)\s+")
_COMMENT = re.compile(r"\([^()@]*\)|\[[^\][@]*\]")
_AROUND_AT = re.compile(r"\s*@\s*")
_AROUND_DOT = re.compile(r"\s*\.\s*")
_WRAPPING = " \t<>()[]{}\"'“”.,;:*-–"
_ENDINGS = (".vn", ".com", ".net", ".org")
_TITLES = re.compile(
    r"(?:(?:ông|bà|anh|chị|đ/c|đồng chí|mr|mrs|ms|gs|pgs|ts|tskh|ths|cn|ks|bs|bscki|bsckii"
    r"|bs ?ck(?:i{1,2}|[12])|ds|ls|cử nhân"
    r"|thạc sĩ|tiến sĩ|bác sĩ|kỹ sư)(?:\.|\s|:)\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """``found`` in order, small letters; ``mended``: one was not written like that; ``rest`` is what else the cell
    says; ``doubtful`` are pieces with an @ that are no address."""

    found: tuple[str, ...] = ()
    mended: bool = False
    rest: str = ""
    doubtful: tuple[str, ...] = ()


def addresses(cell: str) -> Addresses:
    """The addresses of a cell."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", cell))
    text = re.sub(r"mailto:", " ", text, flags=re.IGNORECASE)
    if "@" not in text:
        return Addresses(rest=text.strip())
    comments = [comment.strip("()[] ") for comment in _COMMENT.findall(text)]
    text = _COMMENT.sub(" ", text)
    found: list[str] = []
    rest: list[str] = []
    doubtful: list[str] = []
    mended = False
    for piece in _BETWEEN.split(text):
        for word in piece.split() if piece.count("@") > 1 else [piece]:
            if (named := _NAMED.fullmatch(word.strip())) is not None:
                rest.append(named[1].strip(_WRAPPING))
                word = named[2]  # noqa: PLW2901
            word = word.strip(_WRAPPING)  # noqa: PLW2901
            if "@" not in word:
                rest.append(word)
                continue
            address = _address(word)
            if address is None:
                doubtful.append(word)
            elif address not in found:
                found.append(address)
                mended = mended or address != word.lower()
    if doubtful:  # "an@x,gov.vn": what was cut off belongs to it
        doubtful.extend(word for word in rest if word)
        rest = []
    return Addresses(tuple(found), mended, " ".join(word for word in [*rest, *comments] if word), tuple(doubtful))


_NAMED = re.compile(r"([^<>@]*)<\s*([^<>\s]+@[^<>]+)>")


def _address(word: str) -> str | None:
    word = _AROUND_AT.sub("@", word.lower())
    if not is_address(word) or not word.isascii():
        local, _, domain = word.partition("@")
        domain = _AROUND_DOT.sub(".", domain)
        word = f"{local}@{domain}"
        if not domain.endswith(_ENDINGS):
            return None
    return word if word.isascii() and is_address(word) else None


@dataclass(frozen=True, slots=True)
class Person:
    """A name as people write it; ``comment`` stood in brackets behind it."""

    name: str
    comment: str = ""


def person(cell: str) -> Person:
    """The name of a person, without titles; a name all in capitals gets small letters."""
    text = _INVISIBLE.sub("", " ".join(cell.split()))
    comments = [comment.strip("()[] ") for comment in _COMMENT.findall(text)]
    text = " ".join(_COMMENT.sub(" ", text).strip(" .,;:-*").split())
    text = _TITLES.sub("", text, count=1) if _TITLES.match(text) else text
    if text == text.upper() or text == text.lower():
        text = " ".join(word[:1].upper() + word[1:].lower() for word in text.split())
    return Person(text, " ".join(comments))


def is_person(name: str) -> bool:
    """Whether it has the form of a name: two to seven words of letters."""
    parts = name.split()
    return 2 <= len(parts) <= 7 and all(part.replace("'", "").replace("-", "").isalpha() for part in parts)
