"""doc (Word 97 to 2007, MS-DOC): read by our own reader of the piece table, over olefile (BSD).

Body, footnotes, headers and footers, comments, endnotes, text boxes; table cells are kept apart; text in ``.VnTime``
and ``VNI-`` fonts is recognised by its letters. Passwords are told apart (``encrypted``). Large pictures go to OCR
as far as they lie in the file as PNG or JPEG. Word 2, 6 and 95: the body text. Files embedded
as objects are members. Not read: documents embedded as OLE storages, macros.
"""

from __future__ import annotations

import re
import struct

from ...mail.charsets import decode_bytes
from ..work import Found, Stop
from .blips import pictures_in
from .ole import opened, properties, stream, windows
from .ole_objects import objects

TYPES = ("application/msword",)
_FIB_MAGICS = (0xA5, 0xA6)  # the high octet; the latter in Chinese, Japanese and Korean editions of Word 95
_WORD_97 = 0x00C1
_ENCRYPTED, _TABLE_1, _WIDE = 0x0100, 0x0200, 0x1000
_MACINTOSH = 0x0100
_WORD_2 = b"\xdb\xa5"
_CCP_AT = 0x4C
_CLX_AT = 0x01A2
_STORIES = ("", "footnotes", "header", "", "comments", "endnotes", "text box", "text box")
_FIELD = re.compile(r"\x13[^\x13\x14\x15]{0,2000}(?:\x14|(?=\x15))")
_SPECIAL = str.maketrans(
    {0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x1E: "-", 0x1F: "", 0xA0: " ", 0x15: "", 0x14: "", 0x13: ""}
)


def read(content: bytes, found: Found) -> None:
    """The stories one after another, as the file has them."""
    if content.startswith(_WORD_2):
        _in_one_piece(content, found)
        return
    with opened(content, found) as storage:
        properties(storage, found)
        main = stream(storage, "WordDocument")
        if len(main) < 0x20 or main[1] not in _FIB_MAGICS:
            raise Stop("malformed")
        version, flags = struct.unpack_from("<H", main, 2)[0], struct.unpack_from("<H", main, 10)[0]
        if flags & _ENCRYPTED:
            raise Stop("encrypted")
        if version < _WORD_97:
            _in_one_piece(main, found)
            return
        table = stream(storage, "1Table" if flags & _TABLE_1 else "0Table", "1Table", "0Table")
        if not table:
            _in_one_piece(main, found)
            found.flaw("malformed")
            return
        text = _text(main, table, found.work.limits.max_text)
        _stories(main, text, found)
        pictures_in(stream(storage, "Data"), found)
        objects(storage, found)


def _in_one_piece(main: bytes, found: Found) -> None:
    """The text as Word 2, 6 and 95 store it: in one piece, in UTF-16 or in a code page of one octet a letter."""
    flags, charset, start, end = struct.unpack_from("<H8xH2xII", main, 10)
    if flags & _ENCRYPTED:  # the same bit in Word 2, whose FIB has these flags in the same place
        raise Stop("encrypted")
    if not start < end <= len(main):
        raise Stop("malformed")
    wide = bool(flags & _WIDE)
    octets = main[start : min(end, start + (1 + wide) * found.work.limits.max_text)]
    if wide:
        found.add(_laid_out(octets.decode("utf-16-le", "replace")))
    elif charset == _MACINTOSH:
        found.add(_laid_out(octets.decode("mac_roman")))
    else:
        found.add(_laid_out(decode_bytes(octets, None)[0]))


def _text(main: bytes, table: bytes, most: int) -> str:
    """All characters of all stories, by the piece table (MS-DOC §2.4.1)."""
    try:
        at, size = struct.unpack_from("<II", main, _CLX_AT)
        clx = table[at : at + size]
        at = 0
        while clx[at] == 1:  # property exceptions that pieces share
            at += 3 + struct.unpack_from("<h", clx, at + 1)[0]
        if clx[at] != 2:
            raise Stop("malformed")
        (size,) = struct.unpack_from("<I", clx, at + 1)
        plc = clx[at + 5 : at + 5 + size]
        count = (len(plc) - 4) // 12
        if count < 1:
            raise Stop("malformed")
        places = struct.unpack_from(f"<{count + 1}I", plc)
        return _pieces(main, plc[4 * (count + 1) :], places, most)
    except (struct.error, IndexError):
        raise Stop("malformed") from None


def _pieces(main: bytes, descriptors: bytes, places: tuple[int, ...], most: int) -> str:
    pieces: list[str] = []
    total = 0
    for index in range(len(places) - 1):
        count = places[index + 1] - places[index]
        (where,) = struct.unpack_from("<I", descriptors, 8 * index + 2)
        if count <= 0 or total >= most:
            continue
        count = min(count, most - total)
        total += count
        if where & 0x40000000:
            start = (where & 0x3FFFFFFF) // 2
            pieces.append(windows(main[start : start + count]).ljust(count))
        else:
            start = where & 0x3FFFFFFF
            pieces.append(main[start : start + 2 * count].decode("utf-16-le", "replace").ljust(count))
    return "".join(pieces)


def _stories(main: bytes, text: str, found: Found) -> None:
    """The stories by their lengths in the FIB: header first, as it stands on the page."""
    lengths = struct.unpack_from("<8i", main, _CCP_AT)
    at = 0
    stories: list[tuple[str, str]] = []
    for part, length in zip(_STORIES, lengths, strict=True):
        end = at + max(0, min(length, len(text) - at))
        stories.append((part, text[at:end]))
        at = end
    for part, story in sorted(stories, key=lambda one: one[0] != "header"):
        found.add(_laid_out(story), part)


def _laid_out(text: str) -> str:
    """Cell marks (U+0007) to tables; field codes taken out, their results kept."""
    for _ in range(3):  # fields nest
        text = _FIELD.sub("", text)
    out: list[str] = []
    row: list[list[str]] = []
    *cells, last = text.split("\x07")
    for cell in cells:
        if cell or not row:
            row.append(cell.translate(_SPECIAL).split("\n"))
        else:  # the mark that ends a row
            out.extend(_row(row))
            row = []
    out.extend(_row(row))
    out.append(last.translate(_SPECIAL))
    return "\n".join(out)


def _row(cells: list[list[str]]) -> list[str]:
    """A row of cells with one line each becomes one line. Paragraphs before a table hang on its first cell."""
    full = [cell for cell in cells if any(line.strip() for line in cell)]
    if len(full) > 1 and all(len(cell) == 1 for cell in full[1:]):
        return [*full[0][:-1], "\t".join((full[0][-1], *(cell[0] for cell in full[1:])))]
    return [line for cell in full for line in cell]
