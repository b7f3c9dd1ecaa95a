"""The marks as ``marks.yaml`` has them, made ready for look-ups.

Contract: ``of_words`` answers in constant time; raises nothing after import. An operator's further spellings come in
by the data file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import yaml

from vanthu.facts.model import SecrecyLevel
from vanthu.facts.official.lines import bare

How = Literal["exact", "read_badly", "undiacritised"]
RANK: dict[SecrecyLevel, int] = {"mat": 1, "toi_mat": 2, "tuyet_mat": 3}

_DATA = yaml.safe_load((Path(__file__).parent / "marks.yaml").read_text("utf-8"))
_HOWS: tuple[tuple[str, How], ...] = (
    ("undiacritised", "undiacritised"), ("read_badly", "read_badly"), ("spellings", "exact"),
)  # fmt: skip
_WORDS: dict[str, tuple[SecrecyLevel, How]] = {
    spelling: (cast("SecrecyLevel", level), how)
    for level, forms in _DATA["levels"].items()
    for key, how in _HOWS
    for spelling in forms[key]
}
_LABELS: dict[str, SecrecyLevel] = {
    bare(label).casefold(): cast("SecrecyLevel", level)
    for level, forms in _DATA["levels"].items()
    for label in forms["labels"]
}
_SUFFIXES: tuple[tuple[str, SecrecyLevel], ...] = tuple(
    (suffix, cast("SecrecyLevel", level))
    for level, forms in _DATA["levels"].items()
    for suffix in forms["number_suffixes"]
)
_DIRT = re.compile(r"[^A-Z0-9|]")
_STROKES = str.maketrans("1|IJLQ0", "TTTTTOO")
_TWO_WORDS: dict[str, SecrecyLevel] = {
    spelling.replace(" ", "").translate(_STROKES): level
    for spelling, (level, how) in _WORDS.items()
    if how == "undiacritised" and " " in spelling
}
_CODES: dict[str, SecrecyLevel] = {
    forms["code"]: cast("SecrecyLevel", level) for level, forms in _DATA["levels"].items()
}
DECLASSIFIED = frozenset(_DATA["declassified"])
_FIELDS = frozenset(name.casefold() for name in _DATA["fields"])
_COMPANIONS = re.compile(
    "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(_DATA["companions"], key=len, reverse=True))
)
_RUNS_ON = tuple(f" {word}" for word in _DATA["runs_on"])
_ORGANS = frozenset(_DATA["organs"])
HEADERS = frozenset(_DATA["headers"])
SPECIMEN = re.compile("|".join(map(re.escape, _DATA["specimen"])) + r"|\d\s?mm\b", re.I)
FIELD = re.compile(
    r"(?:^|[|;\t(\[]\s*|\s{2,}|[-+*]\s)(?:"
    + "|".join(map(re.escape, _DATA["fields"]))
    + r")\s*[:：=|\t]\s*(?P<value>[^|;\t\n,.)\]]{1,40})",
    re.I,
)
_ANY = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
OPENS = re.compile(rf"^[\s\[(|*]*(?P<mark>{_ANY})[\])|*]*\s+(?=\S)")
CLOSES = re.compile(rf"(?<=\S)[\s|]+[\[(|*]*(?P<mark>{_ANY})[\])|*.]*$")
BRACKETED = re.compile(rf"[\[(【{{<«]\s*(?P<mark>{_ANY})\s*[\])】}}>»]")
SQUARE = re.compile(rf"^[\[【]\s*(?P<mark>{_ANY})\s*[\]】]")
WRITTEN = re.compile(r"^\s*(?:(?:Fwd?|FW|Re|RE)\s*:\s*)*[\[【]\s*(?P<mark>[^\[\]【】]{3,12})\s*[\]】]")
LEADING = re.compile(rf"^\s*(?:(?:Fwd?|FW|Re|RE)\s*:\s*)*(?P<mark>{_ANY})\s*(?:[_:\-–—|]|$|\.(?=\w{{2,5}}$))")
TRAILING = re.compile(rf"[_\-–—]\s*(?P<mark>{_ANY})(?=\s*(?:\.\w{{2,5}}){{0,3}}\s*$)")


@dataclass(frozen=True, slots=True)
class Mark:
    level: SecrecyLevel
    how: How


def of_words(text: str) -> Mark | None:
    """The mark that these words are, no more and no less; letters set apart (``M Ậ T``) count as one word."""
    words = " ".join(text.split())
    if len(words) > 24:
        return None
    found = _WORDS.get(words)
    if found is None and len(words) >= 5 and words[1:2] == " ":
        tokens = words.split(" ")
        if all(len(t) == 1 for t in tokens):
            joined = "".join(tokens)
            found = next((m for spelling, m in _WORDS.items() if spelling.replace(" ", "") == joined), None)
    elif found is None and " " not in words and len(words) > 5:
        found = next((m for spelling, m in _WORDS.items() if spelling.replace(" ", "") == words), None)
    return Mark(*found) if found else _alike(words)


def _alike(words: str) -> Mark | None:
    """A mark of two words with other tone marks, dirt, or strokes taken for others; of one word, that is another word
    (``MẮT``, ``MÁT``)."""
    if not 6 <= len(words) <= 14 or not words.isupper():
        return None
    letters = _DIRT.sub("", bare(words)).translate(_STROKES)
    level = _TWO_WORDS.get(letters)
    return Mark(level, "undiacritised") if level else None


def of_line(text: str) -> Mark | None:
    """The mark of a line that holds it alone, twice (a stamp read twice), or with urgency or a code beside it."""
    whole = of_words(text)
    if whole or len(text) > 40:
        return whole
    rest = " ".join(_COMPANIONS.sub(" ", text).split()).strip(" -–—/|,;+")
    half = rest[: len(rest) // 2].strip()
    return of_words(half) if half and rest == f"{half} {half}" else of_words(rest)


def runs_on(above: str) -> bool:
    """Whether the line above is a title that this one continues (``… XÁC ĐỊNH ĐỘ`` / ``TỐI MẬT``)."""
    return above.rstrip(" *").endswith(_RUNS_ON)


def of_label(text: str) -> SecrecyLevel | None:
    """The level that a label or field value names, in any case, with or without diacritics."""
    return _LABELS.get(" ".join(bare(text).casefold().split()).strip(" .:;*[]()\"'"))


def of_code(text: str) -> SecrecyLevel | None:
    """The level that the code of protection in a secrecy field stands for (``Độ mật: A``)."""
    return _CODES.get(text.strip(" .*"))


def is_field(text: str) -> bool:
    """Whether a table's cell is the name of a secrecy field."""
    return text.strip(" :*").casefold() in _FIELDS


def is_organ(text: str) -> bool:
    """Whether a line of an examination's findings names an organ."""
    return len(text) <= 12 and bare(text).upper().strip(" :.-+*") in _ORGANS


def of_suffix(line: str) -> SecrecyLevel | None:
    """The level that a number's suffix stands for (``Số: 15/BC-UBND (M)``)."""
    return next((level for suffix, level in _SUFFIXES if suffix in line), None)
