"""ics and vcf (iCalendar, RFC 5545; vCard 2.1 to 4.0): read by our own reader.

Summary, description and all other lines are text, also where vCard 2.1 writes them in quoted-printable; files inside
(``ATTACH`` with ``ENCODING=BASE64``) are members. Not read: photographs and sounds of a card, and what is only
linked.
"""

from __future__ import annotations

import binascii
import codecs
import hashlib
import re

from ...mail.charsets import decode_bytes
from ..work import Found, Stop

TYPES = ("text/calendar", "text/vcard")
_FOLDED = re.compile(rb"\r?\n[ \t]")
_SOFT_BREAK = re.compile(rb"=\r?\n")
# A quoted parameter may hold a colon (RFC 5545 §3.2); a stray quote counts as a letter. The atomic group (``?>``)
# keeps that choice, so that hostile quotes take linear time.
_PROPERTY = re.compile(
    rb"(?:[A-Za-z0-9-]{1,60}\.)?([A-Za-z0-9-]{1,60})((?>(?:;(?:\"[^\"\r\n]{0,1000}\"|[^:\r\n]){0,2000})?)):"
)
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,60})=(?:"([^"]{0,1000})"|([^;"]{0,1000}))')
_NAMES = ("filename", "x-filename", "x-apple-filename", "x-oracle-filename", "x-ms-filename")
_ESCAPED = re.compile(r"\\([nN,;:\\])")
_ESCAPES = {"n": "\n", "N": "\n"}
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 2000
_EVERY = 4096  # lines between two looks at the clock


def read(content: bytes, found: Found) -> None:
    """Line by line; octets of files are no text. What was read stays when a limit ends it."""
    lines: list[str] = []
    try:
        _lines(_octets(content), lines, found)
    finally:
        found.add("\n".join(lines))


def _lines(content: bytes, lines: list[str], found: Found) -> None:
    """Text goes to ``lines``. Stop(too_large) when that is more than is wanted."""
    length = 0
    for number, line in enumerate(_FOLDED.sub(b"", _without_soft_breaks(content)).splitlines(), 1):
        if number % _EVERY == 0:
            found.work.look_at_clock()
        at = _PROPERTY.match(line)
        parameters = _parameters(at[2]) if at else {}
        encoding = parameters.get("encoding", "").lower()
        before = len(lines)
        if at is None or encoding not in ("base64", "b", "quoted-printable"):
            lines.extend(_unescaped(decode_bytes(line, parameters.get("charset"))[0]))
        elif encoding == "quoted-printable":
            value = binascii.a2b_qp(line[at.end() :])
            lines.append(f"{at[1].decode()}:{decode_bytes(value, parameters.get('charset'))[0]}")
        elif at[1].upper() == b"ATTACH":
            _attached(line[at.end() :], parameters, found)
        length += sum(len(one) + 1 for one in lines[before:])
        if length > found.work.limits.max_text + 1:
            raise Stop("too_large")  # here, since so many blank lines are no text that ``Found.add`` would cut


def _octets(content: bytes) -> bytes:
    """Lines are found in octets, since each may have a charset of its own; UTF-16 becomes UTF-8 for that."""
    if content.startswith(_BOMS) or b"\0" in content[:_HEAD]:
        return decode_bytes(content, None)[0].lstrip("\ufeff").encode("utf-8", "replace")
    return content


def _unescaped(line: str) -> list[str]:
    """The lines of a value (RFC 5545 §3.3.11)."""
    text = _ESCAPED.sub(lambda one: _ESCAPES.get(one[1], one[1]), line)
    return [one.lstrip() for one in text.split("\n")]


def _without_soft_breaks(content: bytes) -> bytes:
    """A line of vCard 2.1 goes on behind a ``=`` at its end; no other format has such lines but base64, which ends
    there in any case."""
    return _SOFT_BREAK.sub(b"", content) if b"QUOTED-PRINTABLE" in content.upper() else content


def _parameters(text: bytes) -> dict[str, str]:
    """vCard 2.1 leaves the name out: ``;QUOTED-PRINTABLE`` and ``;BASE64``."""
    written = text.decode("utf-8", "replace")
    found = {one[1].lower(): one[2] or one[3] or "" for one in _PARAMETER.finditer(written)}
    for bare in written.upper().split(";"):
        if bare in ("QUOTED-PRINTABLE", "BASE64"):
            found.setdefault("encoding", bare)
    return found


def _attached(value: bytes, parameters: dict[str, str], found: Found) -> None:
    try:
        octets = binascii.a2b_base64(value)
    except binascii.Error:
        found.flaw("malformed")
        return
    name = next((parameters[one] for one in _NAMES if one in parameters), None)
    found.work.member(found, name, octets, hashlib.sha256(octets).hexdigest())
