"""Every mutant is a module that differs in one thing, and the driver tells who is noticed."""

from __future__ import annotations

import ast

import pytest

from mutation.mutants import mutants

SOURCE = '''"""Contract."""
LIMIT: int = 5
"""What it is."""

def first(items: list[str], wanted: str = "a") -> int | None:
    """Docstring."""
    found = 0
    for item in items:
        if not item:
            continue
        if item == wanted and len(item) < LIMIT:
            found += 1
            break
    return found if found >= 1 else None
'''


def test_what_is_changed() -> None:
    assert sorted({mutant.what for mutant in mutants(SOURCE)}) == sorted({
        "'a' becomes 'a~'", "5 becomes 6", "0 becomes 1", "1 becomes 2", "condition negated", "without not",
        "continue becomes break", "break becomes continue", "And becomes the other", "without its 1. part",
        "without its 2. part", "Eq becomes NotEq", "Lt becomes LtE", "Lt becomes GtE", "statement deleted",
        "GtE becomes Gt", "GtE becomes Lt", "returns None",
    })  # fmt: skip


def test_each_is_one_change_and_has_a_name_of_its_own() -> None:
    found = list(mutants(SOURCE))
    texts = {ast.unparse(mutant.tree()) for mutant in found}
    assert len(texts) == len({mutant.name for mutant in found}) == len(found)
    before = ast.unparse(ast.parse(SOURCE)).splitlines()
    for mutant in found:
        compile(mutant.tree(), "x", "exec")
        after = ast.unparse(mutant.tree()).splitlines()
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


@pytest.mark.parametrize(
    "source", ['"""Only."""', "import os\nfrom sys import path as x", "@f(1)\nclass A:\n    x: 'y'"]
)
def test_what_decides_nothing_stays(source: str) -> None:
    assert not list(mutants(source))
