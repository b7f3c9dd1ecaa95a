"""What workers and the broker say to each other: one Unix socket, one enquiry a connection, one message a packet.

    worker  Enquiry(until, items)          what hangs on one mail, by digest
    broker  Wanted(indexes)                at once: the contents that it has neither read nor in hand (may be none)
    worker  Content(index) + descriptor    one packet for each, in a sealed memory file
    broker  Answers(...)                   when all is known, or at ``until``; long ones come in a sealed memory file

    anyone  Ask()  ->  Statistics(...)

Bytes of a mail never pass through the socket: a memory file that nobody can change any more (memfd_create(2),
F_SEAL_*) is handed over instead, so a reader sees exactly what was asked about. ``until`` is CLOCK_MONOTONIC, which
all processes of a host share. A packet that is none raises WireError.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from .model import UNREADABLE, Reason

SOCKET = "documents.sock"
LARGEST = 192 << 10  # bytes of a packet; the kernel's default buffer is 208 kB
INLINE = 32 << 10  # longer answers come in a memory file
_ANY = 1 << 20  # descriptors, where nobody set a limit
MOST_ITEMS = 500  # documents of one enquiry
_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE

How = Literal["read", "cached", "failed", "late"]


class WireError(Exception):
    """The other side said something that is no message, or handed over something that is no sealed memory file."""


class Item(Struct, frozen=True, array_like=True):
    """A document by its digest (hexadecimal SHA-256); ``name`` is a hint at most. ``signature``: so many octets at
    its beginning are a CMS signature that is only to be checked, over the octets behind it (none: over its own)."""

    sha256: str
    size: int
    name: str | None = None
    signature: int = 0


class Enquiry(Struct, frozen=True, tag=True):
    until: float
    items: tuple[Item, ...]


class Content(Struct, frozen=True, tag=True):
    index: int


class Ask(Struct, frozen=True, tag=True):
    """How are you?"""


class Wanted(Struct, frozen=True, tag=True):
    indexes: tuple[int, ...] = ()


class Answer(Struct, frozen=True, array_like=True):
    """``payload`` is an Extraction in MessagePack, None where nothing was read; ``reason`` overrides its reason."""

    how: How
    reason: Reason | None = None
    payload: bytes | None = None


class Answers(Struct, frozen=True, tag=True):
    answers: tuple[Answer, ...] = ()
    enclosed: bool = False  # they are in the memory file that comes along


class Statistics(Struct, frozen=True, tag=True):
    """``counts`` rise for the life of the broker, ``now`` are gauges. ``ocr`` None: not known yet; "": ready."""

    counts: dict[str, int]
    now: dict[str, int]
    ocr: str | None = None


Request = Enquiry | Content | Ask
Reply = Wanted | Answers | Statistics
_encoder = msgspec.msgpack.Encoder()
_requests = msgspec.msgpack.Decoder(Request)
_replies = msgspec.msgpack.Decoder(Reply)
_answers = msgspec.msgpack.Decoder(tuple[Answer, ...])


def listen(folder: Path) -> socket.socket:
    """The broker's socket in the state folder, for our own user only. OSError when it cannot be made.

    It is opened under a temporary name and renamed: whoever connects meets the old one or the new one.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        with _short(folder) as name:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{name}/{SOCKET}.new")  # noqa: PTH108
            listener.bind(f"{name}/{SOCKET}.new")
            os.chmod(f"{name}/{SOCKET}.new", 0o600)  # noqa: PTH101
            os.rename(f"{name}/{SOCKET}.new", f"{name}/{SOCKET}")  # noqa: PTH104
        listener.listen(256)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


def connect(folder: Path, seconds: float) -> socket.socket:
    """A connection to the broker; OSError when there is none."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        connection.settimeout(seconds)
        with _short(folder) as name:
            connection.connect(f"{name}/{SOCKET}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A name for the folder that fits into an address of 108 bytes, however deep it lies."""
    text = str(folder)
    if len(os.fsencode(text)) < 80:
        yield text
        return
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def send(connection: socket.socket, message: Request | Reply, descriptors: Sequence[int] = ()) -> None:
    """One packet; OSError when the other side is gone or (non-blocking) does not listen."""
    packet = _encoder.encode(message)
    if descriptors:
        socket.send_fds(connection, [packet], descriptors)
    else:
        connection.send(packet)


def send_answers(connection: socket.socket, answers: Sequence[Answer]) -> None:
    """All answers of an enquiry, in a memory file where they are long."""
    if sum(len(one.payload) for one in answers if one.payload) <= INLINE:
        send(connection, Answers(tuple(answers)))
        return
    descriptor = seal(_encoder.encode(answers))
    try:
        send(connection, Answers(enclosed=True), [descriptor])
    finally:
        os.close(descriptor)


def receive_request(connection: socket.socket, buffer: bytearray) -> tuple[Request | None, int | None]:
    """The next request and what was handed over with it; (None, None) at the end. Raises WireError, OSError."""
    size, ancillary, flags, _ = connection.recvmsg_into([buffer], socket.CMSG_SPACE(16))
    descriptors = _descriptors(ancillary)
    try:
        if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC) or len(descriptors) > 1:
            raise WireError("a packet too long")
        request = _requests.decode(memoryview(buffer)[:size]) if size else None
    except (WireError, *UNREADABLE) as error:
        close(*descriptors)
        raise WireError(str(error)) from None
    return request, descriptors[0] if descriptors else None


def receive_reply(connection: socket.socket) -> Reply | None:
    """The next reply, long answers unwrapped; None at the end. Raises WireError, OSError (TimeoutError)."""
    packet, descriptors, _, _ = socket.recv_fds(connection, 64 << 10, 1)
    try:
        if not packet:
            return None
        reply: Reply = _replies.decode(packet)
        if isinstance(reply, Answers) and reply.enclosed:
            if not descriptors:
                raise WireError("answers are missing")
            return Answers(_answers.decode(content_of(descriptors[0])))
        return reply
    except UNREADABLE as error:
        raise WireError(str(error)) from None
    finally:
        close(*descriptors)


def seal(content: bytes) -> int:
    """A descriptor of a memory file with this content, which nobody can change; the caller closes it."""
    descriptor = os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def sealed_size(descriptor: int) -> int:
    """The size of a sealed memory file; WireError for anything else."""
    try:
        seals = fcntl.fcntl(descriptor, fcntl.F_GET_SEALS)
    except OSError:
        raise WireError("no memory file") from None
    if seals & _SEALS != _SEALS:
        raise WireError("a memory file that can still change")
    return os.fstat(descriptor).st_size


def content_of(descriptor: int) -> bytes:
    """The whole content of a sealed memory file."""
    size = sealed_size(descriptor)
    pieces = []
    done = 0
    while done < size:
        piece = os.pread(descriptor, size - done, done)
        if not piece:
            raise WireError("a memory file that ends early")
        pieces.append(piece)
        done += len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def close(*descriptors: int) -> None:
    """Closes what was handed over."""
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def keep_only(*descriptors: int) -> None:
    """Closes everything else but input, output and errors: what a process inherited is none of its business."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    first = 3
    for kept in sorted(one for one in descriptors if one >= first):
        os.closerange(first, kept)
        first = kept + 1
    os.closerange(first, _ANY if most == resource.RLIM_INFINITY else max(first, most))


def _descriptors(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    found: list[int] = []
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            whole = len(data) - len(data) % 4
            found += [int.from_bytes(data[at : at + 4], "little", signed=True) for at in range(0, whole, 4)]
    return found
