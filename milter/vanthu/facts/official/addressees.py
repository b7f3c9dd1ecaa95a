"""Whom a document goes to: the list after ``Kính gửi:`` and the list under ``Nơi nhận:``.

Contract: pure; names as printed, without dashes and closing signs, each once, at most 40; ``Như trên`` and the file
copy (``Lưu: VT``) are nobody.
"""

from __future__ import annotations

import re

from vanthu.facts.official.lines import bare
from vanthu.facts.official.page import Segment

_MOST = 40
_ITEM = re.compile(r"^\s*[-–—•+*~=]\s?")
# The signer, whose box stands beside the list: ``Nơi nhận: KT. CỤC TRƯỞNG``, ``- Như trên; PHÓ CHỦ NHIỆM``.
_SIGNER = re.compile(r"(?:[TK][MTL]|TUQ|T/M|K/T|T/L|Q)\s?[.,:/]|(?:PHO|QUYEN)\s[A-Z]{2}|[A-Z\s]{3,24}TRUONG$")
_INTRO = re.compile(r"^[\s*_-]*(?:K\S{1,3}nh\s?g\S{1,3}i?|N\S{1,2}i\s?nh\S{1,4})\s*[:;.,]?[\s*]*", re.I)
_STOP = frozenset(
    {
        "authority",
        "title",
        "quoc_hieu",
        "about",
        "basis",
        "end_mark",
        "type_title",
        "annex_title",
        "annexed",
        "recipients",
    }
)


def _items(segment: Segment, at: int) -> list[str]:
    first = _INTRO.sub("", segment.boxes[at].line.raw).strip()
    found = [first] if first else []
    listed = False
    for box in segment.boxes[at + 1 : at + 60]:
        text = box.line.raw
        if not text:
            continue
        if (
            (box.elements & _STOP and not (box.elements == {"title"} and _ITEM.match(text)))
            or box.number
            or box.dated
        ):
            if "end_mark" in box.elements and len(text) < 60 and _ITEM.match(text):
                found.append(_ITEM.sub("", text))
                continue
            break
        if _ITEM.match(text):
            listed = True
            found.append(_ITEM.sub("", text))
        elif found and not listed and found[-1].endswith((";", ",")) and len(text) < 120:
            found.append(text)
        elif found and listed and not found[-1].rstrip().endswith((";", ".")) and len(text) < 80:
            found[-1] += " " + text
        elif not found and len(text) < 120:
            found.append(text)
            listed = text.endswith(";")
        else:
            break
        if "filed" in box.elements:
            break
    return found


def of(segment: Segment) -> tuple[str, ...]:
    """Addressees in the order of the page."""
    names: dict[str, None] = {}
    for wanted in ("addressed", "recipients"):
        for at, box in enumerate(segment.boxes):
            if wanted not in box.elements:
                continue
            for item in _items(segment, at):
                for name in re.split(r";\s", item):
                    if wanted == "recipients" and _SIGNER.match(bare(name.strip())):
                        continue
                    clean = re.sub(r"\s+", " ", name).strip(" -–—•+*;:.,/_")
                    if (
                        clean
                        and any(map(str.isalpha, clean))
                        and not re.match(r"(?i)nh[ưuir]\S* (?:tr|[đd]i)|l[ưu]u\b|l\S{1,2}u\s?[:;]", clean)
                    ):
                        names.setdefault(clean[:160])
            break
    return tuple(names)[:_MOST]
