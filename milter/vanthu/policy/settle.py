"""From the rules that hit to what happens: one verdict for the mail, and one for each recipient.

Severity decides, never order. warn and strip touch only the recipients hit. From challenge on the rule's ``mixed``
decides: while a clean recipient remains (hit by nothing from strip on), the hit ones are stripped; ``whole`` is for
all. SMTP has one answer for a mail, so a mail that is challenged, held or rejected is so for every recipient.
Where strip would leave nobody, the mail is refused instead: lost mail is never answered with 250.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .decision import SEVERITY, Action, Mode, Verdict
from .model import Rule

_STRIP, _CHALLENGE = SEVERITY["strip"], SEVERITY["challenge"]
_NAMES: tuple[Verdict, ...] = ("accept", "count", "warn", "strip", "challenge", "hold", "reject")


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that hit these recipients; ``leaving_nobody`` is what its strip becomes where nobody would remain."""

    rule: Rule
    mode: Mode
    action: Action
    leaving_nobody: Action
    recipients: tuple[int, ...]


def milder(one: Action, other: Action) -> Action:
    """The one that does less."""
    return one if SEVERITY[one] <= SEVERITY[other] else other


def settle(hits: Sequence[Hit], count: int) -> tuple[Verdict, tuple[Verdict, ...]]:
    """The verdict of the mail and those of its ``count`` recipients.

    A mail without recipients is judged as if it had one that every hit strikes.
    """
    struck = [0] * max(count, 1)
    for hit in hits:
        for index in hit.recipients or (range(count) if count else (0,)):
            struck[index] = max(struck[index], SEVERITY[hit.action])
    clean = any(severity < _STRIP for severity in struck)
    result = [0] * len(struck)
    for hit in hits:
        severity = SEVERITY[hit.action]
        everybody = not hit.recipients or (hit.rule.whole and severity >= _CHALLENGE)
        if severity >= _CHALLENGE and clean and not everybody:
            severity = _STRIP
        for index in range(len(result)) if everybody else hit.recipients:
            result[index] = max(result[index], severity)
    verdict = max(*result, 0 if clean else _stripped(hits, len(result)))
    if verdict >= _CHALLENGE:
        result = [verdict] * len(result)
    return _NAMES[verdict], tuple(_NAMES[severity] for severity in result[:count])


def _stripped(hits: Sequence[Hit], count: int) -> int:
    """How severe it is that every recipient is hit by a strip: 0 where one is not.

    The weakest recipient decides: a strip that only stands in for an unknown challenge never does more than that
    challenge would have done.
    """
    worst = [0] * count
    for hit in hits:
        if hit.action == "strip":
            for index in hit.recipients or range(count):
                worst[index] = max(worst[index], SEVERITY[hit.leaving_nobody])
    return min(worst)
