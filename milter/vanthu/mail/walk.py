"""The way through the MIME tree of one message (RFC 2045, 2046, 2183), with what is used up of the limits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from . import headers, multipart, transfer
from .blocks import enclosed
from .bodies import body
from .cms import signed_entity
from .limits import MailLimits
from .message import Attachment, Body, Message
from .parameters import parse_value
from .sniff import BINARY, looks_like_message, sniff

_SHOWN = frozenset(
    {"text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "application/xhtml+xml"}
)
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
_KEPT_TYPES = frozenset(
    {
        "message/delivery-status", "message/disposition-notification", "message/partial", "message/external-body",
        "message/feedback-report", "text/rfc822-headers", "text/calendar", "text/vcard", "text/csv",
        "application/pgp-encrypted", "application/pgp-signature", "application/pgp-keys",
        "application/pkcs7-mime", "application/pkcs7-signature",
    }
)  # fmt: skip
_SAME_TYPES = {
    "text/x-vcard": "text/vcard",
    "text/directory": "text/vcard",
    "application/ics": "text/calendar",
    "application/x-pkcs7-mime": "application/pkcs7-mime",
    "application/x-pkcs7-signature": "application/pkcs7-signature",
    "application/vnd.ms-tnef": "application/ms-tnef",
}
_ENCLOSING = frozenset({"uuencode", "yenc"})
_SIGNATURES = ("application/pkcs7-signature", "application/pgp-signature")
_NOTED = {"message/partial": "message_partial", "message/external-body": "external_body"}
# Each level costs a few frames of Python's stack, which no setting may exhaust.
_DEEPEST = 100
_COMMENT = re.compile(rb"\([^()]*\)")
_NO_PARAMETERS: Mapping[str, str] = {}


@dataclass(slots=True)
class _Level:
    """One message that is being filled: the outer one or a nested one."""

    where: str
    depth: int
    bodies: list[Body] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    defects: dict[str, None] = field(default_factory=dict)
    count: int = 0

    def defect(self, name: str | None) -> None:
        if name:
            self.defects[name] = None

    def found(self, bodies: int, attachments: int, alone: bool) -> tuple[str, ...]:
        """The places of what has been found beside so much before. The text counts if nothing stands beside it: what
        a reader of the mail sees is one text, signed or not."""
        places = [one.where for one in self.attachments[attachments:]]
        if alone and len(self.bodies) > bodies:
            places.append(self.where or "body")
        return tuple(places)

    def next_where(self) -> str:
        self.count += 1
        return f"{self.where}/{self.count}" if self.where else f"attachment:{self.count}"


@dataclass(frozen=True, slots=True)
class _Part:
    """What the header section of a part says about it. ``type`` is usable; ``declared`` is what was written."""

    type: str
    declared: str
    parameters: Mapping[str, str]
    encoding: str
    disposition: str
    name: str | None
    inline: bool


class Walk:
    """One walk over one outer message; the budgets are shared with every message nested in it."""

    def __init__(self, limits: MailLimits) -> None:
        self.limits = limits
        self.max_depth = min(limits.max_depth, _DEEPEST)
        self.text_left = limits.max_total_text
        self.parts_left = limits.max_parts
        self.attachments_left = limits.max_attachments
        self._over: tuple[memoryview, tuple[str, ...]] | None = None  # what the signature that follows is over

    def message(self, raw: bytes, where: str, depth: int = 0) -> Message:
        """The message in ``raw``; ``where`` is "" for the outer one, else its place (``attachment:2``)."""
        level = _Level(where, depth)
        size = len(raw)
        if b"\n" not in raw and b"\r" in raw:
            raw = raw.replace(b"\r", b"\n")
            level.defect("bare_cr")
        fields, at, defects = headers.split(raw, 0, len(raw), self.limits.max_header_bytes, self.limits.max_fields)
        for defect in defects:
            level.defect(defect)
        self._entity(level, fields, raw, at, len(raw), depth, "text/plain")
        return Message(
            size, headers.decoded(fields), tuple(level.bodies), tuple(level.attachments), tuple(level.defects)
        )

    def _entity(
        self, level: _Level, fields: list[headers.Raw], data: bytes, start: int, end: int, depth: int, default: str
    ) -> None:
        """One entity: a multipart is entered, a leaf becomes a body or an attachment."""
        part = _described(level, fields, default)
        if part.type.startswith("multipart/"):
            if depth >= self.max_depth:
                level.defect("too_deep")
            elif self._multipart(level, part, data, start, end, depth):
                return
            else:
                part = _Part("text/plain", part.declared, part.parameters, part.encoding, "", None, False)
        content, defect = transfer.decode(data[start:end], part.encoding)
        level.defect(defect)
        self._leaf(level, part, content, depth)

    def _multipart(self, level: _Level, part: _Part, data: bytes, start: int, end: int, depth: int) -> bool:
        boundary = part.parameters.get("boundary", "").encode("utf-8", "replace")
        encoded = part.encoding in ("base64", "quoted-printable")
        # Forbidden (RFC 2045 §6.4) but written: a delimiter in the clear means that nothing is encoded.
        if encoded and (not boundary or data.find(b"--" + boundary, start, end) < 0):
            data, _ = transfer.decode(data[start:end], part.encoding)
            start, end = 0, len(data)
        spans, defects = multipart.parts(data, start, end, boundary, self.parts_left)
        for defect in defects:
            level.defect(defect)
        self.parts_left -= len(spans)
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        signed = part.type == "multipart/signed" and len(spans) > 1
        for number, (first, last) in enumerate(spans):
            bodies, attachments = len(level.bodies), len(level.attachments)
            fields, at, wrong = headers.split(data, first, last, self.limits.max_header_bytes, self.limits.max_fields)
            for defect in wrong:
                level.defect(defect)
            self._entity(level, fields, data, at, last, depth + 1, default)
            self._over = None
            if signed and number == 0:  # RFC 1847 §2.1: the second part is the signature over the first
                alone = depth == level.depth and len(spans) == 2
                self._over = memoryview(data)[first:last], level.found(bodies, attachments, alone)
        return bool(spans)

    def _leaf(self, level: _Level, part: _Part, content: bytes, depth: int) -> None:
        if part.type in _MESSAGES or (_may_hide_message(part) and looks_like_message(content)):
            self._nested(level, part, content, depth)
            return
        if _is_body(part):
            if not content.startswith(BINARY):
                most = max(0, min(self.limits.max_text, self.text_left))
                made, defects = body(content, part.type, part.parameters, level.where or "body", most)
                self.text_left -= len(made.text) + len(made.markup)
                level.bodies.append(made)
                if made.kind == "plain" and not _ENCLOSING.isdisjoint(defects):
                    for name, octets in enclosed(content):
                        inner = replace(part, name=name, type="", declared="", inline=False)
                        self._attach(level, inner, octets, sniff(octets) or "application/octet-stream")
                for defect in defects:
                    level.defect(defect)
                return
            level.defect("lying_type")
        level.defect(_NOTED.get(part.type))
        if part.type == "application/pkcs7-mime" and (signed := signed_entity(content)) is not None:
            bodies, attachments = len(level.bodies), len(level.attachments)
            self._signed(level, signed, depth)
            covers = level.found(bodies, attachments, depth == level.depth)
            self._attach(level, part, content, part.type, covers=covers)
            return
        kind = _by_content(part, content)
        if kind in _SIGNATURES and self._over is not None:
            over, covers = self._over
            self._attach(level, part, content, kind, covers=covers, over=over)
            return
        self._attach(level, part, content, kind)

    def _signed(self, level: _Level, signed: bytes, depth: int) -> None:
        """Mail readers show what an opaque signature carries in its place; the wrapper stays an attachment."""
        if depth >= self.max_depth or self.parts_left <= 0:
            level.defect("too_deep" if depth >= self.max_depth else "too_many_parts")
            return
        self.parts_left -= 1
        fields, at, wrong = headers.split(
            signed, 0, len(signed), self.limits.max_header_bytes, self.limits.max_fields
        )
        for defect in wrong:
            level.defect(defect)
        self._entity(level, fields, signed, at, len(signed), depth + 1, "text/plain")

    def _nested(self, level: _Level, part: _Part, content: bytes, depth: int) -> None:
        if self.attachments_left <= 0:
            level.defect("too_many_attachments")
            return
        if depth >= self.max_depth or self.parts_left <= 0:
            level.defect("too_deep" if depth >= self.max_depth else "too_many_parts")
            self._attach(level, part, content, "message/rfc822")
            return
        self.parts_left -= 1
        self.attachments_left -= 1
        where = level.next_where()
        message = self.message(content, where, depth + 1)
        level.attachments.append(_attachment(where, part, content, "message/rfc822", message))

    def _attach(
        self, level: _Level, part: _Part, content: bytes, kind: str, covers: tuple[str, ...] = (),
        over: memoryview | None = None,
    ) -> None:  # fmt: skip
        if self.attachments_left <= 0:
            level.defect("too_many_attachments")
            return
        self.attachments_left -= 1
        level.attachments.append(_attachment(level.next_where(), part, content, kind, None, covers, over))


def _attachment(
    where: str, part: _Part, content: bytes, kind: str, message: Message | None, covers: tuple[str, ...] = (),
    over: memoryview | None = None,
) -> Attachment:  # fmt: skip
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(where, part.name, kind, part.declared, content, digest, part.inline, message, covers, over)


def _described(level: _Level, fields: list[headers.Raw], default: str) -> _Part:
    """Reads the MIME fields; of a repeated field the first counts, as most clients have it."""
    kind = encoding = disposition = identifier = b""
    for field_name, raw in reversed(fields):
        if field_name[:8].lower() != b"content-":
            continue
        lower = field_name.lower()
        if lower == b"content-type":
            kind = raw
        elif lower == b"content-transfer-encoding":
            encoding = raw
        elif lower == b"content-disposition":
            disposition = raw
        elif lower == b"content-id":
            identifier = raw
    declared, parameters = parse_value(kind) if kind else ("", _NO_PARAMETERS)
    used = declared
    if declared.count("/") != 1 or declared.startswith("/") or declared.endswith("/"):
        if kind.strip():
            level.defect("bad_content_type")
        used = default
    placed, placement = parse_value(disposition) if disposition else ("", _NO_PARAMETERS)
    name = placement.get("filename") or parameters.get("name") or None
    if used == "application/octet-stream" and name is not None and name.lower().endswith(".p7m"):
        used = "application/pkcs7-mime"
    inline = placed == "inline" or (not placed and bool(identifier))
    return _Part(_SAME_TYPES.get(used, used), declared, parameters, _mechanism(encoding), placed, name, inline)


def _mechanism(raw: bytes) -> str:
    """The value of Content-Transfer-Encoding without comments (RFC 2045 §6.1), parameters and quotes."""
    if b"(" in raw:
        raw = _COMMENT.sub(b"", raw)
    return raw.partition(b";")[0].strip(b" \t\r\n\"'").lower().decode("latin-1")


def _is_body(part: _Part) -> bool:
    if part.name is not None or part.disposition == "attachment":
        return False
    if part.type in _SHOWN:
        return True
    return part.type.startswith("text/") and part.type not in _KEPT_TYPES


def _may_hide_message(part: _Part) -> bool:
    if part.name is not None and part.name.lower().endswith((".eml", ".mht", ".mhtml", ".nws")):
        return True
    return part.type == "application/octet-stream"


def _by_content(part: _Part, content: bytes) -> str:
    """The type that the content shows; what only text can show about itself yields to a declaration."""
    if part.type in _KEPT_TYPES:
        return part.type
    found = sniff(content)
    if found in (None, "text/plain", "application/xml"):
        declared = part.type if part.type.count("/") == 1 and not part.type.startswith("multipart/") else ""
        if found is None:
            return declared or "application/octet-stream"
        if declared.startswith("text/") or (found == "application/xml" and "xml" in declared):
            return declared
    return found
