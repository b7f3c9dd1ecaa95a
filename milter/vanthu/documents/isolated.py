"""One document read in a caged child of this very process, for commands: no broker needs to run.

The child, its cage and its deadline are those of the broker's children. Only for single-threaded processes that have
not called a reader themselves: the fork carries over whatever state a library has. The child does not yield the
processor to others: somebody waits for it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time

import msgspec

from . import child, child_sandbox, wire
from .model import UNREADABLE, DocumentLimits, Extraction, Reason
from .ocr import ocr_ready
from .read import read
from .seals import checking

_BLOCK = 1 << 18
_REST = 1 << 20
_outcomes = msgspec.msgpack.Decoder(child.Outcome)
_extractions = msgspec.msgpack.Decoder(Extraction)


def read_apart(content: bytes, name: str | None, limits: DocumentLimits, signature: int = 0) -> Extraction:
    """What ``read`` says, or ``crashed``, ``timeout`` or ``too_large`` for what became of the child. Never raises.
    ``signature`` is as in ``wire.Item``."""
    checking.prepare(limits.trust)
    job = child.Job(1, ocr=limits.ocr != "off" and not signature, name=name, signature=signature)
    document = wire.seal(content)
    reading, answer = os.pipe2(os.O_CLOEXEC)
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            os.close(reading)
            child_sandbox.prepare()
            child.live(job, document, answer, limits, read, ocr_ready, parent)
        finally:
            os._exit(1)
    wire.close(answer, document)
    try:
        data, reason = _answer(reading, time.monotonic() + child.wall(job, limits), 8 * limits.max_text + _REST)
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        reason = reason or "timeout"
    return Extraction("application/octet-stream", reason) if reason else _decoded(data)


def _answer(reading: int, deadline: float, most: int) -> tuple[bytes, Reason | None]:
    data = bytearray()
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return b"", "timeout"
        block = os.read(reading, _BLOCK)
        if not block:
            return bytes(data), None
        data += block
        if len(data) > most:
            return b"", "too_large"


def _decoded(data: bytes) -> Extraction:
    try:
        return _extractions.decode(_outcomes.decode(data).payload)
    except UNREADABLE:
        return Extraction("application/octet-stream", "crashed")
