"""One message as a value: what ``parse`` makes of the bytes, and what every recogniser looks at.

Texts are Unicode in NFC with ``\\n`` line ends; nothing in here is ever an exception for malformed mail: what is
wrong with it stands in ``defects`` (short words, such as ``truncated`` or ``bad_base64``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class HeaderField:
    """A header field (RFC 5322 §2.2): ``value`` is unfolded, decoded (RFC 2047), without CR, LF and NUL."""

    name: str
    value: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """A text that the reader of the mail sees at once.

    ``text`` of an HTML body is what a browser would show, with ``> `` for each level of quotation; ``markup`` is its
    source (empty for plain text), ``hidden`` what the markup keeps from view. ``where`` is ``body``, or the
    ``attachment:N`` whose message this is the text of.
    """

    where: str
    kind: Literal["plain", "html"]
    text: str
    markup: str = ""
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not shown as text. ``type`` is by content, ``declared`` what the mail says.

    ``message`` is the nested message where the part is a ``message/rfc822`` that was opened. Of a signature (S/MIME,
    PGP/MIME), ``covers`` are the places of what it is over (``body``, ``attachment:2``), and ``over`` those octets
    where it is a detached one.
    """

    where: str
    name: str | None
    type: str
    declared: str
    content: bytes
    sha256: str
    inline: bool = False
    message: Message | None = None
    covers: tuple[str, ...] = ()
    over: memoryview | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A parsed message. ``attachments`` are in MIME order, counted from 1 over the whole outer message."""

    size: int
    fields: tuple[HeaderField, ...]
    bodies: tuple[Body, ...]
    attachments: tuple[Attachment, ...]
    defects: tuple[str, ...]

    values: Mapping[str, list[str]] = field(init=False, repr=False, compare=False)
    """Decoded values by lower-case field name, from the top down: made once, asked a dozen times."""

    def __post_init__(self) -> None:
        values: dict[str, list[str]] = {}
        for one in self.fields:
            values.setdefault(one.name.lower(), []).append(one.value)
        object.__setattr__(self, "values", values)

    def first(self, name: str) -> str | None:
        """The decoded value of the first header field of that name (any case), or None."""
        found = self.values.get(name.lower())
        return found[0] if found else None

    def every(self, name: str) -> tuple[str, ...]:
        """The decoded values of all header fields of that name, from the top down."""
        return tuple(self.values.get(name.lower(), ()))

    @property
    def subject(self) -> str | None:
        """The decoded Subject, or None where the message has none."""
        return self.first("Subject")

    @property
    def text(self) -> str:
        """What the reader sees: the bodies of the outer message, one after another."""
        return "\n".join(body.text for body in self.bodies if body.where == "body")
