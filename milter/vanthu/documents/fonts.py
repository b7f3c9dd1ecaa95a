"""Vietnamese from before Unicode inside documents that name their fonts: the font says how to read the codes.

TCVN3 (ABC) fonts are ``.VnTime``, ``.VnArial`` …, those with capitals only end in ``H`` (``.VnTimeH``); VNI fonts are
``VNI-Times``, ``VNI-Helve`` …. Sources: the tables of ``vietnamese/legacy.json``.
"""

from __future__ import annotations

import re
from typing import Literal

from ..vietnamese.legacy import decode_known

Kind = Literal["tcvn3", "tcvn3_capitals", "vni"]
# An XML declaration (in lower case) of another encoding than UTF-8.
_ENCODED = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8[\"'])")


def kind_of(font: str | None) -> Kind | None:
    """How text in this font is written; None for Unicode fonts."""
    if not font:
        return None
    name = font.strip().lower()
    if name.startswith(".vn"):
        return "tcvn3_capitals" if name.endswith("h") or name.split()[0].endswith("h") else "tcvn3"
    return "vni" if name.startswith(("vni-", "vni ")) else None


def may_name(part: bytes) -> bool:
    """Whether a part in XML may name such a font: as it is, in another encoding, by number, by entity.
    A style sheet seldom does, and most of the work in an ordinary docx is its style sheet."""
    low = part.lower()
    plain = b".vn" not in low and b"vni" not in low
    return not plain or b"&#" in low or b"<!" in low or b"\0" in low or _ENCODED.search(low, 0, 200) is not None


class Paragraph:
    """The text of one paragraph, run by run; neighbours in one encoding are decoded together."""

    def __init__(self) -> None:
        self._runs: list[tuple[Kind | None, list[str]]] = []

    def add(self, text: str, kind: Kind | None) -> None:
        """A run, or a piece of one."""
        if not self._runs or self._runs[-1][0] != kind:
            self._runs.append((kind, []))
        self._runs[-1][1].append(text)

    def close(self) -> str:
        """The paragraph in Unicode; empties it."""
        text = "".join(decoded("".join(pieces), kind) for kind, pieces in self._runs)
        self._runs.clear()
        return text


def decoded(text: str, kind: Kind | None) -> str:
    """Text in a font of that kind, in Unicode."""
    if kind is None:
        return text
    # Symbol fonts shift their codes to the private use area (U+F020 to U+F0FF).
    text = "".join(chr(ord(char) - 0xF000) if "\uf020" <= char <= "\uf0ff" else char for char in text)
    if kind == "vni":
        return decode_known(text, "vni")
    text = decode_known(text, "tcvn3")
    return text.upper() if kind == "tcvn3_capitals" else text
