"""Asks the milter socket whether somebody there speaks the protocol: option negotiation, as Postfix opens a session.

A listening socket proves little: it is the supervisor's, and accepts even when every worker hangs. So the question is
a real SMFIC_OPTNEG, and only a SMFIC_OPTNEG in reply is a yes.
"""

from __future__ import annotations

import socket
import struct
import time

_OPTNEG = b"O"
_QUIT = b"Q"
_VERSION = 6
_EVERY_ACTION = 0x1FF  # what the MTA permits; the filter takes what it needs
_EVERY_STEP = 0x1FFFFF
_LARGEST = 1024  # bytes of a sane answer


def answers(address: str, timeout: float = 2.0) -> bool:
    """Whether a filter at ``unix:/path``, ``inet:PORT@HOST`` or ``inet6:PORT@HOST`` negotiates within ``timeout``
    seconds."""
    try:
        return _negotiates(address, time.monotonic() + timeout)
    except (OSError, ValueError):
        return False


def _negotiates(address: str, deadline: float) -> bool:
    with _connect(address, deadline) as connection:
        offer = struct.pack("!III", _VERSION, _EVERY_ACTION, _EVERY_STEP)
        connection.sendall(_packet(_OPTNEG, offer))
        (length,) = struct.unpack("!I", _read(connection, 4, deadline))
        if not 0 < length <= _LARGEST:
            return False
        answer = _read(connection, length, deadline)
        connection.sendall(_packet(_QUIT, b""))
        return answer[:1] == _OPTNEG and length >= 13


def _connect(address: str, deadline: float) -> socket.socket:
    scheme, _, rest = address.partition(":")
    if scheme != "unix":
        port, _, host = rest.partition("@")
        return socket.create_connection((host or "localhost", int(port)), _left(deadline))
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(_left(deadline))
        connection.connect(rest)
    except BaseException:
        connection.close()
        raise
    return connection


def _packet(command: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data) + 1) + command + data


def _read(connection: socket.socket, count: int, deadline: float) -> bytes:
    data = b""
    while len(data) < count:
        connection.settimeout(_left(deadline))
        block = connection.recv(count - len(data))
        if not block:
            raise ConnectionError("closed")
        data += block
    return data


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
