"""Types of documents: code from a symbol or from a title in capitals (Decree 30/2020/NĐ-CP, Annex III)."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from vanthu.facts.official.lines import bare

_DATA = yaml.safe_load((Path(__file__).parent / "codes.yaml").read_text("utf-8"))
CODES: dict[str, tuple[str, ...]] = {code: tuple(titles) for code, titles in _DATA["codes"].items()}
_BY_SPELLING = {spelling: code for code, others in _DATA["spellings"].items() for spelling in others}
_BY_SPELLING |= {code: code for code in CODES}
_BY_TITLE = {bare(title): code for code, titles in CODES.items() for title in titles}
_TITLE = re.compile(
    r"^(?:DU THAO\s+)?(" + "|".join(sorted((re.escape(t).replace("\\ ", r"\s+") for t in _BY_TITLE), key=len, reverse=True)) + r")\b"  # noqa: E501
)  # fmt: skip
_LAW_TYPES = frozenset(_DATA["legal"]["types"])
_LAW_MAKERS = frozenset(bare(name).upper() for name in _DATA["legal"]["issuers"])
_ISSUERS: dict[str, str] = _DATA["issuers"]


def of_spelling(token: str) -> str | None:
    """The code that a token of a symbol stands for (``QD`` gives ``QĐ``), or None."""
    return _BY_SPELLING.get(token)


def is_law(symbol: str) -> bool:
    """Whether a symbol behind a number with its year (``30/2020/NĐ-CP``) is that of a legal document."""
    if re.match(r"QH\d", symbol):
        return True
    kind, *makers = re.split(r"[-/]", symbol)
    makers = [bare(maker).upper().rstrip(".0123456789") for maker in makers]
    return _BY_SPELLING.get(kind, kind) in _LAW_TYPES and bool(makers) and makers[0] in _LAW_MAKERS


def of_title(line: str) -> tuple[str, str] | None:
    """``(code, rest of the line)`` where an undiacritised line in capitals opens with a title of a type."""
    found = _TITLE.match(line)
    if found is None:
        return None
    return _BY_TITLE[re.sub(r"\s+", " ", found[1])], line[found.end() :].strip(" :.-*")


def mended(symbol: str) -> str:
    """A symbol with the ``Đ`` that typists without diacritics leave out of well-known codes and offices."""
    if "Đ" in symbol:
        return symbol
    tokens = re.split(r"([-/])", symbol)
    for i, token in enumerate(tokens):
        if i == 0 and len(tokens) > 1 and token in ("QD", "QÐ", "ND", "NÐ", "CD"):
            tokens[i] = token[0] + "Đ"
        else:
            tokens[i] = _ISSUERS.get(token, token)
    return "".join(tokens)
