"""No secret is compared in a time that tells how much of it was right: signatures meet hmac.compare_digest alone.

Read from the source: in every module that signs or checks with a key, what a keyed hash returned, directly, by way of
a function or of a name, is nowhere an operand of ``==``, ``!=`` or ``in``.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "milter" / "vanthu"
KEYED = {"hmac.digest", "hmac.new", "hmac.HMAC"}
SIGNING = sorted(path for path in PACKAGE.rglob("*.py") if "hmac." in path.read_text("utf-8"))


def compared(source: str) -> list[int]:
    """Lines that compare what comes from a keyed hash."""
    tree = ast.parse(source)
    signers: set[str] = set()
    while True:
        found = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and _signs(one, signers)}
        if found <= signers:
            break
        signers |= found
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    return sorted({line for one in (tree, *functions) for line in _lines(one, signers | _names(one, signers))})


def _signs(function: ast.FunctionDef, signers: set[str]) -> bool:
    known = signers | _names(function, signers)
    returned = [one.value for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None]
    return any(_says(one, known) for one in returned)


def _names(scope: ast.AST, signers: set[str]) -> set[str]:
    """The names that hold a keyed hash there."""
    found: set[str] = set()
    for _ in range(5):  # names that hold what such names hold
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign) and _says(node.value, signers | found):
                found |= {one.id for one in node.targets if isinstance(one, ast.Name)}
            elif isinstance(node, ast.NamedExpr) and _says(node.value, signers | found):
                found.add(node.target.id)
    return found


def _lines(scope: ast.AST, tainted: set[str]) -> list[int]:
    below = scope.body if isinstance(scope, ast.Module) else [scope]
    if isinstance(scope, ast.Module):
        below = [one for one in below if not isinstance(one, ast.FunctionDef | ast.ClassDef)]
    return [
        node.lineno
        for one in below
        for node in ast.walk(one)
        if isinstance(node, ast.Compare)
        and any(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops)
        and any(_says(part, tainted) for part in (node.left, *node.comparators))
    ]


def _says(node: ast.AST, tainted: set[str]) -> bool:
    """Whether a value holds what was signed; whether two are equal, as compare_digest tells it, is no secret."""
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        if name == "hmac.compare_digest":
            return False
        if name in KEYED or name.rpartition(".")[2] in tainted:
            return True
    if isinstance(node, ast.Name):
        return node.id in tainted
    return any(_says(below, tainted) for below in ast.iter_child_nodes(node))


@pytest.mark.parametrize("path", SIGNING, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_is_signed_is_not_compared_by_its_signs(path: Path) -> None:
    assert compared(path.read_text("utf-8")) == []


def test_those_who_check_are_among_them() -> None:
    names = {str(path.relative_to(PACKAGE)) for path in SIGNING}
    assert {"policy/challenge.py", "inspection/ticket.py"} <= names
    for name in ("policy/challenge.py", "inspection/ticket.py"):
        assert "hmac.compare_digest(" in (PACKAGE / name).read_text("utf-8")


@pytest.mark.parametrize(
    "line",
    [
        "good = hmac.digest(key, text, 'sha256') == given",
        "good = given in [hmac.digest(one, text, 'sha256').hex() for one in keys]",
        "mac = sign(text)\ngood = mac[:8] != given",
        "if (mac := other(text)) == given: pass",
    ],
)
def test_the_test_sees_such_a_comparison(line: str) -> None:
    sign = (
        "def sign(text):\n    made = hmac.new(key, text)\n    return made.digest()\n"
        "def other(text):\n    return sign(text)\n"
    )
    assert compared(sign + line)
    assert not compared(sign + "good = hmac.compare_digest(other(text), given)\nif good == True: pass")
