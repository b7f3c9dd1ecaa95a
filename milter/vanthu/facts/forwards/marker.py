"""The first mark in a text that says: from here on, somebody else's mail is quoted, and in which manner.

Only the outermost quotation tells what the writer of this mail did: a forward that was answered shows an attribution
line ("… wrote:") before the announcement of the forward, an answered mail that was forwarded shows them the other way
round. What lies deeper is read for its authors only (``quoted``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from vanthu.facts.forwards.block import MAX_LINE, Block, addresses, dated, read, roles_of, timed
from vanthu.facts.forwards.words import (
    ATTRIBUTION_BEGINS,
    ATTRIBUTION_ENDS,
    ATTRIBUTION_WORDS,
    DECORATION,
    FRAME,
    announces,
    fold,
    plain_colons,
)

MAX_TRIES: Final = 2000
"""Places in one text where a header block or an attribution is tried; hostile text has more, mail has not."""
MAX_MARKS: Final = 50
_RULES: Final = ("--", "━━", "──", "==", "__", "**", "~~", "—", "##")
_FAR: Final = 1 << 60
_ENDS: Final = frozenset(":" + DECORATION)
_FRAME_BEGINS: Final = frozenset("-━─=*—_~># \t")

_ANNOUNCED_HEAD: Final = re.compile(r"([ >]{0,6}-{3,40}[^-:]{3,80}-{3,40})\s{1,4}(\S.{0,4000}:.*)$")
_BLANK: Final = " \t\u00a0\u3000>|*\u200b\u200e\u200f"

Manner = Literal["forward", "original", "rule", "block", "attribution", "quote"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a quotation begins (line from 0), how it is announced, the announcing line, the header block if any."""

    line: int
    manner: Manner
    text: str
    block: Block | None = None
    introduced: bool = False
    """Whether running text leads up to the block (``… tiêu đề như sau:``), as in prose that quotes a header."""

    @property
    def authors(self) -> tuple[str, ...]:
        """Addresses whose mail is quoted here."""
        if self.block is not None:
            return self.block.addresses("from")[:1] if self.block.known >= 2 or self.manner != "block" else ()
        return addresses(self.text)[:1] if self.manner == "attribution" else ()


class Marks(list[Mark]):
    """Marks of a text; ``cut``: a limit was reached, and what stands further down was not searched."""

    cut: bool = False


def marks(text: str) -> Marks:
    """All marks of a text, from the top down, the outermost quotation first."""
    text = plain_colons(text)
    lines = text.split("\n")
    first_letters = {line[:1] for line in lines}
    framed = not _FRAME_BEGINS.isdisjoint(first_letters)
    lines = _unglued(lines, "\t" in text or "|" in first_letters, framed and "--- " in text)
    found = _with_colons(lines, [index for index, line in enumerate(lines) if ":" in line])
    if framed:
        found += _bare_announcements(lines, found)
    if ">" in first_letters:
        found += _groupwise(lines)
        found += _first_quoted(lines)
    if len(found) > 1:
        found.sort(key=_order)
    return found


def _order(mark: Mark) -> tuple[bool, int]:
    """From the top down; what may be a heading between dashes, or a signature in a form of its own, counts last."""
    weak = mark.block is None if mark.manner == "rule" else mark.manner == "block" and not mark.authors
    return (weak and (mark.block is None or mark.block.known < 2), mark.line)


def _with_colons(lines: list[str], colons: list[int]) -> Marks:
    """Header blocks and attribution lines: every mark that has a colon. ``colons`` are the lines with one."""
    found = Marks()
    tries = 0
    after = -1
    for index, following in zip(colons, (*colons[1:], _FAR), strict=False):
        if index <= after:
            continue
        line = lines[index]
        block = None
        near = following <= index + 6
        if (near or len(line) > 60) and _may_begin(lines, index, following):
            tries += 1
            block = read(lines, index)
        if block is not None:
            announced = _announced(lines, block)
            if found and found[-1].line == announced.line:
                found.pop()  # the line above a block announces the block, whatever else it looked like
            found.append(announced)
            after = block.last
        elif line[-1] in _ENDS and line.rstrip(DECORATION)[-1:] == ":":
            tries += 1
            mark = _attribution(lines, index) or _with_short_header(lines, index, following)
            if mark is not None:
                found.append(mark)
                after = mark.block.last if mark.block is not None else after
        if tries > MAX_TRIES or len(found) >= MAX_MARKS:
            found.cut = tries > MAX_TRIES  # beyond fifty marks nothing changes any more, the outermost is there
            break
    return found


def _with_short_header(lines: list[str], index: int, following: float) -> Mark | None:
    """An announcement without a frame (``Begin forwarded message:``) over a header of two fields."""
    if following > index + 4 or announces(lines[index][:MAX_LINE]) != "forward":
        return None
    block = read(lines, int(following), announced=True)
    return Mark(index, "forward", lines[index].strip(), block) if block is not None else None


def _may_begin(lines: list[str], index: int, following: int) -> bool:
    """Whether a header block may begin in this line; ``following`` is the next line with a colon.

    A known name needs a second one, or an address close by; in an unknown language, three lines with colons are
    needed, with an address among them.
    """
    line = lines[index]
    if following > index + 6 and line.count(":") < 3:
        return False
    head = line[:MAX_LINE].partition(":")[0]
    around = lines[index : index + 5]
    if roles_of(head):
        if following <= index + 6 and roles_of(lines[following][:MAX_LINE].partition(":")[0]):
            return True
        return "@" in "".join(around)
    if len(head) > 60 or head[:1].isdigit() or "@" not in "".join(around):
        return False
    return sum(":" in each for each in around) >= 3


def _unglued(lines: list[str], cells: bool, announced: bool) -> list[str]:
    """The lines, with fields in table cells written with a colon, and announcements cut from a header behind them."""
    if cells:
        lines = [_from_cells(line) if "|" in line or "\t" in line else line for line in lines]
    if not announced:
        return lines
    whole: list[str] = []
    for line in lines:
        match = _ANNOUNCED_HEAD.match(line) if "--- " in line and len(line) > 40 else None
        whole += match.groups() if match else (line,)
    return whole


def _from_cells(line: str) -> str:
    """``| From | a@b |`` and ``From<tab>a@b`` as ``From: a@b``."""
    cells = [cell.strip() for cell in line[:MAX_LINE].replace("|", "\t").split("\t") if cell.strip(DECORATION)]
    if len(cells) < 2 or ":" in cells[0] or not roles_of(cells[0]):
        return line
    return f"{cells[0]}: {' '.join(cells[1:])}"


def _above(lines: list[str], first: int) -> list[tuple[int, str]]:
    """Up to three lines above this one that are not blank, nearest first."""
    near: list[tuple[int, str]] = []
    for index in range(first - 1, max(first - 9, -1), -1):
        if lines[index].strip(_BLANK):
            near.append((index, lines[index][:MAX_LINE]))
            if len(near) == 3:
                break
    return near


def _announced(lines: list[str], block: Block) -> Mark:
    """The block with the line that announces it."""
    near = _above(lines, block.first)
    for index, line in near:
        kind = announces(line)
        if kind is not None:
            manner: Manner = "original" if kind == "original" else "forward"
            return Mark(index, manner, line.strip(), block)
    if near:
        index, line = near[0]
        attribution = _attribution(lines, index)
        if attribution is not None and not _colon_only(attribution.text):
            return Mark(attribution.line, "attribution", attribution.text, block)
        if _is_rule(line) or (block.quoted and not line.lstrip().startswith(">")):
            return Mark(index, "rule", line.strip(), block)
    introduced = bool(near) and _leads_up(near[0][1], block.first - near[0][0])
    return Mark(block.first, "block", lines[block.first].strip(), block, introduced)


def _leads_up(line: str, distance: int) -> bool:
    """Whether a sentence that ends in a colon stands right above, at most one blank line away."""
    bare = line.strip(_BLANK)
    return distance <= 2 and bare.endswith(":") and len(bare.split()) >= 3


def _is_rule(line: str) -> bool:
    """Whether a line is drawn: nothing but its frame, or words between frames; ``--option`` of a program is none."""
    bare = line.strip()
    return bare.startswith(_RULES) and (bare[-1] in FRAME or not bare.strip(FRAME))


def _colon_only(text: str) -> bool:
    """Whether a line ends with a colon, yet names neither an author nor a time."""
    return not (addresses(text) or dated(text) or timed(text) or _says_wrote(text))


def _says_wrote(text: str) -> bool:
    folded = fold(text).strip(DECORATION + "-—").rstrip(": ").rstrip()
    return folded.endswith(ATTRIBUTION_ENDS) or folded.startswith(ATTRIBUTION_BEGINS)


def _attribution(lines: list[str], index: int) -> Mark | None:
    """The attribution line ("On … X wrote:") that ends here, if one does; it may be wrapped over three lines."""
    line = lines[index].strip(DECORATION + "-—")
    if not line.endswith(":") or len(line) > 400:
        return None
    quoted_next = _next_is_quoted(lines, index)
    text = line
    best: Mark | None = None
    for above in range(index, max(index - 3, -1), -1):
        if above != index:
            more = lines[above].strip(DECORATION + "-—")
            if not more or more.endswith((":", ".", "!", "?")) or len(more) > 300:
                break
            text = f"{more} {text}"
        signs = bool(addresses(text)) + (dated(text) or timed(text))
        wrote = _says_wrote(text)
        if (wrote and (signs or quoted_next)) or (
            signs == 2 and (quoted_next or _has_verb(text) or text[-2:] == ">:")
        ):
            if best is None or signs:
                best = Mark(above, "attribution", text[:400])
            if addresses(text):
                return best
    if best is not None:
        return best
    if quoted_next and not announces(line) and len(line) < 200:
        return Mark(index, "attribution", line)
    return None


def _has_verb(text: str) -> bool:
    return not ATTRIBUTION_WORDS.isdisjoint(fold(text).rstrip(":").split())


def _next_is_quoted(lines: list[str], index: int) -> bool:
    depth = lines[index].lstrip()[:6].replace(" ", "").count(">")
    for line in lines[index + 1 : index + 4]:
        if line.strip():
            return line.lstrip()[:8].replace(" ", "").count(">") > depth
    return False


def _bare_announcements(lines: list[str], found: list[Mark]) -> list[Mark]:
    """Announcements between dashes that no header block follows; other words between dashes are a ``rule``."""
    taken = {mark.line for mark in found}
    extra: list[Mark] = []
    for index, line in enumerate(lines):
        if line[:1] not in _FRAME_BEGINS or not 8 < len(line) <= 200 or index in taken:
            continue
        bare = line.strip(" \t>")
        if bare.startswith(_RULES):
            kind = announces(bare)
            if kind == "forward_by" and not (addresses(bare) or dated(bare)):
                kind = None  # "*** Message from the director ***" is a heading
            if kind is not None:
                extra.append(Mark(index, "original" if kind == "original" else "forward", bare))
            elif bare.startswith("----") and bare.endswith("---") and any(char.isalpha() for char in bare):
                extra.append(Mark(index, "rule", bare))
            if len(extra) >= MAX_MARKS:
                break
    return extra


def _groupwise(lines: list[str]) -> list[Mark]:
    """GroupWise quotes as ``>>> Name <a@b> 01/02/2024 10:00 >>>``."""
    for index, line in enumerate(lines):
        if line.startswith(">>>") and len(line) < 300 and line.rstrip().endswith(">>>") and len(line) > 12:
            return [Mark(index, "attribution", line.strip("> "))]
    return []


def _first_quoted(lines: list[str]) -> list[Mark]:
    for index, line in enumerate(lines):
        if line.startswith(">"):
            return [Mark(index, "quote", "")]
    return []
