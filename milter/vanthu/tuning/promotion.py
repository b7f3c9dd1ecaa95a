"""The next stage of a rule, what speaks for it, and the files with it: shadow → warn → enforce, by agency and date.

Nothing is written here but by ``write``. Raises PromotionError, and Problems where the policy would not load.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from ..errors import VanthuError
from ..policy.decision import SEVERITY, Mode
from ..policy.load import PolicyContext, load
from ..policy.model import Policy, Rule
from ..policy.sources import policy_files
from ..replacing import replace_file
from .rewriting import has_rule, with_keys

Stage = Literal["shadow", "warn", "enforce"]
_NEXT: dict[Mode, Stage] = {"off": "shadow", "shadow": "warn", "warn": "enforce", "enforce": "enforce"}


class PromotionError(VanthuError):
    """The rule cannot be set so."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked: ``agencies`` and ``starts`` None leave the rollout as it is, an empty tuple means everywhere."""

    rule: str
    stage: Stage
    agencies: tuple[str, ...] | None = None
    starts: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after, and the policy that the folder would then be."""

    file: Path
    before: str
    after: str
    policy: Policy


def next_stage(rule: Rule) -> Stage:
    """shadow → warn → enforce; a rule in force stays so."""
    return _NEXT[rule.mode]


def propose(folder: Path, plan: Plan, old: Policy, context: PolicyContext) -> Change:
    """The change of one file, checked as ``check`` would, in a copy of the folder."""
    rule = old.by_id[plan.rule]
    file = _file_of(folder, plan.rule)
    before = _text(file)
    changes: dict[str, str] = {"mode": plan.stage}
    if plan.agencies is not None or plan.starts is not None:
        changes["rollout"] = _rollout(rule, plan)
    after = with_keys(before, plan.rule, changes)
    if after == before:
        raise PromotionError(f"{plan.rule} is set so already ({rule.mode}); nothing to change")
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for one in (*policy_files(folder), folder / "bases.yaml"):
            if one.is_file():
                shutil.copyfile(one, copy / one.name)
        (copy / file.name).write_bytes(after.encode("utf-8"))
        policy = load(copy, context).policy
    _bound(policy.by_id[plan.rule], policy.installation, context.today)
    return Change(file, before, after, policy)


def everywhen(policy: Policy, rule_id: str) -> Policy:
    """The policy as if the rule had begun long ago, so that yesterday's mail tells what it will do."""
    rules = [replace(rule, starts=None) if rule.id == rule_id else rule for rule in policy.rules]
    return policy.with_rules(rules, off=policy.off)


def doubts(rule: Rule, stage: Stage, found: dict[str, Any]) -> Iterator[str]:
    """What speaks against the next stage, from the figures of a review."""
    if stage == "shadow":
        return
    if not found["precision"]["of"]:
        yield f"nobody has reviewed what it hits: vanthu review {rule.id}"
    elif found["precision"]["interval"][0] < 0.5:
        low = found["precision"]["interval"][0]
        yield f"the review only shows that at least {low:.0%} of what it hits is right; label more, or mend the rule"
    if stage == "enforce" and SEVERITY[rule.action] >= SEVERITY["strip"]:
        alarms = found["alarms"]
        if not alarms["enough"]:
            yield (
                f"it is not shown that it stops at most 0.02 % of honest mail (upper bound {alarms['bound']:.3%}, "
                f"{alarms['negatives']} honest mails of 20000)"
            )


def write(change: Change, now: datetime) -> Path:
    """Replaces the file at once, as a whole, and returns the copy of the old one. Its owner and mode stay, as far as
    who does it may give files away. PromotionError: nothing was changed."""
    file = change.file
    backup = file.with_name(f"{file.name}.{now:%Y%m%dT%H%M%S.%fZ}.bak")
    try:
        if _text(file) != change.before:
            raise PromotionError(f"{file} was changed meanwhile; look at it and try again")
        shutil.copy2(file, backup)
        was = file.stat()
        owner = was.st_uid, was.st_gid
        replace_file(file, change.after.encode("utf-8"), stat.S_IMODE(was.st_mode), owner=owner, durable=True)
    except OSError as error:
        raise PromotionError(f"{file}: {error.strerror}; nothing was changed") from None
    return backup


def _file_of(folder: Path, rule_id: str) -> Path:
    for file in policy_files(folder):
        if has_rule(_text(file), rule_id):
            return file
    raise PromotionError(f"{rule_id}: no file of {folder} has this rule")


def _text(file: Path) -> str:
    """With its line ends as they are."""
    return file.read_bytes().decode("utf-8")


def _rollout(rule: Rule, plan: Plan) -> str:
    """The rollout as YAML; what is not asked for stays."""
    agencies = plan.agencies if plan.agencies is not None else tuple(sorted(rule.agencies or ()))
    starts = plan.starts or rule.starts
    parts = [f"agencies: [{', '.join(agencies)}]"] if agencies else []
    parts += [f"from: {starts}"] if starts else []
    return "{" + ", ".join(parts) + "}"


def _bound(rule: Rule, installation: str, today: date | None) -> None:
    """An enforced rule needs a clause that binds this installation on the day it begins; ``load`` saw to the rest."""
    if rule.mode != "enforce" or today is None:
        return
    day = max(today, rule.starts or today)
    binding = [one for one in rule.bases if {"all", installation} & set(one.binds)]
    if not any(one.valid_from <= day and (one.valid_to is None or day <= one.valid_to) for one in binding):
        raise PromotionError(f"{rule.id}: no basis that binds {installation} is in force on {day}; see bases.yaml")
