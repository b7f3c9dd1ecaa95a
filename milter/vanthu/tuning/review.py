"""What labels say of a rule: its precision, what it misses nearby, its false alarms; as a value and as text. Pure.

Precision is counted over the random sample of hits only, each share with its 95 % Wilson interval; near misses by
what stood in the way; mail that senders reported as a false alarm counts for itself, since it is not random.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..harmless import printable
from .drawing import REPORTED, Drawn, Sample
from .interval import ENFORCE_BOUND, ENFORCE_NEGATIVES, alarm_bound, wilson
from .labels import Answer, Labels
from .near import HIT

_NEAR_STRATA = 8


def questions(sample: Sample, hits: int, near: int) -> list[Drawn]:
    """What to ask about: mail that senders reported, ``hits`` hits, ``near`` near misses, of each sort alike many."""
    asked = [*sample.of(REPORTED), *sample.of(HIT)[:hits]]
    sorts = [sample.of(name) for name in _near(sample)]
    turns = (sort[turn] for turn in range(max(map(len, sorts), default=0)) for sort in sorts if turn < len(sort))
    return [*asked, *(one for _, one in zip(range(near), turns, strict=False))]


def figures(sample: Sample, asked: list[Drawn], labels: Labels) -> dict[str, Any]:
    """All numbers of a review. ``alarms.bound``: at most this share of all mails is hit wrongly."""
    said = {one.id: labels.last(one.id) for one in asked}
    answers = {
        name: Counter[Answer](
            found.label for one in asked if one.stratum == name and (found := said[one.id]) is not None
        )
        for name in dict.fromkeys(one.stratum for one in asked)
    }
    right, wrong = (answers.get(HIT, Counter())[word] for word in ("yes", "no"))
    hits, mails = sample.found(HIT), len(sample.mails)
    used = [found for found in said.values() if found is not None]
    return {
        "mails": mails,
        "since": sample.first and f"{sample.first:%Y-%m-%dT%H:%M:%SZ}",
        "until": sample.last and f"{sample.last:%Y-%m-%dT%H:%M:%SZ}",
        "hits": hits,
        "asked": len(asked),
        "labelled": len(used),
        "precision": _share(right, right + wrong),
        "unsure": answers.get(HIT, Counter())["unsure"],
        "near": {
            name: {"mails": sample.found(name), **_share(found["yes"], found["yes"] + found["no"])}
            for name, found in answers.items()
            if name not in (HIT, REPORTED)
        },
        "reported": {
            "mails": sample.found(REPORTED),
            "upheld": answers.get(REPORTED, Counter())["no"],
            "dismissed": answers.get(REPORTED, Counter())["yes"],
        },
        "alarms": _alarms(hits, mails, wrong, right + wrong),
        "by": dict(Counter(found.by for found in used).most_common()),
        "disputed": labels.disputed(said),
        "other_labels": len(labels.by_record.keys() - said.keys()),
    }


def text(rule_id: str, found: dict[str, Any]) -> str:
    """The figures for a terminal."""
    return "\n".join(map(printable, _lines(rule_id, found))) + "\n"


def percent(share: float) -> str:
    """A share as people read it; small ones keep their digits."""
    return f"{share:.3%}" if 0 < share < 0.001 else f"{share:.1%}"


def _lines(rule_id: str, found: dict[str, Any]) -> Iterator[str]:
    span = f" from {found['since']} to {found['until']}" if found["since"] else ""
    yield f"{rule_id}: hits {found['hits']} of {found['mails']} mails{span}"
    yield f"  precision     {_told(found['precision'], 'right')}" + (
        f"; {found['unsure']} unsure" if found["unsure"] else ""
    )
    for name, one in found["near"].items():
        yield f"  near miss     {name}: {_told(one, 'should have been hit')} ({one['mails']} mails)"
    reported = found["reported"]
    if reported["mails"]:
        still = reported["mails"] - reported["upheld"] - reported["dismissed"]
        yield (
            f"  false alarms  reported by senders {reported['mails']}: upheld {reported['upheld']}, "
            f"dismissed {reported['dismissed']}, not looked at {still}"
        )
    alarms = found["alarms"]
    said = "enough" if alarms["enough"] else "NOT enough"
    yield (
        f"  wrong stops   at most {percent(alarms['bound'])} of these mails; {said} for a rule that stops mail "
        f"(at most {ENFORCE_BOUND:.2%}, shown on {ENFORCE_NEGATIVES} honest mails; here {alarms['negatives']})"
    )
    if found["by"]:
        yield "  labelled by   " + ", ".join(f"{who} {count}" for who, count in found["by"].items())
    if found["disputed"]:
        yield f"  disputed      {', '.join(found['disputed'])} (the last label counts)"
    left = found["asked"] - found["labelled"]
    if left:
        yield f"  {left} of {found['asked']} drawn mails have no label yet"
    if found["other_labels"]:
        yield f"  {found['other_labels']} labels are of mails outside of this sample and do not count"


def _told(share: dict[str, Any], what: str) -> str:
    if not share["of"]:
        return "nothing labelled yet"
    low, high = share["interval"]
    return (
        f"{share['count']} of {share['of']} {what}: {percent(share['share'])} "
        f"(95 % interval {percent(low)} to {percent(high)})"
    )


def _share(count: int, of: int) -> dict[str, Any]:
    return {"count": count, "of": of, "share": count / of if of else None, "interval": list(wilson(count, of))}


def _alarms(hits: int, mails: int, wrong: int, labelled: int) -> dict[str, Any]:
    bound = alarm_bound(hits, mails, wrong, labelled)
    negatives = mails - round(hits * (1 - wrong / labelled)) if labelled else mails - hits
    enough = bound <= ENFORCE_BOUND and negatives >= ENFORCE_NEGATIVES
    return {"bound": bound, "negatives": negatives, "enough": enough}


def _near(sample: Sample) -> list[str]:
    """The sorts of near misses, the commonest first."""
    names = [name for name in sample.ranks if name not in (HIT, REPORTED)]
    return sorted(names, key=lambda name: (-sample.found(name), name))[:_NEAR_STRATA]
