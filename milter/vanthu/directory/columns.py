"""The header of a list of mailboxes: where it stands, and what each column holds.

``find`` looks for one row, or two rows that are read together (``Hộp thư`` over ``công vụ | cá nhân``). A name that
is not known is no column; whether such a column matters is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .persons import plain
from .sheets import Sheet

Key = Literal[
    "name", "family", "given", "position", "agency", "unit", "address", "private", "role", "valid_from",
    "valid_to", "ignored",
]  # fmt: skip

_SEARCHED = 60
_MAX_NAME = 90
_EXACT: dict[str, Key] = {
    "ten": "given", "ho": "family", "ho dem": "family", "ho lot": "family", "ho va dem": "family",
    "ho va ten dem": "family",
    "ho va chu lot": "family", "ho va ten lot": "family", "ten dem va ten": "given", "name": "name",
    "full name": "name", "fullname": "name",
    "ho ten": "name", "chu hop thu": "name", "nguoi su dung": "name", "nguoi dung": "name", "chu tai khoan": "name",
    "position": "position", "title": "position", "cv": "position", "cd": "position", "chuc vu chuc danh": "position",
    "agency": "agency", "office": "agency", "department": "unit", "to chuc": "agency",
    "phong": "unit", "bo phan": "unit", "phong ban": "unit", "khoa phong": "unit", "to": "unit",
    "mail": "address", "e mail": "address", "email": "address", "tai khoan": "address", "username": "address",
    "role": "role", "vai tro": "role", "loai": "role", "loai hop thu": "role", "loai tai khoan": "role",
    "tu ngay": "valid_from", "hieu luc tu": "valid_from", "ngay cap": "valid_from", "valid from": "valid_from",
    "den ngay": "valid_to", "hieu luc den": "valid_to", "het hieu luc": "valid_to", "ngay thu hoi": "valid_to",
    "valid to": "valid_to", "private": "private", "address": "address", "unit": "unit",
}  # fmt: skip
# In this order: the first that is found in the name decides.
_PATTERNS: tuple[tuple[str, Key], ...] = (
    (r"^(?:stt|tt|s tt|so tt|so thu tu|no|so|id|ghi chu|chu thich|note|notes|remark|ky nhan|chu ky|ky ten)$",
     "ignored"),
    (r"\b(?:dien thoai|sdt|so dt|dt|dtdd|di dong|phone|mobile|tel|fax|zalo|ngay sinh|nam sinh|gioi tinh|nam nu"
     r"|trinh do|que quan|dan toc|cccd|cmnd|ngach|luong|dia chi co quan|dia chi lien he|dia chi tru so|mat khau"
     r"|password|dung luong|trang thai|tinh trang|chuyen mon|website|web|ghi chu)\b", "ignored"),
    (r"\bchu (?:hop thu|hom thu|tai khoan|email|dia chi)\b", "name"),
    (r"\b(?:mail|email|mail box|thu dien tu|hop thu|hom thu|thu cong vu|tdt)\b"
     r".*\b(?:ca nhan|rieng|khac|phu|ngoai|gmail|yahoo)\b",
     "private"),
    (r"\b(?:ca nhan|rieng|gmail|yahoo)\b.*\b(?:mail|email|thu dien tu|hop thu|hom thu)\b", "private"),
    (r"\b(?:thu ca nhan|gmail)\b", "private"),
    (r"\b(?:e ?mail|thu dien tu|hop thu|hom thu|thu cong vu|tdt|tai khoan mail|dia chi mail)\b", "address"),
    (r"\b(?:ho (?:va )?ten dem|ho (?:va )?(?:chu )?dem|ho lot)\b", "family"),
    (r"\b(?:ho va ten|ho ten|ho & ten|ten (?:can bo|cong chuc|nguoi|cbccvc|cbcc|nhan vien|vien chuc|chu))\b",
     "name"),
    (r"\b(?:chuc vu|chuc danh|vi tri|chuc vi|nhiem vu)\b", "position"),
    (r"\b(?:phong ban|phong|bo phan|khoa)\b(?!.*\b(?:don vi|co quan)\b)", "unit"),
    (r"\b(?:don vi|co quan|noi cong tac|noi lam viec|to chuc|cong tac tai|so nganh|dia phuong)\b", "agency"),
)  # fmt: skip
_RULES = tuple((re.compile(pattern), key) for pattern, key in _PATTERNS)


_OFFICES = re.compile(
    r"\b(?:mail|email|thu dien tu|hop thu|hom thu)\b(?: cua)? (?:don vi|co quan|phong|so|van thu)\b"
)
_FORMER = re.compile(r"\b(?:mail|email|thu dien tu|hop thu|hom thu|dia chi)\b.* (?:cu|truoc day|da thu hoi)$")


@dataclass(frozen=True, slots=True)
class Header:
    """``columns`` by number from 0, ``names`` of all; ``first`` and ``last`` are its rows; ``unknown`` are columns
    with other names."""

    first: int
    last: int
    columns: Mapping[int, Key]
    unknown: Mapping[int, str]
    names: Mapping[int, str]

    def of(self, key: Key) -> list[int]:
        """The columns that hold this."""
        return [column for column, found in self.columns.items() if found == key]


def meaning(name: str) -> Key | None:
    """What a column of that name holds, or None; None also for addresses of former times."""
    if not name or len(name) > _MAX_NAME or "@" in name:
        return None
    text = _words(name)
    if _FORMER.search(text):
        return None
    if text in _EXACT:
        return _EXACT[text]
    return next((key for pattern, key in _RULES if pattern.search(text)), None)


def is_of_offices(name: str) -> bool:
    """Whether a column of addresses holds those of offices: ``Email đơn vị``; but not what an office issued."""
    return bool(_OFFICES.search(_words(name))) and not re.search(r"\bcap\b", _words(name))


def _words(name: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in plain(name)).split())


def find(sheet: Sheet) -> Header | None:
    """The first header near the top, or None; of one row and of two read together, what has more known columns."""
    best: tuple[int, Header] | None = None
    for row in range(min(_SEARCHED, len(sheet.rows))):
        # A title over the header would make a header with it, but a worse one.
        if best is not None and best[1].of("address") and row > best[1].first + 1:
            break
        for last in (row, row + 1):
            header = at(sheet, row, last)
            if header is None or (best is not None and not header.of("address")):
                continue
            score = 2 * len({key for key in header.columns.values() if key != "ignored"}) - (last - row)
            if best is None or score > best[0] or not best[1].of("address"):
                best = score, header
    return best[1] if best else None


def at(sheet: Sheet, row: int, last: int) -> Header | None:
    """The header in these rows, if they are one: an address column, or a name and what the person is."""
    if last >= len(sheet.rows) or any("@" in cell for line in sheet.rows[row : last + 1] for cell in line):
        return None
    names = _names(sheet, row, last)
    known = {column: key for column, name in names.items() if (key := meaning(name)) is not None}
    found = {key for key in known.values() if key != "ignored"}
    if not ("address" in found and len(known) > 1) and not (
        {"name", "given"} & found and {"position", "agency", "unit"} & found
    ):
        return None
    unknown = {column: name for column, name in names.items() if name and column not in known}
    if len(unknown) > len(known):
        return None
    if known.get(min(known)) == "given" and "family" not in found:
        known = {column: "name" if key == "given" else key for column, key in known.items()}
    elif "given" in found and "family" not in found:
        known = {c: ("agency" if "name" in found else "name") if key == "given" else key for c, key in known.items()}
    return Header(row, last, known, unknown, names)


def _names(sheet: Sheet, row: int, last: int) -> dict[int, str]:
    """The name of each column: what stands in its cells, one below the other, each only once."""
    width = max(len(line) for line in sheet.rows[row : last + 1])
    names = {}
    for column in range(width):
        parts: list[str] = []
        for number in range(row, last + 1):
            line = sheet.rows[number]
            origin = sheet.wide.get((number, column), column)
            part = " ".join(line[origin].split()) if origin < len(line) else ""
            if part and part not in parts:
                parts.append(part)
        names[column] = " ".join(parts)
    return names
