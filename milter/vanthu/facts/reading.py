"""A text that recognisers read, with its place in the mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Reading:
    """Text in NFC with ``\\n`` line ends; ``where`` as in Facts (body, subject, filename, attachment:2/1 …)."""

    where: str
    text: str
    name: str | None = None
    read_by: Literal["text", "ocr"] = "text"
