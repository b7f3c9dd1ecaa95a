"""The shape of policy files and of bases.yaml, as an operator writes them. What conditions mean: ``building``."""

from __future__ import annotations

import datetime
import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from ..validation import Shape
from .decision import Action, Mode

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_GLOB = re.compile(r"[a-z0-9*?-]{1,80}")


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError(f"{value!r} is not an id; write small letters, digits and hyphens, such as hoa-toc")
    return value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError(f"{value!r} is not a name; write small letters, digits and underscores, such as press")
    return value


def _glob(value: str) -> str:
    if not _GLOB.fullmatch(value):
        raise ValueError(f"{value!r} is not a rule id or a pattern of ids such as official-*")
    return value


def _one_line(value: str) -> str:
    if not value.strip():
        raise ValueError("say something; it must not be empty")
    if any(not character.isprintable() for character in value):
        raise ValueError("it must be one line without control characters")
    return value


Slug = Annotated[str, AfterValidator(_slug)]
Name = Annotated[str, AfterValidator(_name)]
Glob = Annotated[str, AfterValidator(_glob)]
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_one_line)]
Tag = Annotated[str, StringConstraints(max_length=40), AfterValidator(_one_line)]
When = dict[str, Any]
OnUnknown = Literal["skip", "count", "warn", "strip", "challenge", "hold", "reject"]
Notify = Literal["sender", "security", "agency", "forwarder"]


class Title(Shape):
    """What a sender reads about the rule, in Vietnamese and English."""

    vi: Line
    en: Line


class Rollout(Shape):
    """Outside of these agencies, and before this day, the rule is in shadow."""

    agencies: tuple[Slug, ...] | None = None
    from_: date | None = Field(None, alias="from")


class UnlessShape(Shape):
    """One case in which the rule does not hold: who wants it, why, and until when (that day included)."""

    id: Slug
    when: When
    reason: Line
    owner: Line
    expires: date


class RuleShape(Shape):
    """One rule."""

    id: Slug
    title: Title | None = None
    basis: tuple[str, ...] = ()
    mode: Mode = "shadow"
    rollout: Rollout = Rollout()
    when: When
    unless: tuple[UnlessShape, ...] = ()
    action: Action
    mixed: Literal["strip", "whole"] | None = None
    notify: tuple[Notify, ...] | None = None
    tag_subject: Tag | None = None
    on_unknown: OnUnknown | None = None
    null_sender: bool = False


class ExceptionShape(UnlessShape):
    """A case in which several rules do not hold."""

    applies_to: Annotated[tuple[Glob, ...], Field(min_length=1)]


class DetectorShape(Shape):
    """A named text detector: what it counts in all readable text of a mail."""

    title: Title
    re2: str
    distinct: bool = False


class PolicyShape(Shape):
    """One policy file."""

    version: Literal[1] = 1
    on_unknown: OnUnknown | None = None
    lists: dict[Name, tuple[Line, ...]] = Field(default_factory=dict)
    detectors: dict[Name, DetectorShape] = Field(default_factory=dict)
    rules: tuple[RuleShape, ...] = ()
    exceptions: tuple[ExceptionShape, ...] = ()


class BasisShape(Shape):
    """One clause that a rule rests on; ``binds`` names installations, or all."""

    number: Line
    issuer: Line
    date: datetime.date
    clause: Line
    quotation: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    valid_from: datetime.date
    valid_to: datetime.date | None = None
    binds: Annotated[tuple[Line, ...], Field(min_length=1)]


class BasesShape(Shape):
    """bases.yaml."""

    version: Literal[1] = 1
    bases: dict[str, BasisShape] = Field(default_factory=dict)
