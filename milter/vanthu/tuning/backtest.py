"""The outcome of a backtest: as a value for JSON, and as text for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..harmless import printable
from ..policy.model import Policy
from .comparing import Group, Tally, grouped
from .sweep import Sweep

_SENDERS, _EXAMPLES = 10, 5
_BAR = 40  # columns


def summary(tally: Tally, new: Policy, sweep: Sweep | None) -> dict[str, Any]:
    """All numbers; what is counted by mail counts a mail that was tried several times once."""
    groups = grouped(tally.changes)
    by_verdict = Counter(f"{group.change.before} → {group.change.after}" for group in groups)
    return {
        "records": tally.records,
        "not_judged": tally.not_judged,
        "damaged": tally.damaged,
        "changed": {"mails": len(groups), "tries": len(tally.changes) + tally.over, "not_listed": tally.over},
        "verdicts": dict(sorted(by_verdict.items(), key=_most)),
        "after": dict(sorted(tally.verdicts.items(), key=_most)),
        "rules": {id_: _rule(id_, tally, new) for id_ in _rule_ids(tally)},
        "agencies": dict(sorted(Counter(group.change.agency for group in groups).items(), key=_most)),
        "senders": dict(Counter(group.change.sender for group in groups).most_common(_SENDERS)),
        "examples": {pair: [_example(group) for group in _of(pair, groups)] for pair in by_verdict},
        "sweep": None if sweep is None else _swept(tally, sweep),
    }


def text(found: dict[str, Any]) -> str:
    """The summary for a terminal."""
    return "\n".join(printable(line) for line in _lines(found)) + "\n"


def touched(point: dict[str, Any]) -> int:
    """Of a point of a sweep: mails that are not simply accepted."""
    return sum(count for verdict, count in point["verdicts"].items() if verdict != "accept")


def _lines(found: dict[str, Any]) -> Iterator[str]:
    changed = found["changed"]
    retries = changed["tries"] - changed["mails"]
    yield f"{found['records']} records judged; {changed['mails']} mails are decided otherwise" + (
        f" ({retries} more tries of the same)" if retries else ""
    )
    if found["not_judged"]:
        yield f"{found['not_judged']} of {found['records']} records could not be judged by every rule (see unknown)"
    if found["damaged"]:
        yield f"{found['damaged']} lines are damaged and were left out (vanthu journal verify)"
    if changed["not_listed"]:
        yield f"{changed['not_listed']} more changes than can be listed are only counted here"
    yield from _table("Verdict", found["verdicts"])
    yield from _rules(found["rules"])
    yield from _table("Agency", found["agencies"])
    yield from _table("Most affected senders", found["senders"])
    for pair, examples in found["examples"].items():
        yield ""
        yield f"Examples: {pair}"
        for one in examples:
            why = [f"+{rule}" for rule in one["gained"]] + [f"-{rule}" for rule in one["lost"]]
            tries = f", {one['tries']} tries" if one["tries"] > 1 else ""
            yield f"  {one['id']}  {one['time']}  <{one['sender']}> to {one['recipients']}{tries}  {' '.join(why)}"
    if found["sweep"]:
        yield from _curve(found["sweep"])


def _table(title: str, counts: dict[str, int]) -> Iterator[str]:
    if counts:
        yield ""
        yield title
        yield from (f"  {count:>8}  {name}" for name, count in counts.items())


def _rules(rules: dict[str, dict[str, Any]]) -> Iterator[str]:
    if not rules:
        return
    yield ""
    yield "Rule                                          before    after   gained     lost  marginal   unknown"
    for id_, one in rules.items():
        numbers = f"{one['before']:>8} {one['after']:>8} {one['gained']:>8} {one['lost']:>8}"
        marginal = "-" if one["marginal"] is None else one["marginal"]
        reasons = ", ".join(f"{reason} {count}" for reason, count in one["unknown"].items())
        yield f"  {id_:<42} {numbers} {marginal:>9} {sum(one['unknown'].values()):>9}  {reasons}".rstrip()


def _curve(sweep: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"Mails that are not simply accepted, by {sweep['condition']}"
    counts = [touched(one) for one in sweep["points"]]
    most = max(*counts, 1)
    for one, count in zip(sweep["points"], counts, strict=True):
        parts = ", ".join(f"{verdict} {n}" for verdict, n in one["verdicts"].items() if verdict != "accept")
        yield f"  {one['value']:<7} {'█' * round(_BAR * count / most):<{_BAR}} {count:>7}  {parts}".rstrip()


def _rule_ids(tally: Tally) -> list[str]:
    return sorted({*tally.hits_before, *tally.hits_after, *(rule for rule, _ in tally.unknown)})


def _rule(id_: str, tally: Tally, new: Policy) -> dict[str, Any]:
    """``marginal``: records in which this shadow rule would do more than all rules in force."""
    rule = new.by_id.get(id_)
    return {
        "before": tally.hits_before[id_],
        "after": tally.hits_after[id_],
        "gained": tally.gained[id_],
        "lost": tally.lost[id_],
        "marginal": tally.marginal[id_] if rule is not None and rule.mode == "shadow" else None,
        "unknown": {reason: count for (rule_id, reason), count in sorted(tally.unknown.items()) if rule_id == id_},
    }


def _of(pair: str, groups: list[Group]) -> list[Group]:
    """The newest examples, each of another sender as long as there are any."""
    same = [group for group in reversed(groups) if f"{group.change.before} → {group.change.after}" == pair]
    first = {group.change.sender: group for group in reversed(same)}
    distinct = sorted(first.values(), key=lambda group: group.change.time, reverse=True)
    rest = [group for group in same if group not in distinct] if len(distinct) < _EXAMPLES else []
    return (distinct + rest)[:_EXAMPLES]


def _example(group: Group) -> dict[str, Any]:
    change = group.change
    return {
        "id": change.id,
        "time": f"{change.time:%Y-%m-%dT%H:%M:%SZ}",
        "sender": change.sender,
        "recipients": change.recipients,
        "agency": change.agency,
        "tries": group.tries,
        "gained": list(change.gained),
        "lost": list(change.lost),
    }


def _swept(tally: Tally, sweep: Sweep) -> dict[str, Any]:
    points = [
        {"value": value, "verdicts": dict(sorted(counts.items(), key=_most))}
        for value, counts in zip(sweep.values, tally.sweep, strict=True)
    ]
    return {"condition": sweep.path, "points": points}


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
