"""What one message may cost. A limit reached is a defect of the message (see ``mail.parse``), never an error."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailLimits:
    """``max_parts`` and ``max_attachments`` count over the whole outer message, nested ones included.

    ``max_depth`` is the depth of multiparts and nested messages together; ``max_header_bytes`` holds for each header
    section, ``max_text`` (characters) for each body, after decoding, and ``max_total_text`` for all of them together.
    """

    max_parts: int = 1000
    max_depth: int = 10
    max_header_bytes: int = 1 << 20
    max_fields: int = 5000
    max_text: int = 2_000_000
    max_total_text: int = 6_000_000
    max_attachments: int = 200
