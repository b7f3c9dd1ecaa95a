"""What the files of a folder say together: defaults, names that two of them give, and what a broken one knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.policies import BASES, CONTEXT, TITLE, loaded, rule, unless
from vanthu.errors import Problems
from vanthu.policy.load import load
from vanthu.policy.shipped_detectors import FILE

DETECTOR = {"title": TITLE, "re2": "x"}


def complaints(*files) -> list[str]:
    with pytest.raises(Problems) as caught:
        loaded(*files)
    return [problem.message for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("file", "own", "meant"),
    [
        (None, None, "skip"),
        ("warn", None, "warn"),
        (None, "hold", "hold"),
        ("warn", "hold", "hold"),
        ("warn", "skip", "skip"),
    ],
)
def test_what_is_done_for_want_of_knowledge(file, own, meant) -> None:
    keys = {} if file is None else {"on_unknown": file}
    policy = loaded({"rules": [rule("r", {}, "hold", **({} if own is None else {"on_unknown": own}))], **keys}).policy
    assert policy.rules[0].on_unknown == meant


def test_files_agree_on_what_is_not_known_or_say_nothing_of_it() -> None:
    assert loaded({"on_unknown": "warn"}, {}, {"on_unknown": "warn", "rules": [rule("r", {}, "hold")]}).policy
    (message,) = complaints({"on_unknown": "warn"}, {"on_unknown": "hold"})
    assert message == "another file says on_unknown: warn; keep one"


@pytest.mark.parametrize(
    ("what", "content"),
    [
        ("list", {"lists": {"same": ["x.vn"]}}),
        ("detector", {"detectors": {"same": DETECTOR}}),
        ("rule", {"rules": [rule("same", {}, "warn")]}),
        ("exception", {"exceptions": [unless("same", {"login": "x"}, applies_to=["r"])]}),
    ],
)
def test_a_name_is_given_once(what, content) -> None:
    assert f"another {what} is named same; give each its own name" in complaints(content, content)


def test_what_a_broken_file_names_is_not_missed_by_another() -> None:
    broken = {"rool": 1, "lists": {"a": ["x.vn"]}, "detectors": {"d": DETECTOR}}
    uses = {"rules": [rule("r", {"recipient.domain": {"list": "a"}, "detected.d.count": {"min": 1}}, "warn")]}
    for files in ((broken, uses), (uses, broken)):
        assert not [message for message in complaints(*files) if "no list" in message or "no detector" in message]
    without = {"rool": 1}
    assert len(complaints(without, uses)) > len(complaints(broken, uses))


def test_files_after_a_broken_one_are_looked_at_too() -> None:
    assert "another rule is named r; give each its own name" in complaints(
        {"rool": 1}, {"rules": [rule("r", {}, "warn")]}, {"rules": [rule("r", {}, "warn")]}
    )


def test_an_exception_of_a_rule_has_a_name_that_nobody_else_has() -> None:
    lifter = unless("storm", {"login": "x"}, applies_to=["other"])
    said = complaints(
        {"exceptions": [lifter], "rules": [rule("r", {}, "warn", unless=[unless("storm", {"login": "y"})])]}
    )
    assert "another exception of this rule is named storm" in said
    said = complaints({"rules": [rule("r", {}, "warn", unless=[unless("challenge", {"login": "y"})])]})
    assert said == ["another exception of this rule is named challenge"]


def test_a_shipped_detector_that_is_used_belongs_to_the_policy() -> None:
    policy = loaded({"rules": [rule("r", {"detected.citizen_id.count": {"min": 1}}, "warn")]}).policy
    assert [one.name for one in policy.detectors] == ["citizen_id"]
    assert "citizen_id" in policy.text[FILE]
    assert FILE not in loaded({"rules": [rule("r", {}, "warn")]}).policy.text


def test_rules_that_are_off_keep_their_titles_and_judge_nothing() -> None:
    policy = loaded({"rules": [rule("on", {}, "warn"), rule("out", {}, "warn", mode="off")]}).policy
    assert [one.id for one in policy.rules] == ["on"]
    assert policy.title("out", "en") == "Trial"


def test_a_rule_is_whole_where_it_says_so_or_is_about_secrecy() -> None:
    rules = [
        rule("a", {}, "hold"), rule("b", {}, "hold", mixed="whole"), rule("c", {"secrecy.level": "mat"}, "hold"),
        rule("d", {}, "hold", mixed="strip"),
    ]  # fmt: skip
    assert [one.whole for one in loaded({"rules": rules}).policy.rules] == [False, True, True, False]


def digest(*files) -> str:
    return str(loaded(*files).policy.digest)


def test_the_order_of_files_and_of_what_a_list_holds_changes_no_digest() -> None:
    lists, rules = {"lists": {"b": ["x.vn", "y.vn"], "a": ["z.vn"]}}, {"rules": [rule("r", {}, "hold")]}
    again = {"lists": {"a": ["z.vn"], "b": ["y.vn", "x.vn"]}}
    assert digest(lists, rules) == digest(rules, lists) == digest(rules, again)


def test_detectors_stand_in_the_order_of_their_names() -> None:
    policy = loaded({"detectors": {"b": DETECTOR, "c": DETECTOR, "a": DETECTOR}}).policy
    assert [one.name for one in policy.detectors] == ["a", "b", "c"]


PLACES = """\
rules:
- id: r
  when: {}
  action: hold
  unless:
  - id: one
    when: {login: x}
    reason: why
    owner: a@x.gov.vn
    expires: 2027-06-30
  - id: one
    when:
      size: 1
      colour: red
    reason: why
    owner: a@x.gov.vn
    expires: 2027-06-30
detectors:
  same: {title: {vi: Thử, en: Trial}, re2: x}
"""


def test_problems_stand_where_their_cause_is(tmp_path) -> None:
    (tmp_path / "a.yaml").write_text(PLACES, "utf-8")
    (tmp_path / "b.yaml").write_text("detectors:\n  same: {title: {vi: Thử, en: Trial}, re2: '('}\n", "utf-8")
    with pytest.raises(Problems) as caught:
        load(tmp_path, CONTEXT)
    places = {(Path(one.file).name, one.line, one.column): one.message for one in caught.value.problems}
    assert places["a.yaml", 11, 9] == "another exception of this rule is named one"
    assert places["a.yaml", 14, 7].startswith("unknown condition colour")
    assert places["b.yaml", 2, 9] == "another detector is named same; give each its own name"
    assert [place for place in places if place[0] == "b.yaml" and places[place].startswith("re2: ")]


def test_whom_the_bases_bind_is_told_in_order(tmp_path) -> None:
    others = {**BASES["bases"]["b"], "binds": ["quangngai", "hanoi", "caobang", "angiang"]}
    (tmp_path / "a.yaml").write_text(json.dumps({"rules": [rule("r", {}, "hold")]}), "utf-8")
    (tmp_path / "bases.yaml").write_text(json.dumps({"version": 1, "bases": {"b": others}}), "utf-8")
    with pytest.raises(Problems, match=r"\(only angiang, caobang, hanoi, quangngai\)"):
        load(tmp_path, CONTEXT)


def test_an_exception_is_for_the_rules_that_it_names() -> None:
    lifter = unless("storm", {"login": "x"}, applies_to=["official-*", "one"])
    rules = [rule(name, {}, "warn") for name in ("official-a", "one", "other")]
    policy = loaded({"exceptions": [lifter], "rules": rules}).policy
    assert {one.id: [way.id for way in one.lifters] for one in policy.rules} == {
        "official-a": ["storm"], "one": ["storm"], "other": [],
    }  # fmt: skip
