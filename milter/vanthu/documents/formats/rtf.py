"""rtf (Rich Text Format 1.9): read by our own reader.

Text with its code page by font, Unicode (``\\u``), tables with cells kept apart, headers, footers, footnotes,
comments, text boxes, title and subject; ``.VnTime`` and ``VNI-`` fonts are decoded run by run; HTML that Outlook
wrapped in RTF. Large PNG and JPEG pictures go to OCR. Not read: embedded objects, field codes, hidden and deleted
text.
"""

from __future__ import annotations

import re

from ..fonts import Kind, Paragraph, kind_of
from ..lines import Lines
from ..pictures import inside
from ..work import Found, Stop
from .rtf_words import APART, CHARSETS, KNOWN_STARRED, LABELS, SIGNS, SKIPPED, code_page

TYPES = ("application/rtf", "text/rtf")
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_MOST_DEPTH = 2000
_MOST_PICTURES = 20
_EVERY = 8192


def read(content: bytes, found: Found) -> None:
    """One pass over the tokens; a file that is cut gives what came before."""
    reader = _Reader(found)
    cut = False
    try:
        reader.run(content)
        cut = reader.depth > 0
    finally:
        reader.close()
    if cut:
        found.flaw("malformed")


class _State:
    """What a group may change and gives back at its end."""

    __slots__ = ("apart", "deleted", "font", "picture", "skip", "starred", "table", "uc")

    def __init__(self, above: _State | None = None) -> None:
        self.skip: bool = above.skip if above else False
        self.font: int = above.font if above else 0
        self.uc: int = above.uc if above else 1
        self.table: bool = above.table if above else False
        self.deleted: bool = above.deleted if above else False
        self.starred = False
        self.picture: list[bytes] | None = None
        self.apart: tuple[str, Lines, Paragraph, bool] | None = None


class _Reader:
    def __init__(self, found: Found) -> None:
        self._found = found
        self._states: list[_State] = []
        self._state = _State()
        self._fonts: dict[int, tuple[str, Kind | None]] = {}
        self._codec = "cp1252"
        self._default = 0
        self._naming = b""
        self._pending = bytearray()
        self._to_skip = 0
        self._lines = Lines()
        self._paragraph = Paragraph()
        self._in_row = False
        self._asides: list[tuple[str, str]] = []
        self._pictures = 0
        self._surrogate = 0

    @property
    def depth(self) -> int:
        """How many groups are open."""
        return len(self._states)

    def run(self, content: bytes) -> None:
        at = number = 0
        while at < len(content):
            token = _TOKEN.match(content, at)
            if token is None:
                at += 1
                continue
            at = token.end()
            number += 1
            if number % _EVERY == 0:
                self._found.work.look_at_clock()
            word, parameter, code, sign, brace, plain = token.groups()
            if plain is not None:
                self._plain(plain)
            elif code is not None:
                self._octet(int(code, 16))
            elif word is not None:
                name = word.decode("ascii")
                if name == "bin" and parameter:
                    at += max(0, int(parameter))
                else:
                    self._word(name, int(parameter) if parameter else None)
            elif brace is not None:
                self._open() if brace == b"{" else self._close_group()
            elif sign is not None:
                self._sign(sign)

    def _open(self) -> None:
        self._flush()
        if len(self._states) >= _MOST_DEPTH:
            raise Stop("bomb")
        self._states.append(self._state)
        self._state = _State(self._state)

    def _close_group(self) -> None:
        self._flush()
        state = self._state
        if state.picture is not None:
            self._give_picture(b"".join(state.picture))
        if state.apart is not None:
            part, lines, paragraph, in_row = state.apart
            self._lines.line(self._paragraph.close())
            self._asides.append((part, self._lines.close()))
            self._lines, self._paragraph, self._in_row = lines, paragraph, in_row
        if self._states:
            self._state = self._states.pop()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._state.starred = True
        elif sign in (b"~", b"_", b"\\", b"{", b"}"):
            self._text({b"~": " ", b"_": "-"}.get(sign, sign.decode("ascii")))
        elif sign in (b"\n", b"\r"):
            self._break()

    def _plain(self, plain: bytes) -> None:
        if self._state.table:
            self._naming += plain[:200]
            return
        if self._state.picture is not None:
            self._state.picture.append(plain)
            return
        if self._to_skip:
            skipped = min(self._to_skip, len(plain))
            self._to_skip -= skipped
            plain = plain[skipped:]
        if not self._state.skip:
            self._pending += plain

    def _octet(self, code: int) -> None:
        if self._to_skip:
            self._to_skip -= 1
        elif self._state.table:
            self._naming += bytes([code])
        elif not self._state.skip and self._state.picture is None:
            self._pending.append(code)

    def _flush(self) -> None:
        """Octets so far, in the code page of their font."""
        if self._naming.endswith(b";") or (self._naming and not self._state.table):
            self._name_font()
        if self._pending:
            codec, kind = self._fonts.get(self._state.font, (self._codec, None))
            octets = bytes(self._pending)
            self._pending.clear()
            self._add(octets.decode("latin-1" if kind else codec, "replace"))

    def _text(self, text: str) -> None:
        self._flush()
        if not self._state.skip and not self._state.table:
            self._add(text)

    def _add(self, text: str) -> None:
        if not self._state.deleted:
            self._paragraph.add(text, self._fonts.get(self._state.font, ("", None))[1])

    def _break(self) -> None:
        self._flush()
        if not self._state.skip:
            self._lines.line(self._paragraph.close())

    def _word(self, name: str, parameter: int | None) -> None:
        state = self._state
        if name == "u" and parameter is not None:
            self._unicode(parameter)
            return
        if name in SIGNS:
            if SIGNS[name] == "\n":
                self._break()
            else:
                self._text(SIGNS[name])
            return
        if name not in ("f", "loch", "hich", "dbch", "lang"):
            self._to_skip = 0
        if name in SKIPPED or (state.starred and name not in KNOWN_STARRED and name not in APART):
            self._flush()
            state.skip = True
        elif name in APART and not state.skip:
            self._flush()
            state.apart = (APART[name], self._lines, self._paragraph, self._in_row)
            self._lines, self._paragraph, self._in_row = Lines(), Paragraph(), False
        elif name in ("cell", "nestcell", "row", "nestrow", "trowd"):
            self._table(name)
        else:
            self._format(name, parameter)
        state.starred = False

    def _format(self, name: str, parameter: int | None) -> None:
        state = self._state
        if name == "f" and parameter is not None:
            self._flush()
            state.font = parameter
        elif name == "fonttbl":
            state.table = True
        elif name == "fcharset" and state.table:
            self._fonts[state.font] = (CHARSETS.get(parameter or 0, "cp1252"), None)
        elif name == "ansicpg":
            self._codec = code_page(parameter or 1252)
        elif name == "deff":
            self._default = state.font = parameter or 0
        elif name == "plain":
            self._flush()
            state.font, state.deleted = self._default, False
        elif name == "uc":
            state.uc = min(max(parameter or 0, 0), 32)
        elif name in ("v", "deleted"):
            self._flush()
            state.deleted = parameter != 0
        elif name == "pict":
            state.picture = []

    def _name_font(self) -> None:
        name = self._naming.decode("latin-1").strip().rstrip(";")
        self._naming = b""
        codec = self._fonts.get(self._state.font, (self._codec, None))[0]
        if len(self._fonts) < 5000:
            self._fonts[self._state.font] = (codec, kind_of(name))

    def _unicode(self, code: int) -> None:
        self._flush()
        code &= 0xFFFF
        self._to_skip = self._state.uc
        if 0xD800 <= code < 0xDC00:
            self._surrogate = code
        elif 0xDC00 <= code < 0xE000:
            if self._surrogate:
                self._text(chr(0x10000 + ((self._surrogate - 0xD800) << 10) + code - 0xDC00))
            self._surrogate = 0
        else:
            self._text(chr(code))
        self._to_skip = self._state.uc

    def _table(self, name: str) -> None:
        self._flush()
        if self._state.skip:
            return
        if name == "trowd":
            return
        if name in ("cell", "nestcell"):
            if not self._in_row:
                self._lines.open_table()
                self._in_row = True
            self._lines.line(self._paragraph.close())
            self._lines.close_cell()
        elif self._in_row:
            self._lines.close_row()
            self._lines.close_table()
            self._in_row = False

    def _give_picture(self, digits: bytes) -> None:
        self._pictures += 1
        compact = re.sub(rb"[^0-9a-fA-F]", b"", digits)
        if self._pictures <= _MOST_PICTURES and len(compact) > 2000:
            inside(
                bytes.fromhex(compact[: len(compact) // 2 * 2].decode("ascii")),
                f"picture {self._pictures}",
                self._found,
            )

    def close(self) -> None:
        """The text, then what stands apart from it: headers first."""
        while self._states:
            self._close_group()
        self._flush()
        self._lines.line(self._paragraph.close())
        for part, text in self._asides:
            if part in LABELS:
                self._found.label(part, text)
            elif part == "header":
                self._found.add(text, part)
        self._found.add(self._lines.close())
        for part, text in self._asides:
            if part not in LABELS and part != "header":
                self._found.add(text, part)
