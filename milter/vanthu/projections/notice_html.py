"""What a notice's text says as HTML, made from the text so that both say the same. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup, escape


def blocks(text: str) -> Markup:
    """Lines that follow each other are one paragraph; lines that begin with a hyphen are a list."""
    return Markup("").join(_blocks(text))


def _blocks(text: str) -> Iterator[Markup]:
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


def _paragraph(lines: list[str]) -> Iterator[Markup]:
    if lines:
        yield Markup("<p>{}</p>\n").format(Markup("<br>").join(map(escape, lines)))
        lines.clear()


def _list(items: list[str]) -> Iterator[Markup]:
    if items:
        yield Markup("<ul>{}</ul>\n").format(Markup("").join(Markup("<li>{}</li>").format(item) for item in items))
        items.clear()
