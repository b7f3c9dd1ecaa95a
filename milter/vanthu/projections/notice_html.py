"""The HTML form of a notice, made from its text so that both say the same. Pure; no scripts, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

_STYLE = "font-family:Arial,sans-serif;font-size:11pt;line-height:1.4;max-width:44em;color:#111"
_RULE = '<hr style="border:0;border-top:1px solid #bbb;margin:1.5em 0">'


def page(text: str) -> str:
    """A page of paragraphs and lists; the second language is told to be one, for screen readers."""
    first, _, second = text.partition("\n\n----\n\n")
    parts = [f'<div lang="vi">{"".join(_blocks(first))}</div>']
    if second:
        parts += [_RULE, f'<div lang="en">{"".join(_blocks(second))}</div>']
    body = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"></head>'
        f'<body style="{_STYLE}">\n{body}\n</body></html>\n'
    )


def _blocks(text: str) -> Iterator[str]:
    """Lines that follow each other are one block; lines that begin with a hyphen are a list."""
    items: list[str] = []
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("- "):
            yield from _paragraph(lines)
            items.append(line[2:])
        elif line.startswith("  ") and items:
            items[-1] += f" {line.strip()}"
        else:
            yield from _list(items)
            if line:
                lines.append(line)
            else:
                yield from _paragraph(lines)


def _paragraph(lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"<p>{'<br>'.join(map(escape, lines))}</p>\n"
        lines.clear()


def _list(items: list[str]) -> Iterator[str]:
    if items:
        yield f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>\n"
        items.clear()
