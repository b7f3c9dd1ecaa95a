"""YAML with places: what would exhaust the parser is refused with its line and column."""

from __future__ import annotations

import pytest

from vanthu.errors import Problems
from vanthu.located import MAX_DEPTH, parse


@pytest.mark.parametrize("opening", ["{a: ", "[", "- ", "? "])
def test_what_is_nested_too_deeply_is_refused(opening: str) -> None:
    with pytest.raises(Problems) as caught:
        parse(opening * 100_000, "a.yaml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (1, len(opening) * (MAX_DEPTH - 1) + 1)
    assert "inside each other" in problem.message


def test_what_an_operator_nests_is_read() -> None:
    depth = MAX_DEPTH - 2
    value = parse("[" * depth + "]" * depth, "a.yaml").value
    for _ in range(depth - 1):
        (value,) = value
    assert value == []
