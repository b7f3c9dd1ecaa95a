"""Guessing codes: counted by login and hour over all workers, and then no code counts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from support import records
from vanthu.facts.model import Challenge, Facts
from vanthu.inspection.attempts import Attempts

WRONG = Challenge("invalid", (), "gấp")
GOOD = Challenge("valid", ("a",), "gấp")


def facts(challenge: Challenge, **changes: object) -> Facts:
    return replace(records.facts(), challenge=challenge, **changes)


def test_mail_without_a_tag_touches_no_file(tmp_path: Path) -> None:
    seen = facts(Challenge())
    assert Attempts(tmp_path).judge(seen) == (seen, False)
    assert list(tmp_path.iterdir()) == []


def test_past_the_limit_even_a_good_code_is_refused_for_that_login_only(tmp_path: Path) -> None:
    workers = [Attempts(tmp_path, 3), Attempts(tmp_path, 3)]
    assert [workers[turn % 2].judge(facts(WRONG))[1] for turn in range(5)] == [False, False, False, True, True]
    refused, guessing = workers[0].judge(facts(GOOD))
    assert (refused.challenge, guessing) == (WRONG, True)
    assert workers[1].judge(facts(GOOD, login="binh@x.gov.vn")) == (facts(GOOD, login="binh@x.gov.vn"), False)


def test_good_codes_and_missing_reasons_are_no_guesses(tmp_path: Path) -> None:
    attempts = Attempts(tmp_path, 0)
    assert attempts.judge(facts(GOOD)) == (facts(GOOD), False)
    assert attempts.judge(facts(Challenge("invalid")))[1] is False
    assert list(tmp_path.iterdir()) == []


def test_the_next_hour_begins_anew_and_the_old_files_go(tmp_path: Path) -> None:
    attempts = Attempts(tmp_path, 1)
    for _ in range(3):
        attempts.judge(facts(WRONG))
    later = facts(WRONG, time=records.NOON + timedelta(hours=1))
    assert attempts.judge(later)[1] is False
    assert len(list(tmp_path.iterdir())) == 1
