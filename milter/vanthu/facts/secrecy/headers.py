"""Marks in header fields: Office labels (MSIP), classification fields of document systems, Sensitivity (RFC 2156).

What it looks for: the name of an Office label in ``MSIP_Labels`` (a header field that Outlook writes, a property of
documents), fields such as ``X-Do-Mat`` (``headers`` in ``marks.yaml``), and ``Sensitivity`` (RFC 2156, §5.3.4).

| header field | level, score |
|---|---|
| ``MSIP_Labels: MSIP_Label_…_Name=Confidential\\Tối mật`` | ``toi_mat``, 0.95 |
| ``X-Do-Mat: Mật`` | ``mat``, 0.92 |
| ``Sensitivity: Company-Confidential`` | none, 0.1 |
| ``Sensitivity: Private``; a label named ``Public``, ``Nội bộ`` | none, 0 |

Not seen: a label that is told by its identifier alone, and labels in other languages: their names go into
``marks.yaml``.

Contract: pure. ``Sensitivity: Company-Confidential`` is weak: it is an office's habit, not a mark of state secrecy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vanthu.facts.model import SecrecyLevel
from vanthu.facts.secrecy import marks
from vanthu.facts.secrecy.texts import Candidate
from vanthu.mail.message import HeaderField

_MSIP_NAME = re.compile(r"_Name=([^;]{1,80})")
_PARTS = re.compile(r"\s*[\\/|:>–—-]\s*")


def _label(text: str) -> SecrecyLevel | None:
    whole = marks.of_label(text)
    levels = {marks.of_label(part) for part in _PARTS.split(text)}
    return whole or next((level for level in reversed(marks.RANK) if level in levels), None)


def of_fields(fields: Sequence[HeaderField]) -> list[Candidate]:
    """What the header fields say of secrecy."""
    found: list[Candidate] = []
    for field in fields:
        name = field.name.lower()
        if name == "msip_labels":
            for label in _MSIP_NAME.findall(field.value[:4000]):
                level = _label(label)
                if level:
                    found.append(Candidate(level, 0.95, "header", f"Office label: {label[:60]}"))
        elif name in marks.HEADERS or name == "sensitivity":
            level = _label(field.value[:200])
            if level:
                found.append(Candidate(level, 0.92, "header", f"{field.name}: {field.value[:60]}"))
            elif name == "sensitivity" and field.value.strip().lower() == "company-confidential":
                found.append(Candidate("mat", 0.1, "header", "Sensitivity: Company-Confidential"))
    return found
