"""Numbers in file names (``1017_UBND-VX.signed.pdf``, ``CV 1017 UBND-VX ….docx``) and subjects (``1017/UBND-VX V/v``).

Contract: ``of_name`` and ``of_subject`` give the number and a score. Only a complete form counts (number and a symbol
that opens with a type's code or with an office's sign, and has a second part); a subject that *cites* ("theo công văn
1017/UBND-VX") stays below 0.5.
"""  # noqa: E501

from __future__ import annotations

import re

from vanthu.facts.official import codes
from vanthu.facts.official.lines import bare
from vanthu.facts.official.number import Form, Number, is_contract
from vanthu.vietnamese.syllables import is_syllable

_TYPES = sorted({bare(c) for c in codes.CODES} | {"QDi"}, key=len, reverse=True)
_OFFICE = r"UBND|HDND|UBMTTQ|MTTQ|TTg|TTG|VPCP|VPUB\w{0,6}|VPUBND|QH\d{1,2}|TCT|TCHQ|TCTK|TU|TLD|LDLD|BHXH|NHNN|KBNN|KTNN|TANDTC|VKSNDTC|CTK|B[A-Z]{2,8}|S[A-Z]{1,8}|P[A-Z]{2,6}|C[A-Z]{2,6}|CT|GSQL|TXNK"  # noqa: E501
_TYPED = "|".join(map(re.escape, _TYPES))
_SYMBOL = rf"(?P<s>(?:(?:{_TYPED})(?P<sep>[-_/ ])[A-Z][A-Za-z0-9&]{{1,11}}|(?:{_OFFICE})[-_][A-Z][A-Za-z0-9&]{{1,11}})(?:[-_.][A-Z][A-Za-z0-9&]{{1,9}})?)"  # noqa: E501
_NUMBER = re.compile(
    r"(?:^|(?<=[\s_.(\[-]))(?P<n>\d{1,5})(?:(?:[/_.-](?P<y>(?:19|20)\d\d))?[/_-]|(?:[ .](?P<y2>(?:19|20)\d\d))?[ .])"
    + _SYMBOL
    + r"(?![A-Za-z])"
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_LIKE_WORDS = frozenset({"CAT", "CAH", "CAX"})  # offices whose abbreviation could be a syllable
_PREFIX = re.compile(
    r"(?:^|[\s_.\-\[(])(?:CV|cv|Cv|[Cc]ong[ _]?van|VB|vb|So|so|" + _TYPED + r")[\s_.:-]*(?:so|So|SO|s)?[\s_.:-]*$"
)
_CITES = re.compile(
    r"\b(?:theo|tra loi|phuc dap|thuc hien|can cu|gop y|ve viec|lien quan|trien khai|hoi ve|v/v|cua|tai|xin|nhac|bao cao|re|hoan thien)\b[^/]{0,60}$",  # noqa: E501
    re.I,
)
_ANSWER = re.compile(r"^\s*(?:re|tl|trả lời|aw|sv|odp|rif|antw)\s*:", re.I)


def _found(text: str) -> tuple[Number, str] | None:
    plain = bare(text)
    for found in _NUMBER.finditer(plain[:400]):
        if _spelled_out(text[found.start("s") : found.end("s")]):
            continue
        raw = (
            text[found.start("s") : found.end("s")]
            .replace("_", "-")
            .replace(" ", "-")
            .replace("/", "-")
            .replace("Ð", "Đ")
        )
        symbol = codes.mended(raw)
        if is_contract(symbol):
            return None
        year = found["y"] or found["y2"]
        form: Form = "legal_number" if year else "number"
        return Number(found["n"], int(year) if year else None, symbol, form, ""), plain[: found.start()]
    return None


def _spelled_out(symbol: str) -> bool:
    """Whether the second part of a symbol is a word or a name (``1-CV-NguyenVanAn``, ``5 BC THANG``): offices are
    abbreviated, and abbreviations are no syllables."""
    office = re.split(r"[-_/ .]", symbol)[1:2]
    if not office or len(office[0]) < 3:
        return False
    word = office[0]
    if sum(map(str.islower, word)) >= 2:
        return True
    letters = bare(word).upper()
    vowels = sum(letter in "AEIOU" for letter in letters)  # Y is in SYT, BYT
    if len(letters) >= 5 and vowels >= 2:
        return letters[:2] != "UB"  # MARKETING, but UBATGT
    return vowels > 0 and is_syllable(word) and letters not in _LIKE_WORDS


def of_name(name: str) -> tuple[Number, float] | None:
    """The number that a file is named after."""
    found = _found(name)
    if found is None:
        return None
    number, before = found
    if number.year is None and _YEAR.match(number.number or "") and not _PREFIX.search(before):
        return number, 0.4  # 2026-KH-SYT.docx is a year's plan
    return number, 0.7 if not before or _PREFIX.search(before) else 0.6


def of_subject(subject: str) -> tuple[Number, float] | None:
    """The number that a subject announces; one that is cited, or in an answer, scores below 0.5."""
    found = _found(subject)
    if found is None:
        return None
    number, before = found
    before = re.sub(r"^(?:\s*(?:fwd?|fw|chuyen tiep)\s*:\s*|\s*\[[^\]]{0,30}\]\s*)+", "", before, flags=re.I)
    if _ANSWER.match(subject) or _CITES.search(before):
        return number, 0.3
    return (number, 0.6) if not before.strip() or _PREFIX.search(before) else (number, 0.4)
