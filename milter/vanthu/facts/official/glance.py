"""First look: may this text hold an anchor at all? One pass of RE2 over the raw text.

Contract: the look is part of the definition: a text in which it sees no anchor (number line, Quốc hiệu, tiêu ngữ,
the Party's heading, ``Nơi nhận:``, the file copy ``Lưu: VT``, a ``Kèm theo … số`` line, each with room for reading errors) is
no document and scores 0. Linear in the text (RE2), no folding, raises nothing.
"""  # noqa: E501

from __future__ import annotations

import re2

# One letter that a reader or a scan may have got wrong is written `.`; spaces may be many or none.
_ANCHORS = "|".join(
    (
        r"[A-Za-zÀ-ỹ][\x{200b}-\x{200f}\x{2060}\x{feff}\x{ad}]{1,4}[A-Za-zÀ-ỹ:/]",  # a word with nothing in it
        r"[\x{ff01}-\x{ff5e}]{2}",  # full-width letters
        r"[A-Za-zÀ-ỹ][\x{0370}-\x{04ff}]|[\x{0370}-\x{04ff}][A-Za-zÀ-ỹ]",  # a word of two scripts
        r"[\d.…_*\s:oOlISBZ|/\\][*\s]{0,4}[/\\|][*\s]{0,3}[A-ZĐÐ][A-Za-z0-9&.,]{0,11}\s?[-‐‑‒–—―−~_A-ZĐÐ]",
        r"/\s?(?:19|20)\d\d\s?/",
        r"/\s?(?:QH|qh)\d",
        r"\d\s?[-‐‑‒–―−]\s?[A-ZĐÐ][A-Za-zĐÐ]{0,4}\s?/",
        r"(?i:x.{1,2}\s?h.{1,3}\s?ch.{1,2}\s?ngh)",
        r"NGH\S{1,3}\s?VI\S{1,3}\s?N|H\S{1,3} CH\S{1,2} N\S{2,4} VI|C\S{1,2}NG H\S{1,2} X\S{0,2} H",
        r"(?i:l.{1,2}p\s?[-–—~.]?\s?t\S{1,2}\s?d)",
        r"(?i:t\S{1,2}\s?do\s?[-–—~.]?\s?h.{1,2}nh)",
        r"(?i:c.{1,2}ng\s?s.{1,2}n\s?vi)",
        r"(?i:\bn\S{0,3}\s?i?\s?n[hl]\S{0,4}(?:\s?n)?\s?[:;])",
        r"(?i:n[oơ]i\s?nh[aâậ]n)",
        r"L\S{0,6}\s?u?\s?[:;.,]?\s?(?:[tT]ại\s)?(?:V[TtPI]|V[aă]n\s?[pt]h|HC|HS|TCCB|W,)",
        r"(?i:k.{1,2}m\s+theo\s+.{0,40}s\S{1,2}\s*:?\s*[\d.…]+)",
    )
)
_look = re2.compile(_ANCHORS)


def worth_reading(text: str) -> bool:
    """True where the text may hold an anchor of an official document."""
    return _look.search(text) is not None
