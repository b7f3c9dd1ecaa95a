"""Every broken or doubtful policy in bad/ gives exactly the messages beside it (place, level and wording)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vanthu.errors import Problems
from vanthu.policy.load import PolicyContext, load

BAD = Path(__file__).with_name("bad")
CASES = sorted(path.with_suffix("") for path in BAD.glob("*.expected"))
CONTEXT = PolicyContext(
    installation="quangngai", agencies=frozenset({"so-y-te", "so-noi-vu"}), today=date(2026, 11, 23)
)


def said(case: Path) -> str:
    """What loading a case says, with file names relative to bad/."""
    path = case if case.is_dir() else case.with_suffix(".yaml")
    try:
        problems = load(path, CONTEXT).warnings
    except Problems as error:
        problems = error.problems
    return "".join(f"{problem}\n".replace(f"{BAD}/", "") for problem in problems)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_says_what_is_wrong(case: Path) -> None:
    assert said(case) == case.with_suffix(".expected").read_text("utf-8")


def test_no_case_is_silent_and_there_are_enough() -> None:
    names = {path.stem for path in BAD.iterdir() if path.name[0].isdigit()}
    assert names == {case.name for case in CASES}
    assert len(CASES) >= 60
    assert all(case.with_suffix(".expected").stat().st_size for case in CASES)
