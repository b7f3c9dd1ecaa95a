"""format=flowed text unwrapped (RFC 3676): paragraphs become one line, the quote depth of each is kept."""

from __future__ import annotations

_SIGNATURE = "-- "


def unwrap(text: str, delete_space: bool) -> str:
    """``text`` with soft line breaks undone; quoted lines come out as ``> `` for each level."""
    if _nothing_but_paragraphs(text):
        return text.replace(" \n", "" if delete_space else " ")
    done: list[str] = []
    paragraph: list[str] = []
    current = 0

    def close() -> None:
        if paragraph:
            done.append("> " * current + "".join(paragraph))
            paragraph.clear()

    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if depth != current:
            close()
            current = depth
        if content == _SIGNATURE:
            close()
            paragraph.append(content)
            close()
        elif content.endswith(" "):
            paragraph.append(content[:-1] if delete_space else content)
        else:
            paragraph.append(content)
            close()
    close()
    return "\n".join(done)


def _nothing_but_paragraphs(text: str) -> bool:
    """No quotation, stuffed space or signature, and no soft break at the end: most letters."""
    return not (
        text.startswith((">", " ")) or text.endswith(" ") or "\n>" in text or "\n " in text or _SIGNATURE in text
    )
