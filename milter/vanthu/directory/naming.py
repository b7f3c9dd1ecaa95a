"""Which agency the texts of a list name: one of the register, one that the operator says, or a new one.

A name that is nearly that of a known agency is asked about, never taken for it; a text that reads like no office
names nobody.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import replace

from . import wording
from .entries import Level, Remark
from .issuers import normal
from .model import Agency, Register
from .persons import plain

_ALIKE = 0.88
_EDUCATION = re.compile(r"(?:truong|mam non|mau giao|dai hoc|cao dang|tieu hoc|thpt|thcs)\b")
_HEALTH = re.compile(r"(?:benh vien|tram y te|trung tam y te|phong kham|ttyt|trung tam kiem soat benh tat)\b")


class Naming:
    """Collects new agencies and remarks while it is asked; ``answers`` are slugs by texts, from the operator."""

    def __init__(self, register: Register, answers: Mapping[str, str]) -> None:
        self.register = register
        self.answers = {normal(text): slug for text, slug in answers.items()}
        self.new_agencies: dict[str, Agency] = {}
        self.remarks: list[Remark] = []

    def look_up(self, texts: tuple[str, ...], titles: tuple[str, ...], place: str) -> str | None:
        """By columns and headings; where they name no office, by what stands above the table; that is asked."""
        if any(not (wording.is_group(text) or wording.is_unit(text)) or self.known(text, titles) for text in texts):
            return self.resolve(texts, place)
        if not titles:
            return None
        slug = self.resolve(titles, place)
        if slug is not None:
            self.remark("question", place, f"the agency {titles[0]} is taken from the title or the name of the sheet")
        return slug

    def resolve(self, texts: tuple[str, ...], place: str) -> str | None:
        for index, text in enumerate(texts):
            found = self.known(text, texts[index + 1 :])
            if found is not None:
                return found
            if wording.is_group(text) or (wording.is_unit(text) and index + 1 < len(texts)):
                continue
            if not wording.is_office(text):
                return None
            if self.alike(text, place):
                return None
            parent = self.resolve(texts[index + 1 :], place) if len(texts) > index + 1 else None
            return self.new(text, parent)
        return None

    def known(self, text: str, outer: tuple[str, ...]) -> str | None:
        """By the operator's answer, by slug, by name, or by its name below the next one."""
        told = self.answers.get(normal(text))
        if told is not None or text in self.register.agencies:
            return told if told is not None else text
        found = self.register.agency_named(text)
        if found is None and outer:
            found = self.register.agency_named(f"{outer[0]}\n{text}")
        return found

    def alike(self, text: str, place: str) -> bool:
        """Asks about a name that is nearly, but not quite, that of a known agency."""
        names = {normal(a.name): a for a in (*self.register.agencies.values(), *self.new_agencies.values())}
        name = normal(text)
        if name in names:
            return False
        close = difflib.get_close_matches(name, names, n=1, cutoff=_ALIKE)
        if not close or _numbers(close[0]) != _numbers(name) or _last_words_differ(close[0], name):
            return False
        agency = names[close[0]]
        self.remark(
            "unclear",
            place,
            f"is {text} the agency {agency.name}? then --agency '{text}={agency.slug}'; or write it out",
        )
        return True

    def new(self, text: str, parent: str | None) -> str:
        name = wording.titled(text)
        same = [agency for agency in self.new_agencies.values() if normal(agency.name) == normal(name)]
        exact = [agency for agency in same if parent in (None, agency.parent) or agency.parent is None]
        if len(exact) == 1 or (exact and parent is None):
            agency = exact[0]
            if agency.parent is None and parent != agency.slug:
                self.new_agencies[agency.slug] = replace(agency, parent=parent)
            return agency.slug
        slug = re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-") or "agency"
        taken = {*self.register.agencies, *self.new_agencies}
        if slug in taken and parent:
            slug = f"{slug}-{parent}"
        slug = next(s for n in range(1, len(taken) + 3) if (s := slug if n == 1 else f"{slug}-{n}") not in taken)
        self.new_agencies[slug] = Agency(slug, name, kind_of(name), parent)
        return slug

    def remark(self, level: Level, place: str, text: str) -> None:
        """Something to tell the operator."""
        self.remarks.append(Remark(level, place, text))


def kind_of(name: str) -> str | None:
    """``education`` or ``health`` where the name of an office says so: 506/BTTTT-UDCNTT §2 treats them apart."""
    text = wording.words(name)
    return "education" if _EDUCATION.match(text) else "health" if _HEALTH.match(text) else None


def _numbers(text: str) -> list[str]:
    return re.findall("[0-9]+", text)


def _last_words_differ(one: str, other: str) -> bool:
    """``xã Tân Lập`` and ``xã Tân Lộc`` are two places, not a slip of the keyboard: places tell offices apart."""
    first, second = one.split(), other.split()
    return (
        len(first) == len(second)
        and sum(a != b for a, b in zip(first, second, strict=True)) == 1
        and (first[0] in ("xa", "phuong", "uy", "thi", "truong", "tram", "ubnd", "hoi") or len(first) < 3)
    )
