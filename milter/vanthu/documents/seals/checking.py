"""The checking of the signatures of one document, those of its members included: its budget of time and number.

pyHanko is loaded by the first that needs it; the fork server does it for all its children (``prepare``). Without
authorities, signatures are noted and named, nothing else. A limit reached is ``unverifiable`` with its reason, and
costs nothing but the verdict: the document is read all the same.
"""

from __future__ import annotations

import importlib
import logging
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from ..model import DocumentLimits, Extraction, Seal, SealReason, Trust
from . import naming
from .clock import Overdue, within

if TYPE_CHECKING:
    from .judge import Judge

T = TypeVar("T")
_NAMING = 0.5  # seconds for all that a document names; a signature takes a thousandth


def prepare(trust: Trust) -> None:
    """Loads what checking needs, if there is anything to check against."""
    if trust:
        importlib.import_module(f"{__package__}.pdf")
        importlib.import_module(f"{__package__}.cms")
        logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # its chatter may quote a document
        logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
        _judge(trust)


def check(octets: bytes, content: bytes | None, limits: DocumentLimits) -> Extraction:
    """The seals of a CMS signature alone; ``content`` is what a detached one is over. Never raises."""
    return Extraction("application/pkcs7-signature", seals=tuple(Checking(limits).cms(octets, content)))


def _judge(trust: Trust) -> Judge:
    from .judge import judge  # noqa: PLC0415 (half a second of libraries, for those who have authorities)

    return judge(trust)


class Checking:
    """What may still be spent on signatures. ``spent`` is in seconds, on checking and on reading whom they name."""

    def __init__(self, limits: DocumentLimits) -> None:
        self._trust = limits.trust
        self._seconds = limits.signature_seconds
        self._left = limits.max_signatures
        self._naming = _NAMING
        self.spent = 0.0

    def named(self, octets: bytes) -> list[naming.Signer]:
        """Everybody whom a CMS message names as its signer; nobody, where time runs out."""
        before = self.spent
        found, _ = self._timed(lambda: naming.of_cms(octets), self._naming)
        self._naming -= self.spent - before
        return found or []

    def cms(self, octets: bytes, content: bytes | None) -> list[Seal]:
        """Everybody who signed. ``content`` is what a detached signature is over, None for an opaque one."""
        noted = [Seal("smime", "present", *who) for who in self.named(octets) or [naming.NOBODY]]
        if not self._trust:
            return noted

        def run() -> list[Seal]:
            from . import cms  # noqa: PLC0415

            return cms.check(octets, content, _judge(self._trust), self._left)

        checked, reason = self._checked(run)
        self._left -= len(noted)
        return checked if checked is not None else [_unverifiable(one, reason) for one in noted]

    def pdf(self, content: bytes, noted: Sequence[tuple[bytes, Seal]]) -> list[Seal]:
        """The same seals, checked. ``noted`` are the octets of each signature, with its seal."""
        if not self._trust or not noted:
            return [seal for _, seal in noted]

        found: dict[bytes, Any] = {}

        def run() -> None:
            from . import pdf  # noqa: PLC0415

            pdf.check(content, _judge(self._trust), self._left, found)

        _, reason = self._checked(run)
        self._left -= len(noted)
        seals = []
        for octets, seal in noted:
            one = found.get(octets.rstrip(b"\0"))
            if one is None:
                seals.append(_unverifiable(seal, reason))
            else:
                status, why = one.verdict
                seals.append(replace(seal, status=status, reason=why, time=one.time or seal.time))
        return seals

    def _checked(self, run: Callable[[], T]) -> tuple[T | None, SealReason]:
        if self._left <= 0:
            return None, "too_many"
        prepare(self._trust)
        before = self.spent
        found = self._timed(run, self._seconds)
        self._seconds -= self.spent - before
        return found

    def _timed(self, run: Callable[[], T], seconds: float) -> tuple[T | None, SealReason]:
        """What ``run`` gives in so much time, or None and why it gave nothing."""
        if seconds <= 0:
            return None, "timeout"
        started = time.monotonic()
        try:
            with within(seconds):
                return run(), "malformed"
        except Overdue:
            return None, "timeout"
        except MemoryError:
            return None, "too_large"
        except Exception:  # whatever a library makes of a broken file: it is not valid, and more is not known
            return None, "malformed"
        finally:
            self.spent += time.monotonic() - started


def _unverifiable(seal: Seal, reason: SealReason) -> Seal:
    return replace(seal, status="unverifiable", reason=reason)
