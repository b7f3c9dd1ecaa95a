"""Where the parts of a multipart stand (RFC 2046 §5.1.1). Never raises, linear in the size.

Accepted beyond the RFC: a boundary that is not declared or declared wrongly (the first line that looks like one and
has a header field below counts), blanks after a delimiter, a missing closing delimiter.
"""

from __future__ import annotations

import re

Span = tuple[int, int]
_UNDECLARED = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200}?)[ \t]*\r?\n(?:[A-Za-z-]{1,60}[ \t]*:|\r?\n)")


def parts(data: bytes, start: int, end: int, boundary: bytes, max_parts: int) -> tuple[list[Span], list[str]]:
    """The spans of the parts in ``data[start:end]`` and defects; no spans where no boundary is found.

    The line end before a delimiter belongs to the delimiter.
    """
    defects: list[str] = []
    boundary = boundary.rstrip()
    if not boundary:
        defects.append("missing_boundary")
    spans, closed = _spans(data, start, end, boundary, max_parts) if boundary else ([], False)
    if not spans:
        # From the line end before, which the pattern needs to see.
        found = _UNDECLARED.search(data, max(0, start - 1), end)
        if found is None:
            return [], [*defects, "boundary_not_found"]
        if boundary:
            defects.append("wrong_boundary")
        spans, closed = _spans(data, start, end, found[1], max_parts)
    if len(spans) >= max_parts:
        defects.append("too_many_parts")
    elif not closed:
        defects.append("unterminated_multipart")
    return spans, defects


def _spans(data: bytes, start: int, end: int, boundary: bytes, max_parts: int) -> tuple[list[Span], bool]:
    delimiter = b"--" + boundary
    spans: list[Span] = []
    opened = -1
    at = start
    while len(spans) < max_parts:
        at = data.find(delimiter, at, end)
        if at < 0:
            break
        if at > start and data[at - 1] != 0x0A:
            at += 2
            continue
        after = at + len(delimiter)
        line_end = data.find(b"\n", after, end)
        line_end = end if line_end < 0 else line_end + 1
        rest = data[after : min(line_end, after + 80)].strip()
        if rest not in (b"", b"--"):
            # A longer boundary that begins like ours (that of an inner multipart).
            at = after
            continue
        if opened >= 0:
            spans.append((opened, max(opened, _before_line_end(data, at))))
        if rest == b"--":
            return spans, True
        opened = at = line_end
    if opened >= 0 and len(spans) < max_parts:
        spans.append((opened, end))
    return spans, False


def _before_line_end(data: bytes, at: int) -> int:
    return at - 2 if data[at - 2 : at] == b"\r\n" else at - 1
