"""The detectors that come with vanthu find and leave alone what docs/detectors.md and the cases beside them say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from facts.test_honest_work import LETTER
from support.policies import GMAIL, loaded, mail, policy_of, rule
from vanthu import shipped
from vanthu.facts.model import Detected
from vanthu.facts.reading import Reading
from vanthu.policy.decide import decide
from vanthu.policy.detectors import detect, detector
from vanthu.policy.shipped_detectors import FILE, as_policy
from vanthu.policy.shipped_detectors import shipped as known

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "detectors.md").read_text("utf-8")
_FOLDER = shipped.policies() / "detectors"
SHAPES: dict[str, dict[str, Any]] = yaml.safe_load((_FOLDER / "vietnam.yaml").read_text("utf-8"))["detectors"]
_WRITTEN: dict[str, dict[str, list[str]]] = yaml.safe_load((_FOLDER / "vietnam.cases.yaml").read_text("utf-8"))
ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", _PAGE, re.M)
ON_PAGE = [
    (name, text, counted)
    for name, found, left in ROWS
    for cell, counted in ((found, 1), (left, 0))
    for text in re.findall(r"`([^`]+)`", cell)
    if "[]" not in text
]
CASES = ON_PAGE + [
    (name, text, counted)
    for name, both in _WRITTEN.items()
    for key, counted in (("found", 1), ("left", 0))
    for text in both[key]
]


def counted(name: str, text: str) -> Detected:
    return detect([known()[name]], [Reading("body", text)])[known()[name].key]


def test_every_detector_has_a_row_and_cases() -> None:
    assert {name for name, _, _ in ROWS} == set(SHAPES) == set(_WRITTEN) == set(known())


@pytest.mark.parametrize(("name", "text", "times"), CASES)
def test_examples(name: str, text: str, times: int) -> None:
    for around in ("{}", "Kính gửi anh, {}.\nCảm ơn", "{}\n"):
        assert counted(name, around.format(text)).count == times


@pytest.mark.parametrize("between", ["\n", ", ", "; ", "\t", " | "])
@pytest.mark.parametrize("name", [name for name, one in SHAPES.items() if one.get("distinct")])
def test_every_entry_of_a_list_is_counted_once(name: str, between: str) -> None:
    numbers = [f"{number:03}" for number in range(100, 140)]
    forms = {
        "citizen_id": "001088000{}", "tax_code": "MST: 0100774{}", "bank_account": "STK: 1900{}",
        "mobile_phone": "0912345{}",
    }  # fmt: skip
    text = between.join(forms[name].format(number) for number in numbers * 2)
    assert (counted(name, text).count, counted(name, text).distinct) == (80, 40)


@pytest.mark.parametrize("name", SHAPES)
def test_an_ordinary_letter_has_none(name: str) -> None:
    assert counted(name, LETTER).count == 0


def test_only_what_a_rule_asks_for_runs() -> None:
    assert policy_of(rule("a", {"direction": "outbound"}, "count")).detectors == ()
    policy = policy_of(rule("a", {"detected.citizen_id.distinct": {"min": 2}}, "count"))
    assert [one.name for one in policy.detectors] == ["citizen_id"]
    facts = mail(GMAIL, detected={policy.detectors[0].key: Detected(3, 2, ("body",))})
    assert [hit.id for hit in decide(policy, facts).rules] == ["a"]


def test_a_policy_may_have_its_own_of_that_name() -> None:
    own = {"mobile_phone": {"title": {"vi": "Số máy", "en": "Phone"}, "re2": "[0-9]{10}"}}
    policy = policy_of(rule("a", {"detected.mobile_phone.count": {"min": 1}}, "count"), detectors=own)
    assert policy.detectors == (detector("mobile_phone", "[0-9]{10}", distinct=False),)
    assert FILE not in policy.text


def test_the_text_of_a_policy_is_whole_without_this_version() -> None:
    """Loaded again as any policy file, it is the same policy, whatever is shipped by then."""
    asked = rule("a", {"detected.sign_up.count": {"min": 1}}, "count")
    policy = policy_of(asked)
    again = loaded({"version": 1, "rules": [asked], **yaml.safe_load(policy.text[FILE])}).policy
    assert policy.text[FILE] == as_policy(["sign_up"])
    assert (again.detectors, again.digest) == (policy.detectors, policy.digest)
