"""Keys of one rule change in the text of a file; every comment and every other line stays as it was."""

from __future__ import annotations

import difflib
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.policy_strategies import policies
from vanthu.located import parse
from vanthu.tuning.rewriting import RewriteError, has_rule, with_keys

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "policies/official-mail.yaml", ROOT / "tests/policies/twenty/twenty.yaml"]
RULES = [(file, rule["id"]) for file in FILES for rule in parse(file.read_text("utf-8"), file.name).value["rules"]]
ROLLOUT = "{agencies: [so-y-te, so-noi-vu], from: 2026-12-01}"
TEXT = """# about all
version: 1
rules:
  # about a
  - id: a   # its name
    mode: shadow   # for now
    when: {direction: outbound}  # what
    rollout:
      agencies:
        - so-y-te
        - so-noi-vu

    action: hold
  - {id: b, when: {direction: inbound}, action: count}
  -   id: c
      when:
        direction: internal
      action: count
"""


@pytest.mark.parametrize(("file", "rule_id"), RULES, ids=lambda one: getattr(one, "name", one))
def test_every_rule_of_real_files_can_be_staged(file, rule_id) -> None:
    text = file.read_text("utf-8")
    after = with_keys(text, rule_id, {"mode": "warn", "rollout": ROLLOUT})
    changed = [line for line in difflib.ndiff(text.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert len(changed) <= 4
    (rule,) = (one for one in parse(after, "").value["rules"] if one["id"] == rule_id)
    assert rule["mode"] == "warn"
    assert rule["rollout"]["agencies"] == ["so-y-te", "so-noi-vu"]
    assert with_keys(after, rule_id, {"mode": "warn", "rollout": ROLLOUT}) == after


def test_comments_and_empty_lines_stay() -> None:
    after = with_keys(TEXT, "a", {"mode": "enforce", "rollout": "{}"})
    assert (
        "    mode: enforce   # for now\n    when: {direction: outbound}  # what\n    rollout: {}\n\n    action"
        in after
    )
    assert after.splitlines()[:5] == TEXT.splitlines()[:5]


def test_new_keys_stand_before_when() -> None:
    assert "  - {id: b, mode: warn, when: {direction: inbound}, action: count}\n" in with_keys(
        TEXT, "b", {"mode": "warn"}
    )
    assert "  -   id: c\n      mode: warn\n      when:\n        direction" in with_keys(TEXT, "c", {"mode": "warn"})


def test_line_ends_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    after = with_keys(text, "c", {"mode": "warn", "rollout": ROLLOUT})
    assert after.count("\r\n") == after.count("\n") == text.count("\n") + 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules:\n  - {id: b, when: {}, action: count}\n", "a: no such rule in this file"),
        ("rules:\n  - {id: b, mode: &m warn, when: {}}\n  - {id: a, mode: *m, when: {}}\n", "mode is an alias"),
        ("rules:\n  - id: a\n    mode:   # not yet\n      shadow\n    when: {}\n", "there are comments inside mode"),
        ("- a\n", "a: no such rule in this file"),
    ],
)
def test_what_is_not_safe_is_left_to_people(text, said) -> None:
    with pytest.raises(RewriteError, match=said.replace("(", r"\(")):
        with_keys(text, "a", {"mode": "enforce"})


def test_finding_the_file() -> None:
    assert has_rule(TEXT, "b")
    assert not has_rule(TEXT, "storm")
    assert not has_rule("", "a")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), st.sampled_from([True, False, None]), st.data())
def test_any_policy_however_it_is_written(written, flow, data) -> None:
    plain = msgspec.to_builtins(written)
    text = yaml.safe_dump(plain, default_flow_style=flow, allow_unicode=True, sort_keys=data.draw(st.booleans()))
    rule = data.draw(st.sampled_from(written["rules"]))["id"]
    stage = data.draw(st.sampled_from(["shadow", "warn", "enforce"]))
    before, after = parse(text, "").value, parse(with_keys(text, rule, {"mode": stage, "rollout": ROLLOUT}), "").value
    for one in before["rules"]:
        if one["id"] == rule:
            one |= {"mode": stage, "rollout": parse(ROLLOUT, "").value}
    assert after == before
