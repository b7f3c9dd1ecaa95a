"""What an OpenPGP signature says of itself (RFC 9580 §5.2): when it was made, and by whom, if it names anybody.

Reads the first signature packet, armoured or not, a bounded number of octets of it; nothing is verified. The signer
is the user id of the signer (§5.2.3.30) if it is there, else the fingerprint (§5.2.3.35) or the key id (§5.2.3.12)
in hexadecimal. Never raises.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from ..harmless import one_line

_MOST = 64 << 10
_BODY = re.compile(
    r"-----BEGIN PGP SIGNATURE-----[^\n]{0,20}\n(?:[^\n]{0,200}:[^\n]{0,500}\n){0,20}\s{0,20}([A-Za-z0-9+/=\s]*)"
)
_CREATED, _KEY, _USER, _FINGERPRINT = 2, 16, 28, 33
_SIGNATURE_TAG = 2


class Said(NamedTuple):
    """``time`` is RFC 3339, UTC."""

    signer: str | None = None
    time: str | None = None


NOTHING = Said()


def of_octets(octets: bytes) -> Said | None:
    """What a file says that is a detached signature, in armour or not; None for any other file."""
    head = octets[:_MOST]
    if head.lstrip()[:30].startswith(b"-----BEGIN PGP SIGNATURE-----"):
        return of_armour(head.decode("latin-1"))
    return _of_packet(head)


def of_armour(text: str) -> Said:
    """The same for armour (§6.2) at the beginning of a text."""
    found = _BODY.match(text[:_MOST].lstrip().replace("\r\n", "\n"))
    if found is None:
        return NOTHING
    encoded = re.split(r"\n=", found[1])[0]  # the checksum follows
    try:
        return _of_packet(base64.b64decode("".join(encoded.split()))) or NOTHING
    except (binascii.Error, ValueError):
        return NOTHING


def _of_packet(octets: bytes) -> Said | None:
    body = _body(octets)
    if body is None or len(body) < 12:
        return None
    if body[0] == 3 and body[1] == 5:
        return Said(body[7:15].hex().upper() or None, _time(body[3:7]))
    if body[0] not in (4, 5, 6):
        return None
    wide = 4 if body[0] == 6 else 2
    hashed = int.from_bytes(body[4 : 4 + wide], "big")
    at = 4 + wide + hashed
    more = int.from_bytes(body[at : at + wide], "big")
    if at + wide + more > len(body):
        return None
    found = dict(_subpackets(body[4 + wide : at]))
    for kind, value in _subpackets(body[at + wide : at + wide + more]):
        if kind == _KEY:  # the only one of the unhashed that is taken at its word: it names a key, no person
            found.setdefault(kind, value)
    return Said(_signer(found), _time(found.get(_CREATED, b"")))


def _signer(found: dict[int, bytes]) -> str | None:
    if _USER in found:
        return one_line(found[_USER].decode("utf-8", "replace"))[:200] or None
    if _FINGERPRINT in found:
        return found[_FINGERPRINT][1:33].hex().upper() or None
    return found[_KEY][:8].hex().upper() if found.get(_KEY) else None


def _body(octets: bytes) -> bytes | None:
    """The body of a signature packet at the beginning (§4.2)."""
    if len(octets) < 3 or not octets[0] & 0x80:
        return None
    if octets[0] & 0x40:
        tag, length, at = octets[0] & 0x3F, *_new_length(octets, 1)
    else:
        tag, size = octets[0] >> 2 & 0x0F, octets[0] & 3
        at = 1 + (1, 2, 4, 0)[size]
        length = int.from_bytes(octets[1:at], "big") if size < 3 else len(octets) - 1
    if tag != _SIGNATURE_TAG or at + length > len(octets):
        return None
    return octets[at : at + length]


def _new_length(octets: bytes, at: int) -> tuple[int, int]:
    """The length at this place, and what is behind it."""
    first = octets[at]
    if first < 192:
        return first, at + 1
    if first < 224:
        return ((first - 192) << 8) + int.from_bytes(octets[at + 1 : at + 2], "big") + 192, at + 2
    return int.from_bytes(octets[at + 1 : at + 5], "big"), at + 5


def _subpackets(area: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(area):
        first = area[at]
        if first < 192:
            length, at = first, at + 1
        elif first < 255:
            length, at = ((first - 192) << 8) + int.from_bytes(area[at + 1 : at + 2], "big") + 192, at + 2
        else:
            length, at = int.from_bytes(area[at + 1 : at + 5], "big"), at + 5
        if not length or at >= len(area):
            return
        yield area[at] & 0x7F, area[at + 1 : at + length]
        at += length


def _time(octets: bytes) -> str | None:
    seconds = int.from_bytes(octets[:4], "big")
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds else None
