"""What was asked of others for one mail before its facts are gathered; the default is that nobody was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..answers import Answer
from .conversation import Correspondents


@dataclass(frozen=True, slots=True)
class Asked:
    """``exchangers``: what DNS said (``facts.exchangers``); ``correspondents``: the table of known mail, if any."""

    exchangers: Mapping[str, Answer[tuple[str, ...]]] = field(default_factory=dict)
    correspondents: Correspondents | None = None


NOBODY = Asked()
