"""docs/doctor.md has the table that the checks make of themselves."""

from __future__ import annotations

import re
from pathlib import Path

from vanthu.postfix.doctor.examine import ALL, page

PAGE = Path(__file__).parents[2] / "docs" / "doctor.md"


def test_the_page_is_what_the_checks_say() -> None:
    text = PAGE.read_text("utf-8")
    assert text[text.index("| check |") :] == page(), "run: vanthu doctor --checks, and put it into docs/doctor.md"


def test_every_check_has_a_name_of_its_own_and_says_enough() -> None:
    assert len({one.name for one in ALL}) == len(ALL)
    for one in ALL:
        assert re.fullmatch(r"[a-z-]+", one.name)
        assert one.what.endswith(".")
        assert one.why.endswith(".")
        assert one.mend
