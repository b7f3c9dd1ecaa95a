"""Encoded blocks that stand inside a text: noted, since a filter that reads only words would pass them by; and the
files in them, which mail readers show as attachments."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from itertools import islice

from .transfer import uudecode

_UUENCODE = re.compile(r"^begin(?:-base64)? [0-7]{3,4} \S", re.MULTILINE)
_YENC_LINE = re.compile(r"^=ybegin (?:part=\d{1,9} )?(?:total=\d{1,9} )?line=\d", re.MULTILINE)
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/]{60,}={0,2}\Z")
_ENOUGH_LINES = 8
_ENOUGH_IN_ONE = 600


_UU_BLOCK = re.compile(rb"^begin(-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.MULTILINE)
_UU_END = re.compile(rb"^(?:end|====)\r?$", re.MULTILINE)
_YENC_BLOCK = re.compile(
    rb"^=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,255})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?", re.MULTILINE
)
_YENC_END = re.compile(rb"^=yend ", re.MULTILINE)
_YENC = bytes((octet - 42) & 0xFF for octet in range(256))
_YENC_ESCAPED = bytes((octet - 64 - 42) & 0xFF for octet in range(256))
_MOST_BLOCKS = 200
_MOST_ESCAPES = 1000


def enclosed(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file in the octets of a text: uuencode, its base64 form (POSIX), and yEnc 1.3. A block
    that gives nothing is none."""
    found = [(one, one[2], _undo_base64 if one[1] else _undo_uuencode) for one in _some(_UU_BLOCK, data)]
    found += [(one, one[1], _undo_yenc) for one in _some(_YENC_BLOCK, data)]
    if not found:
        return
    found.sort(key=lambda block: block[0].start())
    stops = [one.start() for one, _, _ in found[1:]] + [len(data)]
    for (one, name, undo), stop in zip(found, stops, strict=True):
        content = undo(data[one.end() : stop])
        if content:
            yield name.decode("utf-8", "replace").strip(), content


def _some(pattern: re.Pattern[bytes], data: bytes) -> Iterator[re.Match[bytes]]:
    return islice(pattern.finditer(data), _MOST_BLOCKS)


def noted(text: str) -> list[str]:
    """Defects: ``uuencode``, ``yenc``, ``pgp_message``, ``base64_in_text``."""
    found: list[str] = []
    if "begin" in text and _UUENCODE.search(text):
        found.append("uuencode")
    if "=ybegin" in text and _YENC_LINE.search(text):
        found.append("yenc")
    if "-----BEGIN PGP MESSAGE-----" in text:
        found.append("pgp_message")
    if len(text) > _ENOUGH_IN_ONE and _base64(text):
        found.append("base64_in_text")
    return found


def _undo_uuencode(block: bytes) -> bytes:
    return uudecode(block.lstrip(b"\r\n"))


def _undo_base64(block: bytes) -> bytes:
    end = _UU_END.search(block)
    try:
        return binascii.a2b_base64(block[: end.start()] if end else block)
    except binascii.Error:
        return b""


def _undo_yenc(block: bytes) -> bytes:
    end = _YENC_END.search(block)
    if block.count(b"=") > _MOST_ESCAPES + len(block) // 8:  # one octet in sixty-four is escaped
        return b""
    first, *escaped = block[: end.start() if end else None].translate(None, b"\r\n").split(b"=")
    pieces = [first.translate(_YENC)]
    for one in escaped:
        pieces.append(one[:1].translate(_YENC_ESCAPED) + one[1:].translate(_YENC))
    return b"".join(pieces)


def _base64(text: str) -> bool:
    """Eight lines of 60 or more base64 characters in a row, or one of 600; both cases and a digit must occur."""
    run: list[str] = []
    for line in text.split("\n"):
        if len(line) < 60:
            run = []
            continue
        bare = line.strip("> \t")
        if " " in bare or not _BASE64_LINE.match(bare):
            run = []
            continue
        run.append(bare)
        if len(run) >= _ENOUGH_LINES or len(bare) >= _ENOUGH_IN_ONE:
            if _mixed("".join(run)):
                return True
            run = []
    return False


def _mixed(block: str) -> bool:
    return not (block.islower() or block.isupper() or block.isalpha() or block.isdigit()) and len(set(block)) > 30
