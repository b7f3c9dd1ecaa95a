"""Accuracy of the forward recogniser (part of ``make accuracy``).

Generated mail (``tests/facts/forward_samples``) in the words of every client and language; then languages whose words
were taken out of the tables (what the recogniser does with a language that it does not know); author and subject of
the original read right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from tally import Tally

from facts.forward_samples.generate import LOCALES, Sample, forwards, others
from vanthu.facts.forward import recognise
from vanthu.facts.forwards import words
from vanthu.facts.model import Forward
from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.parse import parse

TIME = datetime(2026, 9, 28, 3, 0, tzinfo=UTC)
SEEDS = {"seen": 7, "unseen": 1_000_003}


def judge(raw: bytes, sender: str, recipients: Iterable[str]) -> Forward:
    """The forward of one message, sent from ``sender`` to ``recipients``."""
    envelope = Envelope(sender, tuple(map(Recipient, recipients)), TIME, "submission")
    return recognise(parse(raw), envelope, lambda address: "other", lambda host: False)[0]


def _right(sample: Sample, forward: Forward) -> bool:
    subject = (forward.original.subject or "").strip() == (sample.subject or "")
    return subject and ("names-only" in sample.name or forward.original.from_ in (sample.author, None))


def _count(found: Tally, read: Tally | None, samples: Iterable[Sample]) -> None:
    for sample in samples:
        forward = judge(sample.raw, sample.sender, sample.recipients)
        hit = forward.kind != "none"
        found.add(sample.name, hit, f"[{sample.language}] {forward.score:.2f} {forward.evidence}")
        if hit and read is not None:
            read.add(sample.name, _right(sample, forward), f"[{sample.language}] {forward.original}")


def forget(languages: set[str]) -> None:
    """Take out of the tables the words that only these languages use."""

    def used(inside: bool) -> set[str]:
        texts = (
            text
            for language, clients in LOCALES.items()
            if (language in languages) == inside
            for each in clients.values()
            for text in each.values()
        )
        return {words.fold(text).strip(words.FRAME) for text in texts}

    gone = used(True) - used(False)
    for word in gone & words.LABELS.keys():
        del words.LABELS[word]
    words.FORWARD = frozenset(words.FORWARD - gone)  # type: ignore[misc]
    words.ORIGINAL = frozenset(words.ORIGINAL - gone)  # type: ignore[misc]


def measure(part: str) -> Iterator[Tally]:
    """All tallies; the last two change the tables of this process, so nothing may be measured after them."""
    seed = SEEDS[part]
    found, read = Tally("forward", "found, all clients and languages", 0.98), Tally("forward", "original right", 0.95)
    _count(found, read, forwards(seed))
    alarms = Tally("forward", "replies and ordinary mail called forwards", 0.005, alarms=True)
    _count(alarms, None, others(seed))
    yield from (found, read, alarms)
    unknown = {language for number, language in enumerate(sorted(LOCALES)) if number % 5 == 3}
    forget(unknown)
    lost = Tally("forward", f"found, {len(unknown)} languages taken out of the tables", 0.9)
    _count(lost, None, forwards(seed + 1, sorted(unknown)))
    strange = Tally("forward", f"replies, {len(unknown)} languages taken out", 0.005, alarms=True)
    _count(strange, None, others(seed + 1, sorted(unknown)))
    yield from (lost, strange)
