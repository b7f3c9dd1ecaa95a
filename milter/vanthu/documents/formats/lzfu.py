"""Compressed RTF of Outlook (MS-OXRTFCP): a dictionary of 4096 octets that begins with usual RTF words."""

from __future__ import annotations

import struct

from ..work import Stop

_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_SIZE = 4096


def expanded(data: bytes, most: int) -> bytes:
    """The RTF, at most ``most`` octets; Stop(malformed) where the header is none."""
    if len(data) < 16:
        raise Stop("malformed")
    size, _, kind, _ = struct.unpack_from("<IIII", data)
    if kind == _PLAIN:
        return data[16 : 16 + min(size, most)]
    if kind != _PACKED:
        raise Stop("malformed")
    return _unpacked(data, most)


def _unpacked(data: bytes, most: int) -> bytes:
    ring = bytearray(_START.ljust(_SIZE, b"\0"))
    write = len(_START)
    out = bytearray()
    at = 16
    while at < len(data) and len(out) < most:
        control = data[at]
        at += 1
        for bit in range(8):
            if control & (1 << bit):
                if at + 2 > len(data):
                    return bytes(out)
                reference = (data[at] << 8) | data[at + 1]
                at += 2
                start, length = reference >> 4, (reference & 0xF) + 2
                if start == write:
                    return bytes(out)
                for _ in range(length):
                    octet = ring[start]
                    start = (start + 1) % _SIZE
                    out.append(octet)
                    ring[write] = octet
                    write = (write + 1) % _SIZE
            else:
                if at >= len(data):
                    return bytes(out)
                out.append(data[at])
                ring[write] = data[at]
                write = (write + 1) % _SIZE
                at += 1
    return bytes(out)
