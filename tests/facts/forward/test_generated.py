"""Forwards and what is none, generated in the words of many clients and languages: floors of accuracy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from facts.forward_samples.generate import LOCALES, Sample, forwards, others
from vanthu.facts.forward import recognise
from vanthu.facts.model import Forward
from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.parse import parse

TIME = datetime(2026, 9, 28, 3, 0, tzinfo=UTC)


def judged(samples: Iterable[Sample]) -> list[tuple[Sample, Forward]]:
    result = []
    for sample in samples:
        recipients = tuple(Recipient(address) for address in sample.recipients)
        envelope = Envelope(sample.sender, recipients, TIME, "submission")
        forward, _ = recognise(parse(sample.raw), envelope, lambda address: None, lambda host: False)
        result.append((sample, forward))
    return result


SOME = sorted(LOCALES)[::6]


def test_at_least_ninety_eight_of_a_hundred_forwards_are_found() -> None:
    results = judged([*forwards(1, SOME), *(sample for sample in forwards(1) if not sample.language)])
    missed = [(sample.language, sample.name) for sample, forward in results if forward.kind == "none"]
    assert len(results) > 300
    assert len(missed) <= 0.02 * len(results), missed


def test_hardly_an_answer_or_ordinary_mail_is_called_a_forward() -> None:
    results = judged([*others(1, SOME), *(sample for sample in others(1) if not sample.language)])
    alarms = [(sample.language, sample.name) for sample, forward in results if forward.kind != "none"]
    assert len(results) > 500
    assert len(alarms) <= 0.005 * len(results), alarms


@pytest.mark.parametrize("seed", [11, 12])
def test_the_original_author_and_subject_are_read(seed: int) -> None:
    results = [pair for pair in judged(forwards(seed, SOME)) if "names-only" not in pair[0].name]
    right = sum(
        forward.original.from_ == sample.author and forward.original.subject == sample.subject
        for sample, forward in results
    )
    assert right >= 0.95 * len(results)
