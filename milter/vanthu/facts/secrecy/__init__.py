"""Recognise marks of state secrecy (MẬT, TỐI MẬT, TUYỆT MẬT) by place and form.

What it looks for: a line of its own in capitals in a document's head (box 10a of Decree 30/2020/NĐ-CP, Annex I; the
stamps of Circular 24/2020/TT-BCA), also run into the other column, with letters set apart or badly read; a field
``Độ mật: Tối mật``; ``[MẬT]`` in a subject or a file name; a number's suffix; Office labels (MSIP) and Sensitivity.
Why not the word: "mật" is in bảo mật, mật khẩu, mật ong and in every text about secrecy. Undiacritised ``MAT`` counts
only as a whole line with a letterhead around it. Specimens of stamps in circulars are none. The marks are data
(``marks.yaml``), since their forms change with the law.

A mark counts as found from 0.5 on; from 0.2 on the journal keeps hashes instead of subject and names.

| text | score |
|---|---|
| ``MẬT`` on a line of its own between ``V/v …`` and ``Kính gửi`` | 0.98 |
| the same as ``MAT`` or ``M Ậ T`` | 0.8, 0.98 |
| ``TUYỆT`` over ``MẬT``, ``T U Y Ệ T   M Ậ T`` | 0.98, ``tuyet_mat`` |
| ``TỐI MẬT`` as ``TỐI MẢT``, ``TUYỆI MAT``, ``TỐ'I MẬT``: read badly | 0.8 |
| ``MẬT`` on a line of its own among the first three lines, no letterhead | 0.6 |
| ``MAT`` on a line of its own, no letterhead | 0 |
| ``Độ mật: Mật`` | 0.92 |
| subject ``[MẬT] báo cáo``; ``MẬT - kế hoạch.docx`` | 0.95; 0.85 |
| ``TỐI MẬT`` and ``MẬT`` within a few lines, or "kích thước 30 mm" beside it | 0: specimens |
| "trừ các văn bản, tài liệu mật"; BẢO MẬT; MẬT KHẨU; MẬT ONG | 0 |
| ``Sensitivity: Company-Confidential`` | 0.1: an office's habit |

Not seen: secret content without a mark; a stamp that OCR did not read, or read beyond the spellings in
``marks.yaml``; marks of other countries.

Refuses: nothing. Raises: nothing. Limits: those of the page reader (``cut`` says where one was reached; without a
mark found, ``/secrecy`` is then unavailable, ``too_large``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vanthu.facts.model import Secrecy
from vanthu.facts.official import lines
from vanthu.facts.official.page import Pages
from vanthu.facts.reading import Reading
from vanthu.facts.secrecy import headers, marks, names, texts
from vanthu.facts.secrecy.texts import Candidate
from vanthu.mail.message import HeaderField

# A field's name and its sign or cell; each pattern opens with letters, so that the search is a plain scan.
_FIELDS = tuple(re.compile(word + r"[ *]{0,4}[:：=|\t]") for word in ("mật", "Mật", "mat", "Mat"))
_NAMES = frozenset({"subject", "filename"})
# Blanks, stops and characters without width may stand between the letters.
_CAPITALS = re.compile(r"M[\W_]{0,3}[ẬÂẶẠẤẦĂẨẪÁÀẢÃÄÅĄAА.~][\W_]{0,3}[TIТΤ]")


def worth_reading(text: str) -> bool:
    """Whether a text can hold a mark at all: capitals like ``MẬT`` or a field's name."""
    return (
        "(M)" in text
        or "(TM)" in text
        or any(look.search(text) is not None for look in _FIELDS)
        or "М" in text  # Cyrillic and Greek look-alikes, full-width letters
        or "Ｍ" in text
        or "Μ" in text
        or _CAPITALS.search(text) is not None
    )


def cut(readings: Sequence[Reading]) -> bool:
    """Whether a text that can hold a mark is longer than what is read of it."""
    return any(
        reading.where not in _NAMES and lines.exceeds(reading.text) and worth_reading(reading.text)
        for reading in readings
    )


def recognise(readings: Sequence[Reading], fields: Sequence[HeaderField], pages: Pages | None = None) -> Secrecy:
    """The highest mark in the texts and header fields of one mail; ``level`` is None below 0.5.

    ``pages`` is what was read of the same texts already.
    """
    pages = pages or Pages()
    candidates: list[Candidate] = headers.of_fields(fields)
    lifted = False
    named = [reading for reading in readings if reading.where in _NAMES]
    for reading in readings:
        if reading.where in _NAMES:
            candidates.extend(names.of_name(reading, named))
        elif worth_reading(reading.text):
            found, stamped = texts.of_text(reading, pages)
            candidates.extend(found)
            lifted = lifted or stamped
    if not candidates:
        return Secrecy(declassified=lifted)
    sure = [c for c in candidates if c.score >= 0.5]
    best = max(sure or candidates, key=lambda c: (marks.RANK[c.level] if sure else 0, c.score))
    score = max(c.score for c in candidates)
    return Secrecy(
        level=best.level if sure else None,
        score=round(score, 3),
        where=best.where,
        declassified=lifted,
        evidence=tuple(dict.fromkeys(c.why for c in candidates))[:8],
    )
