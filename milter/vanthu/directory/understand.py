"""What a sheet of a list says: who has which mailbox, and under which headings he stands.

``understand(sheet)`` decides nothing that needs the register: an entry keeps every text that may name its agency, the
innermost first, and ``plan`` looks them up. What is not understood is a remark, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from . import columns, wording
from .cells import addresses, is_person, person
from .columns import Header, Key
from .entries import Entry, Level, Remark, Understood
from .issuers import normal
from .sheets import Sheet
from .swapped import set_right

_DITTO = frozenset(['"', "''", "”", "“", "nt", "-nt-", "n/t", "như trên", "//"])
_SHEET_NAMES = re.compile(
    r"(?:sheet|trang tinh|trang|ds|danh sach|bang|list|data|du lieu|email|mail|hop thu|tong hop)?[ _0-9-]*$"
)
_SKIPPED = re.compile(r"(?:trang|page) ?[0-9]|\(? ?kem theo|\(? ?ban hanh kem|mau so|bieu so|phu luc")
_NONE = re.compile(r"(?:chua|khong|ko|k|x|none|no)\b")
_INTRODUCED = re.compile(r"^(?:tên )?(?:đơn vị|cơ quan)(?: công tác| báo cáo)?\s*:\s*", re.IGNORECASE)
_COUNTED = re.compile(
    r"[\s:(–-]+[0-9]+ *(?:người|cán bộ|cb|cbcc|hộp thư|tài khoản|email|đ/c|đồng chí|địa chỉ)\)?\s*$", re.IGNORECASE
)
_OF = re.compile(r"\b(?:của|thuộc|tại)\s+", re.IGNORECASE)
_LONGEST_NAME = 4


def understand(sheet: Sheet) -> Understood:
    """The entries of a sheet, and what there is to say about them."""
    return _Reader(sheet).read()


class _Reader:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.label = f"{sheet.file}[{sheet.name}]" if sheet.name else sheet.file
        self.found = Understood(self.label)
        self.sections: list[tuple[int, str]] = []
        self.titles: tuple[str, ...] = ()
        self.ended = False
        self.below = ""
        self.above: dict[Key, str] = {}
        self.joined: int | None = None
        self.filled: list[int] = []
        self.offices = False

    def read(self) -> Understood:
        count = sum("@" in cell for row in self.sheet.rows for cell in row)
        header = columns.find(self.sheet)
        if header is None or not header.of("address"):
            if count or header is not None:
                self.remark("unclear", 0, f"no header with a column of addresses found; {count} addresses left out")
            else:
                self.remark("note", 0, "holds no mail address; left out")
            return self.found
        if self.sheet.hidden:
            self.remark("question", 0, "is a hidden sheet")
        self.take(header)
        self.titles = _titles(self.sheet, header.first)
        self.found.header, self.found.names = header, _told(header)
        for number, cells in enumerate(self.sheet.rows[: header.first]):
            if "@" in "".join(cells):
                self.remark("question", number, f"an address above the table is left out: {_shown(cells)}")
        for number in range(header.last + 1, len(self.sheet.rows)):
            self.row(number, self.sheet.rows[number])
        if self.filled:
            self.remark(
                "question", self.filled[0], f"the agency is empty in {len(self.filled)} rows: taken from above"
            )
        self.found.entries = set_right(self.found)
        return self.found

    def take(self, header: Header) -> None:
        """A header from which on columns are read."""
        self.joined = _given_names(self.sheet, header)
        if self.joined is not None:
            self.remark("question", header.last, f"{_letter(self.joined)} has no name: read as the rest of the name")
        self.header = header = self.without_offices(header)
        for column, name in header.unknown.items():
            self.remark("note", header.last, f"the column {_letter(column)} ({name}) is left out")

    def without_offices(self, header: Header) -> Header:
        """Mailboxes of offices in a column of their own are read where there is none of persons."""
        addresses = header.of("address")
        offices = [column for column in addresses if columns.is_of_offices(header.names[column])]
        self.offices = bool(offices) and offices == addresses
        for column in offices:
            read = "role agency" if self.offices else "left out, since there is one of persons"
            told = f"{_letter(column)} ({header.names[column]})"
            self.remark("question", header.last, f"the column {told} holds mailboxes of offices: {read}")
        if self.offices or not offices:
            return header
        return replace(header, columns={c: key for c, key in header.columns.items() if c not in offices})

    def row(self, number: int, cells: tuple[str, ...]) -> None:
        if not any(any(c.isalpha() for c in cell) for cell in cells):
            return
        if "@" not in "".join(cells):
            self.without_address(number, cells)
            return
        address = self.of("address", cells)
        private = self.of("private", cells)
        if "@" not in address + private:
            self.remark("unclear", number, f"an address outside of the columns of addresses: {_shown(cells)}")
            return
        self.resume(number, cells)
        name = self.name(cells)
        role, begin, end = (self.of(key, cells) for key in ("role", "valid_from", "valid_to"))
        role = role or ("agency" if self.offices else "")
        entry = Entry(
            f"{self.label}:{number + 1}", person(name), self.repeated("position", cells), addresses(address),
            addresses(private), self.agencies(number, cells), self.outer(), role, begin, end,
        )  # fmt: skip
        self.found.entries.append(entry)

    def without_address(self, number: int, cells: tuple[str, ...]) -> None:
        """Headings, repeated headers, totals, signatures, and persons who have no mailbox yet."""
        texts = [" ".join(cell.split()) for cell in cells if any(c.isalpha() for c in cell)]
        texts = [text for text in texts if not wording.number_level(text)]
        if not texts:
            return
        again = columns.at(self.sheet, number, number) if len(texts) > 1 else None
        if again is not None:
            self.resume(number, ())
            if dict(again.names) != dict(self.header.names):
                self.take(again)
            return
        name = self.name(cells)
        if wording.is_footer(texts[0]) and not is_named(name):
            self.ended = True
        elif _SKIPPED.match(wording.words(texts[0])):
            return
        elif self.ended:
            self.below = texts[0]
        elif len(set(texts)) == 1 or (wording.without_number(texts[0])[0] == 2 and wording.is_office(texts[0])):
            self.heading(number, cells, texts[0])
        elif (wrong := self.of("address", cells)) and is_named(name) and not _NONE.match(wording.words(wrong)):
            self.remark("unclear", number, f"{name}: not a mail address: {wrong}")
        elif is_named(name) and self.of("position", cells) + self.of("agency", cells) + self.of("unit", cells):
            self.found.unissued.append(number + 1)
            self.repeated("position", cells)
            self.agencies(number, cells)
        elif wording.is_office(texts[0]) or wording.is_unit(texts[0]):
            self.heading(number, cells, texts[0])
        else:
            self.remark("unclear", number, f"a row without address that is not understood: {_shown(cells)}")

    def resume(self, number: int, cells: tuple[str, ...]) -> None:
        """Rows again after totals: what stood last in between was a heading, and whose it is must be known."""
        if self.ended and self.below:
            self.heading(number, cells[:0], self.below)
        self.ended, self.below = False, ""

    def heading(self, number: int, cells: tuple[str, ...], text: str) -> None:
        """A row that says under which office, unit or group the next rows stand."""
        if number_level(cells) == 0 and is_named(person(text).name) and _letters_in(self.header.of("name"), cells):
            self.found.unissued.append(number + 1)
            return
        level, bare = wording.without_number(text)
        bare = _COUNTED.sub("", _INTRODUCED.sub("", bare))
        level = number_level(cells) or level
        if not any(c.isalpha() for c in bare):
            return
        if not level:
            level = 0 if wording.is_group(bare) else 8 if wording.is_unit(bare) else 5
        self.sections = [section for section in self.sections if section[0] < level]
        self.sections.append((level, bare.strip(" .:-")))
        self.above.pop("agency", None)

    def agencies(self, number: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        """Every text that may name the agency of a row, innermost first."""
        given = [self.repeated("unit", cells)]
        own = self.repeated("agency", cells)
        if not own and self.header.of("agency") and not self.sections and self.above.get("agency"):
            own = self.above["agency"]
            self.filled.append(number)
        given += [own, *(text for _, text in reversed(self.sections))]
        return _distinct(given)

    def outer(self) -> tuple[str, ...]:
        """What the name of the sheet and the titles say; a name that says nothing is left out."""
        name = self.sheet.name
        if _SHEET_NAMES.match(wording.words(name)) or (self.titles and not wording.is_office(name)):
            return self.titles
        return _distinct([name, *self.titles])

    def name(self, cells: tuple[str, ...]) -> str:
        parts = [self.of("family", cells), self.of("name", cells), self.of("given", cells)]
        if self.joined is not None and self.joined < len(cells):
            parts.append(cells[self.joined])
        return " ".join(part for part in parts if part)

    def of(self, key: Key, cells: tuple[str, ...]) -> str:
        """What stands in the columns of that key."""
        between = "\n" if key in ("address", "private") else " "
        return between.join(cells[c] for c in self.header.of(key) if c < len(cells) and cells[c]).strip()

    def repeated(self, key: Key, cells: tuple[str, ...]) -> str:
        """The same, and for a ditto mark what stood above."""
        text = self.of(key, cells)
        if text.lower() in _DITTO:
            return self.above.get(key, "")
        if text:
            self.above[key] = text
        return text

    def remark(self, level: Level, row: int, text: str) -> None:
        place = f"{self.label}:{row + 1}" if row else self.label
        self.found.remarks.append(Remark(level, place, text))


def is_named(name: str) -> bool:
    """Whether a cell holds the name of a person rather than of an office or a desk."""
    bare = person(name).name
    if not is_person(bare) or wording.is_group(name):
        return False
    if not wording.is_shared(name):
        return True
    # Without diacritics "Vu Van Giang" could be an office (Vụ …).
    return bare.isascii() and wording.begins_with_surname(bare) and 2 < len(bare.split()) <= _LONGEST_NAME


def number_level(cells: tuple[str, ...]) -> int:
    """The level of the number in the first column that is not empty, if it is Roman or a letter."""
    first = next((cell for cell in cells if cell), "")
    level = wording.number_level(first)
    return level if level in (1, 2) else 0


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Each name once, however it is written."""
    found: dict[str, str] = {}
    for text in texts:
        if text:
            found.setdefault(normal(text), " ".join(text.split()))
    return tuple(found.values())


def _letters_in(numbers: list[int], cells: tuple[str, ...]) -> bool:
    return any(c < len(cells) and cells[c] for c in numbers) and cells[0].isdigit()


def _titles(sheet: Sheet, until: int) -> tuple[str, ...]:
    """Offices named above the table, the nearest first: letterhead, ``Đơn vị: …``, ``danh sách … của …``."""
    found: list[str] = []
    for cells in sheet.rows[:until]:
        for line in (line.strip(" .:-*") for cell in cells for line in cell.split("\n")):
            text = _INTRODUCED.sub("", line)
            behind = _OF.split(text)[-1].strip() if _OF.search(text) else ""
            for candidate in (text, behind):
                if candidate and len(candidate) < 120 and wording.is_office(candidate):
                    found.insert(0, candidate)
                    break
    return tuple(dict.fromkeys(found))


def _given_names(sheet: Sheet, header: Header) -> int | None:
    """A column without name beside that of names, which holds one word in nearly every row."""
    for column in header.of("name"):
        beside = column + 1
        if beside in header.columns or beside in header.unknown:
            continue
        rows = [row for row in sheet.rows[header.last + 1 :] if "@" in "".join(row)]
        filled = [row[beside] for row in rows if beside < len(row) and row[beside]]
        if len(filled) > 0.5 * len(rows) and sum(word.isalpha() for word in filled) >= 0.8 * len(filled):
            return beside
    return None


def _told(header: Header) -> str:
    return ", ".join(f"{_letter(column)} {key}" for column, key in header.columns.items() if key != "ignored")


def _letter(column: int) -> str:
    """The name of a column in a spreadsheet: A … Z, AA …"""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _shown(cells: tuple[str, ...]) -> str:
    return " | ".join(" ".join(cell.split()) for cell in cells if cell)[:160]
