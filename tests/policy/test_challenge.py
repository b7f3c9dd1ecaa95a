"""Codes: given for a login, rules and a day, known again for exactly these; tags as people type them."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vanthu.policy import challenge
from vanthu.policy.challenge import Tag, code, find, issue, verify, without

KEY, OTHER = b"k" * 32, b"o" * 32
DAY = date(2026, 11, 23)
WHO = "annv@soyte.x.gov.vn"
KNOWN = ("a", "b", "c")
NAMES = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12)
SETS = st.frozensets(NAMES, min_size=1, max_size=5)
slow = settings(max_examples=25, deadline=None)
DAYS = st.dates(date(2020, 1, 1), date(2100, 1, 1))


def tag(text: str, reason: str | None = "việc gấp") -> Tag:
    return Tag(text, reason, 0, 0)


@given(st.binary(min_size=1, max_size=64), st.text(max_size=40), SETS, DAYS)
def test_a_code_is_seven_characters_of_base32(key, who, rules, day) -> None:
    assert re.fullmatch("[A-Z2-7]{7}", code(key, who, rules, day))


@slow
@given(SETS, st.frozensets(NAMES, max_size=3), DAYS, st.integers(0, 1))
def test_a_code_is_good_for_its_rules_on_its_day_and_the_next(asked, more, day, later) -> None:
    given_code = issue(KEY, WHO, asked, sorted(asked | more), day)
    found = verify(tag(given_code), WHO.upper(), sorted(asked | more), day + timedelta(days=later), [OTHER, KEY])
    assert (found.status, found.rules) == ("valid", tuple(sorted(asked)))


@slow
@given(SETS, DAYS, st.integers(2, 7))
def test_then_it_has_expired(asked, day, later) -> None:
    given_code = issue(KEY, WHO, asked, sorted(asked), day)
    assert verify(tag(given_code), WHO, sorted(asked), day + timedelta(days=later), [KEY]).status == "expired"


@slow
@given(SETS, DAYS)
def test_it_is_nobody_elses_and_of_no_other_key(asked, day) -> None:
    given_code = issue(KEY, WHO, asked, sorted(asked), day)
    assert verify(tag(given_code), "binh@x.gov.vn", sorted(asked), day, [KEY]).status == "invalid"
    assert verify(tag(given_code), WHO, sorted(asked), day, [OTHER]).status == "invalid"
    assert verify(tag(given_code), WHO, sorted(asked), day, []).status == "invalid"


def test_an_older_key_is_still_understood_and_the_first_one_signs() -> None:
    old = code(KEY, WHO, ["a"], DAY)
    assert verify(tag(old), WHO, KNOWN, DAY, [OTHER, KEY]).status == "valid"
    assert issue(OTHER, WHO, ["a"], KNOWN, DAY) != old


def test_a_code_lifts_only_the_rules_that_it_was_given_for() -> None:
    assert verify(tag(code(KEY, WHO, ["b", "a"], DAY)), WHO, KNOWN, DAY, [KEY]).rules == ("a", "b")
    assert verify(tag(code(KEY, WHO, ["x"], DAY)), WHO, KNOWN, DAY, [KEY]).status == "invalid"


def test_without_a_reason_nothing_is_lifted() -> None:
    assert verify(tag(code(KEY, WHO, ["a"], DAY), None), WHO, KNOWN, DAY, [KEY]).status == "invalid"


def test_with_too_many_rules_a_code_is_for_all_of_them_and_is_found_in_time() -> None:
    many = [f"r{number:02}" for number in range(60)]
    asked = many[:9]
    given_code = issue(KEY, WHO, asked, many, DAY)
    started = time.perf_counter()
    assert verify(tag(given_code), WHO, many, DAY, [KEY, OTHER]).rules == tuple(many)
    verify(tag("AAAAAAA"), WHO, many, DAY, [KEY, OTHER])
    assert time.perf_counter() - started < 2
    assert len(list(challenge._sets(many))) == challenge.MOST_SETS + 1


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("[LD 7F3K2MQ: họp gấp]", ("7F3K2MQ", "họp gấp", False)),
        ("Re: báo cáo [LD 7F3K2MQ: nhầm]", ("7F3K2MQ", "nhầm", True)),
        ("[ld 7f3k2mq:NHAM] báo cáo", ("7F3K2MQ", "NHAM", True)),
        ("[LD 7F3K2MQ : nhầm, đây là thư riêng ]", ("7F3K2MQ", "nhầm, đây là thư riêng", True)),
        ("[LD 7F3K2MQ: nhắc lịch]", ("7F3K2MQ", "nhắc lịch", False)),
        ("[LD: 7F3K2MQ: a]", ("7F3K2MQ", "a", False)),
        ("[LD 7F3K2MQ: \u212a]", ("7F3K2MQ", "\u212a", False)),
        ("[LD\u00a07F3K2MQ: a]", ("7F3K2MQ", "a", False)),
        ("[LD 0F3K1M8: a]", ("OF3KIMB", "a", False)),
        ("[LD 7F3K2MQ]", ("7F3K2MQ", None, False)),
        ("[LD 7F3K2MQ: lý do]", ("7F3K2MQ", None, False)),
        ("[LD 7F3K2MQ: your reason]", ("7F3K2MQ", None, False)),
    ],
)
def test_tags_as_people_type_them(subject: str, expected: tuple[str, str | None, bool]) -> None:
    found = find(subject)
    assert found is not None
    assert (found.code, found.reason, found.false_alarm) == expected


@pytest.mark.parametrize(
    "subject", ["", "LD 7F3K2MQ: a", "[LD 7F3K2M: a]", "[LD 7F3K2MQX: a]", "[ALD 7F3K2MQ: a]", "[LD 7F3\u212a2MQ: a]"]
)
def test_no_tags(subject: str) -> None:
    assert find(subject) is None


@given(st.text(st.characters(exclude_characters="[]"), max_size=30), st.text(st.characters(exclude_characters="[]")))
def test_the_tag_is_taken_off_and_the_rest_stays(before: str, after: str) -> None:
    subject = f"{before}[LD 7F3K2MQ: vì sao]{after}"
    found = find(subject)
    assert found is not None
    assert without(subject, found) == " ".join(f"{before} {after}".split())


def test_a_hostile_subject_takes_linear_time() -> None:
    started = time.perf_counter()
    for text in ("[LD " * 300_000, "[LD 7F3K2MQ:" * 100_000, "[" + " " * 1_000_000):
        find(text)
    assert time.perf_counter() - started < 2
