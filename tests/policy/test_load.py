"""Loading: files merge, names are unique, the digest names what can change a decision; what conditions become."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from support.policies import BASES, CONTEXT, GMAIL, OFFICE, TITLE, YAHOO, loaded, mail, policy_of, rule, unless
from vanthu.errors import Problems
from vanthu.facts.model import Document, Facts, Official
from vanthu.policy.decide import decide
from vanthu.policy.load import load
from vanthu.policy.nodes import View
from vanthu.settings.model import WorkingHours

ONE = {"version": 1, "lists": {"a": ["x.vn"]}, "rules": [rule("r", {"recipient.domain": {"list": "a"}}, "warn")]}


def write(folder, **files) -> None:
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


def test_files_see_each_others_names(tmp_path) -> None:
    write(tmp_path, b={"rules": ONE["rules"]}, a={"lists": ONE["lists"]}, bases=BASES)
    assert [one.id for one in load(tmp_path, CONTEXT).policy.rules] == ["r"]


def test_what_is_no_policy_is_not_read(tmp_path) -> None:
    (tmp_path / "providers").mkdir()
    write(tmp_path / "providers", x="nonsense: [")
    write(tmp_path, p=ONE, bases=BASES, vanthu="installation: x")
    (tmp_path / "p.test.yaml").write_text("cases: []")
    (tmp_path / "notes.txt").write_text("nothing")
    assert set(load(tmp_path, CONTEXT).policy.text) == {"p.yaml", "bases.yaml"}


def test_one_file_has_the_bases_beside_it(tmp_path) -> None:
    write(tmp_path, p=ONE, other="nonsense: [", bases=BASES)
    policy = load(tmp_path / "p.yaml", CONTEXT).policy
    assert [basis.number for basis in policy.bases("r")] == ["1/UBND"]
    assert policy.title("r", "vi") == "Thử"
    assert policy.title("r", "en") == "Trial"
    assert (policy.title("gone"), policy.bases("gone")) == ("gone", ())


def test_errors_of_all_files_come_at_once(tmp_path) -> None:
    write(tmp_path, a="rules: [", b='{"rules": [{"id": "X"}]}', c='{"rool": 1}', bases="bases: {b: {}}")
    with pytest.raises(Problems) as caught:
        load(tmp_path, CONTEXT)
    assert {problem.file.rpartition("/")[2] for problem in caught.value.problems} == {
        "a.yaml", "b.yaml", "c.yaml", "bases.yaml"
    }  # fmt: skip
    assert list(caught.value.problems) == sorted(caught.value.problems)


def test_not_utf8_and_unreadable(tmp_path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"version: 1\n# \xff\n")
    with pytest.raises(Problems, match=r"a.yaml:2:3: error: not UTF-8"):
        load(tmp_path, CONTEXT)


def test_working_hours_that_are_none(tmp_path) -> None:
    write(tmp_path, p=ONE, bases=BASES)
    with pytest.raises(Problems, match="not a time or date"):
        load(tmp_path, replace(CONTEXT, working_hours=WorkingHours(start="half past seven")))


CHANGES = {
    "installation": (ONE, {"installation": "other"}),
    "zone": (ONE, {"zone": ZoneInfo("UTC")}),
    "working hours": (ONE, {"working_hours": WorkingHours(holidays=("2026-09-02",))}),
    "list": ({**ONE, "lists": {"a": ["y.vn"]}}, {}),
    "on_unknown": ({**ONE, "on_unknown": "warn"}, {}),
    "action": ({**ONE, "rules": [{**ONE["rules"][0], "action": "hold"}]}, {}),
    "exception": ({**ONE, "exceptions": [unless("e", {"subject": "x"}, applies_to=["r"])]}, {}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_digest_changes_with(change) -> None:
    content, context = CHANGES[change]
    assert loaded(content, context=replace(CONTEXT, **context)).policy.digest != loaded(ONE).policy.digest


def test_digest_is_short_and_does_not_depend_on_today_or_the_register() -> None:
    digest = loaded(ONE).policy.digest
    assert len(digest) == 16
    assert (
        loaded(ONE, context=replace(CONTEXT, today=date(2030, 1, 1), agencies=frozenset({"x"}))).policy.digest
        == digest
    )


def test_rules_are_in_shadow_unless_they_say_more() -> None:
    policy = loaded({"rules": [{"id": "r", "when": {"direction": "outbound"}, "action": "reject"}]}).policy
    decision = decide(policy, mail(GMAIL))
    assert (decision.verdict, decision.shadow) == ("accept", "reject")


def test_dates_of_yaml_are_dates(tmp_path) -> None:
    write(
        tmp_path,
        p="rules: [{id: r, when: {any_document: {date: [2014-03-26], number: '1017'}}, action: count}]",
    )
    assert load(tmp_path, CONTEXT).warnings == ()


ISSUED, DRAFT = Document("attachment:1", stage="issued"), Document("attachment:2", stage="draft")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"recipients.count": 5}, "recipients.count: expected {class: …, min: N}; min or max is needed"),
        ({"recipients.count": ["min"]}, "recipients.count: expected {class: …, min: N}; min or max is needed"),
        ({"not": []}, "expected conditions, such as {direction: outbound}"),
        ({"not": None}, "expected conditions, such as {direction: outbound}"),
        (
            {"detected.citizen_id.count": None},
            "detected.citizen_id.count: expected a number, a list of numbers or {min, max}, not null",
        ),
        ({"detected.citizenid.count": 1}, "no detector is named citizenid; did you mean citizen_id?"),
        ({"detected.citizen_id": 1}, "a detector has no such field; known: count, distinct"),
        ({"detected.citizen_id.count.min": 1}, "a detector has no count.min; did you mean count?"),
        ({"staff.count": 1}, "unknown condition staff.count; write detected.staff.count"),
        ({"staff.distinct": 1}, "unknown condition staff.distinct; write detected.staff.distinct"),
    ],
    ids=str,
)
def test_one_mistake_is_told_once(when: dict[str, Any], said: str) -> None:
    with pytest.raises(Problems) as caught:
        policy_of(rule("r", when, "warn"), detectors={"staff": {"title": TITLE, "re2": "x"}})
    assert [problem.message for problem in caught.value.problems] == [said]


def hits(facts: Facts, **whens: dict[str, Any]) -> set[str]:
    rules = [rule(name, when, "count") for name, when in whens.items()]
    return {hit.id for hit in decide(policy_of(*rules), facts).rules}


def test_a_condition_that_rules_share_is_asked_of_each_document() -> None:
    issued: dict[str, Any] = {"stage": "issued"}
    rules = {"one": {"any_document": issued}, "all-of-them": {"every_document": issued}}
    for documents, expected in [
        ((DRAFT, ISSUED), {"one"}), ((ISSUED, DRAFT), {"one"}), ((ISSUED, ISSUED), {"one", "all-of-them"}),
        ((DRAFT, DRAFT), set()),
    ]:  # fmt: skip
        assert hits(mail(GMAIL, official=Official(0.9, documents)), **rules) == expected


def test_a_recipient_counts_who_has_all_that_is_asked() -> None:
    asked = {"recipients.count": {"class": "public", "family": "google", "min": 2}}
    assert hits(mail(GMAIL, YAHOO, OFFICE), r=asked) == set()
    assert hits(mail(GMAIL, GMAIL, OFFICE), r=asked) == {"r"}
    few = {"recipients.count": {"class": "public", "max": 1}}
    assert hits(mail(GMAIL, YAHOO), r=few) == set()
    assert hits(mail(GMAIL, OFFICE), r=few) == {"r"}


def test_what_is_asked_in_another_order_or_twice_is_the_same() -> None:
    one: dict[str, Any] = {"direction": "outbound"}
    two: dict[str, Any] = {"size": {"min": 1}}
    same = [{**one, **two}, {**two, **one}, {"all": [two, one]}, {"all": [one, {"all": [two, one]}]}]
    policy = policy_of(*(rule(f"r{index}", when, "count") for index, when in enumerate(same)))
    assert len(policy.batches) == 1
    different = policy_of(rule("a", {"any": [one, two]}, "count"), rule("b", {"all": [one, two]}, "count"))
    assert len(different.batches) == 2


def test_what_rules_share_is_asked_once_a_mail() -> None:
    shared = {"subject": {"matches": "x"}}
    policy = policy_of(*(rule(f"r{size}", {**shared, "size": size}, "count") for size in (1, 2, 3)))
    view = View(mail(GMAIL, subject="x"))
    assert [one.when.truth(view) for one in policy.rules] == [False, False, False]
    assert list(view.memo.values()) == [True]
