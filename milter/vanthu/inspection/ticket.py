"""The header by which one hop tells the next who sent a mail and what was judged of it (``X-Vanthu-Hop``).

A ticket is signed (HMAC-SHA256; the first of several keys signs, all are understood) and bound: to a time, to the
Message-ID, and to the content by a digest, so it is worth nothing on another mail. Recipients stand in it as short
keyed hashes: those that passed the hop that signed. White space does not count in the digest, because MTAs break
long lines and end files as they please; Subject does not either, because tags are put on it and taken off.

    X-Vanthu-Hop: v1 <base64url of the JSON> <base64url of the HMAC>       (folded)

Pure; time and keys are arguments. Whatever stands in such a header, ``read`` never raises.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from ..mail import address as addresses
from ..mail.envelope import Origin

NAME = "X-Vanthu-Hop"
MOST_READ = 5  # headers of that name that are looked at in one mail
_LONGEST = 64_000  # octets of one: a thousand recipients take 12,000
_VERSION = "v1"
_WIDTH = 72
_SKEW = timedelta(minutes=10)  # by which the clock of the hop before may be ahead
_BLANK = b" \t\r\n"
_BOUND = (b"content-type", b"content-transfer-encoding")

Verdict = Literal["valid", "expired", "forged", "unbound"]


class Ticket(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one hop says of a mail. ``record`` is its record, ``time`` seconds since 1970, ``content`` a digest of the
    mail, ``passed`` hashes of the recipients that it let pass, ``lifted`` the rules that a challenge code lifted."""

    record: str
    time: int
    origin: Origin | None = None
    sender: str = ""
    login: str | None = None
    message_id: str | None = None
    content: str = ""
    passed: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()
    notice: bool = False

    def saw(self, address: str, key: bytes) -> bool:
        """Whether the hop let this recipient pass; ``key`` is the one that signed."""
        return recipient_hash(address, key) in self.passed


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Ticket)


def write(ticket: Ticket, key: bytes) -> str:
    """The value of the header, folded."""
    payload = _base64(_encoder.encode(ticket))
    mac = _base64(_sign(payload.encode("ascii"), key))
    text = f"{payload} {mac}"
    lines = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    return "\n ".join((_VERSION, *lines))


def read(value: bytes, keys: Sequence[bytes], now: datetime, days: int) -> tuple[Verdict, Ticket | None, bytes]:
    """What a header is worth: ``valid`` (the ticket, and the key that signed), ``expired`` or ``forged``."""
    # Folding may have broken either part anywhere; the HMAC is what stands behind the last 43 characters.
    text = bytes(value[:_LONGEST]).translate(None, _BLANK)
    version, payload, mac = text[: len(_VERSION)], text[len(_VERSION) : -_MAC], text[-_MAC:]
    if version != _VERSION.encode() or not payload:
        return "forged", None, b""
    given = _bytes(mac)
    key = next((one for one in keys if hmac.compare_digest(_sign(payload, one), given)), None)
    if key is None:
        return "forged", None, b""
    try:
        ticket = _decoder.decode(_bytes(payload))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "forged", None, b""
    age = now.timestamp() - ticket.time
    if not -_SKEW.total_seconds() <= age <= days * 86_400:
        return "expired", None, b""
    return "valid", ticket, key


def content(fields: Iterable[tuple[bytes, bytes]], raw: bytes) -> str:
    """What binds a ticket to a mail: a digest of its body, and of the fields that say how the body is to be read."""
    digest = hashlib.blake2b(digest_size=16)
    for name, value in fields:
        if name.lower() in _BOUND:
            digest.update(name.lower() + b":" + value.translate(None, _BLANK) + b"\n")
    digest.update(b"\n")
    digest.update(raw[raw.find(b"\r\n\r\n") + 4 :].translate(None, _BLANK))
    return digest.hexdigest()


def recipient_hash(address: str, key: bytes) -> str:
    """48 bits: enough to tell recipients of one mail apart, and nobody without the key learns who they were."""
    plain = addresses.key(address).encode("utf-8", "surrogatepass")
    return _base64(hashlib.blake2b(plain, digest_size=6, key=key, person=b"vanthu-rcpt").digest())


def _sign(payload: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"vanthu-hop\0" + payload, "sha256")


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _bytes(text: bytes) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


_MAC = len(_base64(bytes(32)))
