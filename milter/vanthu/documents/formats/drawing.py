"""DrawingML text (ECMA-376, part 1, §21.1): paragraphs and tables in slides, text boxes, comments."""

from __future__ import annotations

from ..fonts import Kind, Paragraph, kind_of
from ..lines import Lines

_PARAGRAPHS = frozenset({"p", "comment", "threadedComment"})


class Drawing:
    """A handler for slides, drawings and comments; ``close`` gives the text, shape by shape."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._paragraph = Paragraph()
        self._kind: Kind | None = None
        self._in_text = False
        self._choices: list[bool] = []
        self._skip = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skip or (name == "Fallback" and self._choices and self._choices[-1]):
            self._skip += 1
        elif name in ("t", "text"):
            self._in_text = True
        elif name in ("br", "tab"):
            self._paragraph.add("\n" if name == "br" else "\t", self._kind)
        elif name == "r":
            self._kind = None
        elif name == "latin":
            self._kind = kind_of(attributes.get("typeface"))
        elif name == "tbl":
            self._lines.open_table()
        elif name == "AlternateContent":
            self._choices.append(False)
        elif name == "Choice" and self._choices:
            self._choices[-1] = True

    def text(self, data: str) -> None:
        if self._in_text:
            self._paragraph.add(data, self._kind)

    def end(self, name: str) -> None:
        if self._skip:
            self._skip -= 1
        elif name == "t":
            self._in_text = False
        elif name in _PARAGRAPHS or name == "text":
            self._in_text = False
            self._lines.line(self._paragraph.close())
        elif name == "tc":
            self._lines.close_cell()
        elif name == "tr":
            self._lines.close_row()
        elif name == "tbl":
            self._lines.close_table()
        elif name == "AlternateContent" and self._choices:
            self._choices.pop()

    def close(self) -> str:
        """The text so far."""
        self._lines.line(self._paragraph.close())
        return self._lines.close()
