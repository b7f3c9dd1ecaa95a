"""Which files of a folder are policies, and what is still looked at in one that is broken."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from support.policies import CONTEXT, loaded, rule
from vanthu.errors import Problem, Problems
from vanthu.located import parse
from vanthu.policy.load import PolicyContext, load
from vanthu.policy.sources import policy_files, raw_conditions, read
from vanthu.settings.model import Settings, WorkingHours


def test_only_files_in_name_order(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "a.test.yaml", "bases.yaml", "vanthu.yaml", "notes.yml", "c.txt"):
        (tmp_path / name).write_text("version: 1\n")
    (tmp_path / "folder.yaml").mkdir()
    assert [path.name for path in policy_files(tmp_path)] == ["a.yaml", "b.yaml"]


def test_a_file_that_is_no_map_does_not_hide_those_after_it(tmp_path: Path) -> None:
    for name, text in (("a", "- x"), ("b", "rool: 1"), ("c", ""), ("d", "version: 1")):
        (tmp_path / f"{name}.yaml").write_text(text)
    sources = read(tmp_path, policy_files(tmp_path))
    assert [Path(problem.file).name for problem in sources.problems] == ["a.yaml", "b.yaml"]
    assert [Path(located.file).name for located, _ in sources.policies] == ["b.yaml", "c.yaml", "d.yaml"]
    assert [shape is not None for _, shape in sources.policies] == [False, True, True]
    assert set(sources.text) == {"a.yaml", "b.yaml", "c.yaml", "d.yaml"}


BROKEN = """
rools: broken
rules:
- not a rule
- {id: a, when: {subject: x}, unless: [nothing, {id: u, when: {login: y}}, {when: 1}, {when: {size: 1}}]}
- {id: b, when: [x], unless: 7}
- {id: c}
- {id: d, when: {direction: z}}
exceptions:
- {id: e, when: {headers: h}}
lists: {when: {no: condition}}
"""


def test_conditions_are_found_wherever_they_stand_in_a_broken_file() -> None:
    assert list(raw_conditions(parse(BROKEN, "x.yaml"))) == [
        (("rules", 1, "when"), {"subject": "x"}),
        (("rules", 1, "unless", 1, "when"), {"login": "y"}),
        (("rules", 1, "unless", 3, "when"), {"size": 1}),
        (("rules", 4, "when"), {"direction": "z"}),
        (("exceptions", 0, "when"), {"headers": "h"}),
    ]
    assert list(raw_conditions(parse("- x", "x.yaml"))) == []
    assert list(raw_conditions(parse("rules: {when: {a: b}}", "x.yaml"))) == []


def test_the_context_of_an_installation_is_that_of_its_settings() -> None:
    settings = Settings.model_validate({"installation": "quangngai", "working_hours": {"start": "07:00"}})
    today = date(2026, 11, 23)
    made = PolicyContext.of(settings, agencies=frozenset({"so-y-te"}), today=today)
    hours = settings.working_hours
    assert made == PolicyContext("quangngai", settings.zone, hours, frozenset({"so-y-te"}), today)
    assert PolicyContext().installation == "default"


def test_working_hours_that_are_none_are_told_by_their_setting(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("version: 1\n")
    with pytest.raises(Problems) as caught:
        load(tmp_path, PolicyContext(working_hours=WorkingHours(start="25:00")))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column, problem.level) == ("working_hours", 0, 0, "error")
    assert problem.message == "not a time or date: hour must be in 0..23"


def test_problems_come_once_and_in_their_order(tmp_path: Path) -> None:
    rules = [rule(name, {"colour": "red"}, "warn") for name in "fedcba"]
    with pytest.raises(Problems) as caught:
        loaded({"version": 1, "rules": rules}, {"version": 1, "rules": rules[:3]}, context=CONTEXT)
    found: tuple[Problem, ...] = caught.value.problems
    assert len(found) >= 9
    assert list(found) == sorted(set(found))


def test_an_empty_folder_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        load(tmp_path, CONTEXT)
    (problem,) = caught.value.problems
    assert problem == Problem(str(tmp_path), 0, 0, "error", "no policy files (*.yaml) here")


def test_warnings_come_once_and_in_their_order() -> None:
    rules = [rule(name, {}, "warn", rollout={"agencies": ["nowhere"]}) for name in "fedcba"]
    context = PolicyContext(installation="demo", agencies=frozenset({"so-y-te"}), today=date(2026, 11, 23))
    found = loaded({"version": 1, "rules": rules}, context=context).warnings
    assert len(found) >= 6
    assert list(found) == sorted(set(found))
