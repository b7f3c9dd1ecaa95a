"""The life of one child: a fresh process that reads one document, in its cage, and ends.

It says what it found through a pipe, as an ``Outcome`` in MessagePack, and exits with 0. Whatever else happens to it,
an exception nobody foresaw, a signal, a deadline, means that the document was not read.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec
from msgspec import Struct

from . import child_sandbox as sandbox
from . import wire
from .model import DocumentLimits, Extraction
from .seals.checking import check

Read = Callable[[bytes, str | None, DocumentLimits], Extraction]
GRACE = 2.0  # seconds beside the limits: to start, to notice a limit, and to hand over what was found


class Job(Struct, frozen=True):
    """``ocr``: pictures are to be read as well. Without a document (``probe``) the question is whether OCR works.
    ``signature``: so many octets are a signature over the rest, only to be checked (``wire.Item``)."""

    number: int
    ocr: bool = False
    probe: bool = False
    name: str | None = None
    signature: int = 0


class Outcome(Struct, frozen=True, array_like=True):
    """``payload`` is the Extraction; of a probe, a word on what is wrong or "". ``pictures``: OCR may find more.
    ``passing``: something was not read for a reason that may be gone the next time."""

    payload: bytes
    pictures: bool = False
    passing: bool = False


_encoder = msgspec.msgpack.Encoder()


def with_ocr(job: Job) -> bool:
    """Whether the job may run tesseract."""
    return job.ocr or job.probe


def wall(job: Job, limits: DocumentLimits) -> float:
    """Seconds after which the process is killed."""
    return limits.seconds + limits.signature_seconds + GRACE + (limits.ocr_seconds if with_ocr(job) else 0.0)


def live(
    job: Job, content: int | None, answer: int, limits: DocumentLimits, read: Read,
    ready: Callable[[], str | None], parent: int,
) -> None:  # fmt: skip
    """Reads and answers; does not return. ``content`` is a sealed memory file, ``answer`` a pipe."""
    sandbox.enter(parent, limits.memory, wall(job, limits), with_ocr(job))
    if content is None:
        outcome = Outcome((ready() or "").encode())
    else:
        try:
            document = wire.content_of(content)
            os.close(content)
            if job.signature:
                found = check(document[: job.signature], document[job.signature :] or None, limits)
            else:
                found = read(document, job.name, limits if job.ocr else msgspec.structs.replace(limits, ocr="off"))
        except MemoryError:
            found = Extraction("", "too_large")
        outcome = Outcome(_encoder.encode(found), limits.ocr != "off" and found.pictures > 0, passing(found))
    _write(answer, _encoder.encode(outcome))
    os._exit(0)


def passing(found: Extraction) -> bool:
    """Whether time ran out, or something was away, here or in a member."""
    late = any(seal.reason == "timeout" for seal in found.seals)
    return (
        late
        or found.reason in ("timeout", "unavailable")
        or any(passing(member.extraction) for member in found.members)
    )


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
