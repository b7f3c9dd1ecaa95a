"""The number box: ``Số: 15/QĐ-BNV`` and its legal, Party, older, blank and badly read forms.

Contract: ``of_line(line)`` gives the number that a line of a document's head carries, or None. A line that *cites* a
number (``… Công văn số 12/UBND-VX ngày … của …``) gives None: there the word stands inside a sentence, in a head it
opens its box. Bounded patterns on one line; raises nothing. Source: Decree 30/2020/NĐ-CP, Annex I, box 3, and
Annex III; Decree 154/2020 and Law 80/2015 for N/YYYY/TYPE-ISSUER; 36-HD/VPTW for N-TYPE/ISSUER.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from vanthu.facts.official import codes
from vanthu.facts.official.lines import Line

Form = Literal[
    "number", "legal_number", "party_number", "mended_number", "illegible_number", "blank_number", "bare_number"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """What a number box says; ``number`` is None where it still waits for one, or where nobody can read it."""

    number: str | None
    year: int | None
    symbol: str | None
    form: Form
    rest: str


_WORD = (
    r"(?:^|(?<=[A-Z*.\-_|)] ))"
    r"(?:(?:LUAT|Luat|PHAP LENH|Phap lenh|NGHI QUYET|Nghi quyet|NGHI DINH|Nghi dinh|LENH|Lenh|SAC LENH|Sac lenh|"
    r"THONG TU|Thong tu|QUYET DINH|Quyet dinh|CHI THI|Chi thi|Cong van|CONG VAN)\s+)?"
)
# The word itself; read badly it needs its colon.
_SO = (
    _WORD
    + r"(?:(?P<so>S[oO6]|s[oô](?=\s?:)|So\.?|N[o°º]\.?)\s{0,2}(?P<colon>[:;.,]?)|(?P<bad>[S$5s8]?\S{1,2}?) ?(?P<mark>[:;]))\s*"  # noqa: E501
)
_N = r"(?P<n>[\dOoIl|SBZ](?:[\dOoIl|SBZ.,]|\s(?=\s?\d)){0,9}[a-z]?|[.…_\s]{0,40}|[.…_]{1,20}[\d.]{1,8}[.…_]{0,20})\s*"
_SYMBOL = (
    r"(?:[A-Z]|5(?=[A-Z]{2}|[A-Z]-))[A-Za-z0-9&.,]{0,11}"
    r"(?:\s?[-_~]\s?[A-Za-z0-9&.]{1,14}(?:\([A-Za-z0-9]{1,6}\))?){0,4}"
)
_LEGAL = re.compile(_SO + _N + r"[/l|]\s?(?P<y>(?:19|2[0O])[\dOo]{2})\s?[/l|]\s?(?P<s>" + _SYMBOL + ")")
_ADMIN = re.compile(
    _SO + _N + r"(?:/|\\|(?<=\d)[|l1Iƒ](?=[A-Z]{2}))\s{0,2}(?P<s>" + _SYMBOL + r"(?:/[A-Z][A-Za-z0-9\-]{1,12})?)"
)
_PARTY = re.compile(
    r"(?:" + _SO + r"|^[S5$]\W?[o6]\s)" + _N + r"\s?-\s?(?P<s>[A-Z]\w{0,4}\s?/\s?[A-Z][A-Za-z\-]{0,15})"
)
_OLD = re.compile(_SO + r"(?P<n>\d{1,5})\s{0,2}(?P<s>[A-Z]{2,8}(?:[/-][A-Z][A-Z0-9]{0,7}){1,3})\b")
# Numbers are written by hand: what a scan makes of them is anything, before a symbol that is printed and whole.
_ILLEGIBLE = re.compile(
    r"^(?:S[oe6]\s?(?P<colon>[:;.,]?)|s[oe6]\s?(?P<mark>[:;]))(?P<n>[^:;()]{0,12})/\s{0,2}(?P<s>[A-Z][A-Z&]{1,7}\s?-\s?[A-Z][A-Za-z&]{0,7}(?:-[A-Z]{1,7})?)"
    r"(?=$|[\s.,])"
)
# ``Số`` itself read as figures (``861913 /TCHQ-TXNK Hà Nội, ngày …``): where the number begins nobody knows.
_RUN_IN = re.compile(
    r"^[\dSs§$]\d{2,7}\s?/\s{0,2}(?P<s>[A-Z][A-Z&]{1,7}-[A-Z][A-Za-z&]{1,7})\s+(?=[A-Z]\S.{0,30},\s?ng\S{1,3}[\s\d{(])"
)
# Words and long figures are another thing than a number (``Số CMND/CCCD-HC``).
_WORDS = re.compile(r"[A-Za-z]{4}|[A-Z]{3}|\d[\d.]{6}")
_BARE = re.compile(_SO + r"(?P<n>\d{1,5})\s?(?:/\s?(?P<y>(?:19|20)\d\d))?\s*$")
# What stands behind a cited number: its date and whose it is.
_CITED = re.compile(r"^[,;)]?\s*(?:ngay\s+\d|cua\s|nam\s+\d{4}\s+cua|do\s|ve\s+viec\s+.{0,80}\bcua\b)", re.I)
_LIKELY = re.compile(r"[/|\\-]\s{0,2}[A-Z\d]|\d\s{0,2}[A-Z]{2}|\d$|[/l|]\s?[12]")
_DIGITS = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8", "Z": "2"})
# Contracts: ``HĐMB``, ``2021/HĐLĐ``, ``HĐKT-2020``; councils (HĐND …) and guidance (HD) are none.
_CONTRACT = re.compile(
    r"(?:^|[-/])(?:PL)?(?:HĐ(?!ND|BT|QT|TV|TĐ|GS|KH|XX|TS|SK)[A-ZĐ]{0,6}|HD(?:KT|MB|LD|TN|XD|DV|TM|VT|TV|HT|MBHH|TK|NT))(?=$|[-/.])|^PLHD"
)

_FIVE = re.compile(r"(?:^|(?<=[-/]))5(?=[A-ZĐ]{1,6}(?:$|[-/]))")  # 5KHCN, 5L: an S that a scan made a figure


def is_contract(symbol: str) -> bool:
    """Whether a symbol is that of a contract (``HĐMB``, ``2021/HĐLĐ``)."""
    return _CONTRACT.search(symbol) is not None


def _digits(text: str) -> str | None:
    found = re.sub(r"\D", "", text.translate(_DIGITS)) if any(c.isdigit() for c in text) else ""
    tail = text[-1:] if text[-1:].islower() and text[-1:] not in "ol" else ""
    return found[:8] + tail if found else None


def _symbol(raw: str) -> str:
    text = (
        re.sub(r"\s*([-–—_~/])\s*", r"\1", raw)
        .replace("–", "-")
        .replace("—", "-")
        .replace("~", "-")
        .replace("_", "-")
    )
    return codes.mended(_FIVE.sub("S", text.replace("Ð", "Đ").strip(" .,-")))


def of_line(line: Line) -> Number | None:
    """The number that this line's box carries."""
    text = line.bare
    if not _LIKELY.search(text):
        return None
    for pattern, form in ((_LEGAL, "legal_number"), (_PARTY, "party_number"), (_ADMIN, "number"), (_OLD, "number")):
        found = pattern.search(text)
        if found is None:
            continue
        symbol = _symbol(line.raw[found.start("s") : found.end("s")])
        rest = text[found.end() :].strip()
        if sum(map(str.isupper, symbol)) < 2 and not re.match(r"L\b", symbol):
            continue
        if _CITED.match(rest) and (form == "number" or not (found["colon"] or found["mark"]) or "cua" in rest[:60]):
            return None
        return _made(found, symbol, form, line.raw[found.end() :].strip())  # type: ignore[arg-type]
    illegible = _illegible(line)
    if illegible is not None:
        return illegible
    found = _BARE.search(text)
    if found and not line.raw[: found.start("n")].rstrip().endswith(("SỞ", "Sở", "sở")):  # THUẾ CƠ SỞ 3
        return Number(found["n"], int(found["y"]) if found["y"] else None, None, "bare_number", "")
    return None


def _illegible(line: Line) -> Number | None:
    """The symbol behind a number that was written by hand and not read."""
    found = _RUN_IN.match(line.bare)
    if found is not None:
        return Number(None, None, _symbol(line.raw[found.start("s") : found.end("s")]), "illegible_number", "")
    found = _ILLEGIBLE.match(line.bare)
    if (
        found is None
        or _WORDS.search(found["n"])
        or not (found["colon"] or found["mark"] or re.search(r"[^A-Za-z\s]", found["n"]))
    ):
        return None
    symbol = _symbol(line.raw[found.start("s") : found.end("s")])
    form: Form = "bare_number" if is_contract(symbol) else "illegible_number"
    return Number(None, None, symbol, form, line.raw[found.end() :].strip())


def _made(found: re.Match[str], symbol: str, form: Form, rest: str) -> Number | None:
    number = _digits(found["n"])
    year = None
    if form == "legal_number":
        year = int(found["y"].translate(_DIGITS))
        if (
            symbol.startswith("QH")
            or "-" in symbol
            or "/" in symbol
            or symbol[:4] == "UBTV"
            or codes.of_spelling(symbol)
        ):
            form = "legal_number"
        else:
            form = "number"
    if is_contract(symbol):
        return Number(number, year, symbol, "bare_number", rest)
    if number is None:
        waiting = found["n"].strip(" ")
        if not (waiting or found["colon"] or found["mark"]):
            return None
        if re.search(r"[-/][.…_]{2,}$", found["s"]) or re.match(r"\s?-?\s?(?:\.{2}|…|_{2})", rest):
            return Number(None, year, symbol, "bare_number", rest)  # a form: ``……/XN-……`` waits for its office, too
        misread = (found["so"] or found["bad"] or "So")[-1] not in "oO." and not waiting
        return Number(None, year, symbol, "illegible_number" if misread else "blank_number", rest)
    if form in ("number", "party_number") and found["so"] is None:
        form = "mended_number"
    return Number(number, year, symbol, form, rest)


def kind_of(number: Number, title: str | None, about: bool, issuer: str) -> str | None:
    """Code of the type (Annex III): the title in capitals says it, else a ``V/v`` box (công văn only), else the symbol."""  # noqa: E501
    if title is not None:
        return title
    symbol = number.symbol or ""
    if re.match(r"QH\d|L\b", symbol):
        return "L"
    tokens = re.split(r"[-/]", symbol)
    code = codes.of_spelling(tokens[0])
    if number.form == "number" and not symbol.startswith(f"{tokens[0]}-"):
        code = None  # 12/CT and 85 TC/TCT: an office's own short sign, not a type
    if code and about and number.form != "legal_number":
        return "CV"
    if code == "CT" and "CUC THUE" in issuer:
        return "CV"
    if code:
        return code
    return "CV" if symbol else None
