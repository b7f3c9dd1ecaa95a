"""An explanation as a tree that a person can read, in Vietnamese or English. Pure; lines without control characters.

``✔`` holds, ``✘`` does not, ``?`` cannot be known. Rules that hit come first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs

from ..facts.model import Missing
from ..harmless import printable
from ..policy.model import Language
from .explanation import Case, Explanation, LifterTrace, RuleTrace
from .telling_facts import facts_lines
from .trace import Step
from .words import word

_MARKS = {"true": "✔", "false": "✘", "unknown": "?"}
_OUTCOME_MARKS = {"hit": "●", "unknown": "?", "lifted": "○", "no": "·"}
_ORDER = ("hit", "unknown", "lifted", "no")
_LONGEST = 160  # characters of one value


def tell(explanation: Explanation, lang: Language, zone: ZoneInfo, notes: tuple[str, ...] = ()) -> str:
    """The whole text; ``notes`` stand below the decision (reply, notice, digests)."""
    lines = [*facts_lines(explanation.facts, lang, zone), "", *_decision(explanation, lang), *notes, ""]
    lines.append(f"{word('rules', lang)} ({word('policy', lang).lower()} {explanation.policy})")
    told = [rule for rule in explanation.rules if not rule.unread]
    for rule in sorted(told, key=lambda one: (_ORDER.index(one.outcome), one.id)):
        lines += ["", *_rule(rule, lang)]
    lines += _unread(explanation, lang)
    if explanation.off:
        lines += ["", f"{word('off', lang)}: {', '.join(explanation.off)}"]
    return "\n".join(printable(line) for line in lines) + "\n"


def _decision(explanation: Explanation, lang: Language) -> Iterator[str]:
    decision = explanation.decision
    yield f"{word('decision', lang)}: {decision.verdict}"
    for index, (one, verdict) in enumerate(zip(explanation.facts.recipients, decision.recipients, strict=False), 1):
        yield f"  {index}. {one.address} → {verdict}"
    if decision.shadow != decision.verdict:
        yield f"  ({word('shadow', lang)}: {decision.shadow})"


def rule_lines(rule: RuleTrace, lang: Language) -> list[str]:
    """One rule without its bases: its conditions, what they saw, and the exceptions that were tried."""
    return [printable(line) for line in _rule(structs.replace(rule, bases=()), lang)]


def _unread(explanation: Explanation, lang: Language) -> Iterator[str]:
    """Rules that did nothing since a part could not be read: together, for one locked archive makes many of them."""
    groups: dict[tuple[Missing, ...], list[str]] = {}
    for rule in explanation.rules:
        if rule.unread:
            groups.setdefault(rule.unread, []).append(rule.id)
    for missing, ids in groups.items():
        what = ", ".join(f"{one.fact} ({one.reason})" for one in missing)
        yield ""
        yield f"? {word('unread', lang)}: {what}"
        yield f"    {', '.join(ids)}"


def _rule(rule: RuleTrace, lang: Language) -> Iterator[str]:
    title = rule.title.get(lang, "")
    yield (
        f"{_OUTCOME_MARKS[rule.outcome]} {rule.id} — {word(rule.outcome, lang)} [{rule.mode}, {rule.action}]"
        + (f" — {title}" if title else "")
    )
    if rule.agencies is not None or rule.starts is not None:
        where = ", ".join(rule.agencies) if rule.agencies is not None else "*"
        since = f" {word('from', lang)} {rule.starts}" if rule.starts is not None else ""
        yield f"    {word('rollout', lang)}: {where}{since}"
    if rule.outcome != "no":
        for basis in rule.bases:
            clause = f"{basis.number}, {basis.clause} ({basis.issuer}, {basis.date})"
            yield f"    {word('basis', lang)}: {clause}: “{_short(basis.quotation)}”"
    if not rule.cases:
        yield f"    {word('nobody', lang)}"
    for case in rule.cases:
        yield from _case(case, lang)


def _case(case: Case, lang: Language) -> Iterator[str]:
    shown = ", ".join(str(index + 1) for index in case.recipients[:20]) + (" …" if len(case.recipients) > 20 else "")
    who = f"{word('to', lang)} {shown}" if case.recipients else word("everybody", lang)
    said = f": {word(case.outcome, lang)}"
    if case.action is not None:
        said += f" → {case.action}" + ("" if case.mode == "enforce" else f" ({case.mode})")
    if case.lifted_by:
        said += f" — {word('by', lang)} {', '.join(case.lifted_by)}"
    yield f"    {who}{said}"
    # The top of most rules is "all": its parts stand at the first level.
    steps = case.when.steps if case.when.kind == "all" else (case.when,)
    for step in steps:
        yield from _step(step, "      ", lang)
    if case.when.truth != "false":
        for lifter in case.lifters:
            yield from _lifter(lifter, lang)


def _lifter(lifter: LifterTrace, lang: Language) -> Iterator[str]:
    ends = word("expired", lang) if lifter.expired else word("until", lang)
    mark = _MARKS["false"] if lifter.expired else _MARKS[lifter.truth]
    about = f"{lifter.reason} ({lifter.owner}, {ends} {lifter.expires})"
    yield f"      {mark} {word('exception', lang)} {lifter.id}: {about}"
    yield from _step(lifter.when, "        ", lang)


def _step(step: Step, indent: str, lang: Language) -> Iterator[str]:
    mark = _MARKS[step.truth]
    if step.kind in ("all", "any", "not"):
        yield f"{indent}{mark} {word(step.kind, lang)}:"
    elif step.kind == "element":
        yield f"{indent}{mark} {step.name}:"
    else:
        expected = f": {_short(step.expects)}" if step.expects else ""
        saw = f" — {word('saw', lang)} {_value(step.saw)}" if step.kind in ("condition", "count") else ""
        if step.missing:
            saw = f" — {word('missing', lang)}: {', '.join(f'{one.fact} ({one.reason})' for one in step.missing)}"
        yield f"{indent}{mark} {step.name}{expected}{saw}"
    for inner in step.steps:
        if step.kind == "element" and inner.kind == "all":
            for part in inner.steps:
                yield from _step(part, indent + "  ", lang)
        else:
            yield from _step(inner, indent + "  ", lang)


def _value(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return _short("[" + ", ".join(map(str, value)) + "]")
    return _short(str(value)) or '""'


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
