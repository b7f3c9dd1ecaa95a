"""HTML to the text that a browser would show, with the structure that recognisers need. Never raises, linear.

- block elements and ``br`` end a line; a ``blockquote`` puts ``> `` before its lines, one for each level;
- ``hr``, and the border that Outlook draws above a forwarded head, become a line of dashes;
- the cells of a table row stand on one line with a tab between them where each is one line; otherwise one cell after
  another, so that both columns of a letterhead stay whole;
- ``pre`` and ``white-space: pre`` keep blanks and line ends; a list item begins with ``- ``;
- what style keeps from view (not displayed, of no size, white on white) is collected apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .html_style import any_clue, effects
from .html_tokens import tokens, unescaped

_RULE = "-" * 40


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLOCKS = _words("""
    address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup html legend li listing main menu nav ol p plaintext pre
    section summary table tbody tfoot thead tr ul caption
""")
_VOID = _words("""
    area base br col embed hr img input link meta param source track wbr
""")
_CLOSED_BY_NEXT = frozenset(("p", "li", "td", "th", "tr", "dd", "dt", "option"))
_CELLS = frozenset(("td", "th"))
_STRUCTURE = _BLOCKS | _CELLS | {"br", "hr", "wbr"}
# The only tags that matter where no attribute has an effect.
_LAYOUT = frozenset(slash + name for name in _STRUCTURE | {"pre"} for slash in ("", "/"))
_SPACES = re.compile(r"[ \t\n\r\f]+")
_MAX_QUOTES = 10
_MAX_TABLES = 20
_MAX_OPEN = 512
_MAX_SEARCH = 32
_MAX_TAGS = 100_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)

_Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Rendered:
    """``text`` is shown, ``hidden`` is not; ``cut`` where a limit left something out of both."""

    text: str
    hidden: str
    cut: bool


def html_charset(content: bytes) -> str | None:
    """The charset that a ``meta`` element in the first 2 kB declares."""
    found = _CHARSET.search(content[:2048])
    return found[1].decode("ascii") if found else None


def to_text(markup: str, max_text: int) -> Rendered:
    """``markup`` as text of at most ``max_text`` characters."""
    styled = any_clue(markup)
    screen = _Screen(styled)
    tags_left = _MAX_TAGS
    for text, name, attributes in tokens(markup):
        if text:
            screen.write(text)
            continue
        tags_left -= 1
        if tags_left < 0:
            break
        if not styled and name not in _LAYOUT:
            continue
        if name[0] == "/":
            screen.end(name[1:])
        else:
            screen.start(name, attributes)
    lines = screen.close()
    shown = "\n".join([("> " * level + line).rstrip() if level else line for level, line in lines])
    hidden = " ".join(" ".join(screen.hidden).split())
    cut = tags_left < 0 or len(shown) > max_text or len(hidden) > max_text
    return Rendered(shown[:max_text].strip("\n"), hidden[:max_text], cut)


@dataclass(slots=True)
class _Open:
    """An open element, and what it does to the text inside."""

    name: str
    hidden: bool = False
    white: bool = False
    painted: bool = False
    pre: bool = False


class _Screen:
    """Where text is laid out: lines of the innermost cell, and the rows and tables around it."""

    def __init__(self, styled: bool) -> None:
        self.styled = styled
        self.lines: list[_Line] = []
        self.line: list[str] = []
        self.hidden: list[str] = []
        self.quotes = 0
        self.open: list[_Open] = []
        self.now = _Open("")
        # For each open table: the lines outside of the cell, and the finished cells of the row.
        self.tables: list[tuple[list[_Line], list[list[_Line]]]] = []
        self.in_cell: list[bool] = []

    def write(self, text: str) -> None:
        if "&" in text:
            text = unescaped(text)
        now = self.now
        if now.hidden or (now.white and not now.painted):
            if not text.isspace():
                self.hidden.append(text)
            return
        if now.pre:
            first, *rest = text.replace("\xa0", " ").split("\n")
            self.line.append(first)
            for piece in rest:
                self.flush()
                self.line.append(piece)
            return
        if "\n" in text or "  " in text or "\t" in text or "\r" in text:
            text = _SPACES.sub(" ", text)
        if text != " " or self.line:
            self.line.append(text)

    def flush(self) -> None:
        """Ends the line, also an empty one."""
        text = "".join(self.line)
        self.line = []
        if self.now.pre:
            text = text.rstrip()
        else:
            if "  " in text:
                text = _SPACES.sub(" ", text)
            text = text.strip(" ").replace("\xa0", " ")
        self.lines.append((self.quotes, text.rstrip()))

    def break_line(self) -> None:
        """Ends the line if there is something on it."""
        if self.line:
            if self.now.pre or "".join(self.line).strip(" "):
                self.flush()
            else:
                self.line = []

    def start(self, name: str, attributes: str) -> None:
        if name in _STRUCTURE:
            self._structure(name, attributes)
        if self.open and name in _CLOSED_BY_NEXT and self.open[-1].name == name:
            self._pop(len(self.open) - 1)
        if name in _VOID:
            return
        changed: _Open | None = None
        if (self.styled and attributes and not attributes.isspace()) or name == "pre":
            changed = self._changed(name, attributes)
        if (changed or self.open) and len(self.open) < _MAX_OPEN:
            now = self.now
            self.open.append(self.now if changed is None else changed)
            self.now = changed or _Open(name, now.hidden, now.white, now.painted, now.pre)
            self.open[-1] = self.now

    def _changed(self, name: str, attributes: str) -> _Open | None:
        found = effects(attributes) if self.styled and attributes else frozenset()
        if not found and name != "pre":
            return None
        now = self.now
        white = "white" in found or (now.white and "coloured" not in found)
        return _Open(
            name, now.hidden or "hidden" in found, white, now.painted or "painted" in found,
            now.pre or name == "pre" or "pre" in found,
        )  # fmt: skip

    def _structure(self, name: str, attributes: str) -> None:
        if self.now.hidden:
            return
        if name == "br":
            self.flush()
        elif name == "hr":
            self.break_line()
            self.lines.append((self.quotes, _RULE))
        elif name == "table":
            self.break_line()
            if len(self.tables) < _MAX_TABLES:
                self.tables.append((self.lines, []))
                self.in_cell.append(False)
                self.lines = []
        elif name in _CELLS:
            self._end_cell()
            if self.in_cell:
                self.in_cell[-1] = True
        elif name == "tr":
            self._end_row()
        elif name != "wbr":
            self.break_line()
            if name == "blockquote":
                self.quotes = min(self.quotes + 1, _MAX_QUOTES)
            elif name == "li":
                self.line.append("- ")
            elif "border-top:solid" in attributes and "border:none" in attributes:
                self.lines.append((self.quotes, _RULE))

    def end(self, name: str) -> None:
        if not self.now.hidden:
            if name in _CELLS:
                self._end_cell()
            elif name == "tr":
                self._end_row()
            elif name == "table":
                self._end_table()
            elif name in _BLOCKS:
                self.break_line()
                if name == "blockquote":
                    self.quotes = max(self.quotes - 1, 0)
            elif name == "br":
                self.flush()
        for index in range(len(self.open) - 1, max(-1, len(self.open) - 1 - _MAX_SEARCH), -1):
            if self.open[index].name == name:
                self._pop(index)
                break

    def _pop(self, index: int) -> None:
        del self.open[index:]
        self.now = self.open[-1] if self.open else _Open("")

    def _end_cell(self) -> None:
        self.break_line()
        if self.in_cell and self.in_cell[-1]:
            self.tables[-1][1].append(self.lines)
            self.lines = []
            self.in_cell[-1] = False

    def _end_row(self) -> None:
        self._end_cell()
        if not self.tables:
            return
        outer, cells = self.tables[-1]
        outer.extend(self.lines)
        self.lines = []
        full = [cell for cell in cells if any(text for _, text in cell)]
        if len(full) > 1 and all(len(cell) == 1 for cell in full):
            outer.append((full[0][0][0], "\t".join(cell[0][1] for cell in full)))
        else:
            for cell in full:
                outer.extend(cell)
        cells.clear()

    def _end_table(self) -> None:
        self._end_row()
        if self.tables:
            self.lines = self.tables.pop()[0]
            self.in_cell.pop()

    def close(self) -> list[_Line]:
        """All lines, with everything closed that is still open."""
        self.break_line()
        while self.tables:
            self._end_table()
        return self.lines
