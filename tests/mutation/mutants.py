"""What a careless hand might have written instead: small changes to a module, one at a time.

    for mutant in mutants(source):
        code = compile(mutant.tree(), file, "exec")

Comparisons, ``and``/``or``/``not``, conditions, constants, what is returned, statements that only act, loops left or
gone on with, sums and sets, ``any``/``all``, ``min``/``max``, ``sorted``. Docstrings,
annotations and decorators stay. Pure.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}  # fmt: skip
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_CALLED = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}

Change = Callable[[ast.AST], ast.AST]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the node at ``place`` (its number in a walk of the tree) becomes something else."""

    source: str
    place: int
    line: int
    what: str
    change: Change

    @property
    def name(self) -> str:
        """Tells it from all others of the same source."""
        return f"{self.line}:{self.place}: {self.what}"

    def tree(self) -> ast.Module:
        """The whole module with the change in it."""
        root = ast.parse(self.source)
        target = next(node for number, node in enumerate(ast.walk(root)) if number == self.place)
        changed = _Replace(target, self.change(copy.deepcopy(target))).visit(root)
        assert isinstance(changed, ast.Module)
        return ast.fix_missing_locations(changed)


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, new: ast.AST) -> None:
        self.target = target
        self.new = new

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.copy_location(self.new, node) if node is self.target else self.generic_visit(node)


def mutants(source: str) -> Iterator[Mutant]:
    """All of them, in the order of the source's tree."""
    root = ast.parse(source)
    still = _still(root)
    for place, node in enumerate(ast.walk(root)):
        if id(node) not in still:
            for what, change in _changes(node):
                yield Mutant(source, place, _line(node), what, change)


def _still(root: ast.Module) -> set[int]:
    """Nodes that say nothing of what is decided: docstrings, annotations, imports, decorators."""
    found: list[ast.AST | None] = []
    for node in ast.walk(root):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.append(node)
        if isinstance(node, ast.AnnAssign | ast.arg):
            found.append(node.annotation)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found += node.decorator_list
        if isinstance(node, ast.FunctionDef):
            found.append(node.returns)
    return {id(below) for node in found if node is not None for below in ast.walk(node)}


def _line(node: ast.AST) -> int:
    return node.target.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 0)


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Compare(ops=[op, *_]):
            for other in _COMPARED[type(op)]:
                yield f"{_word(op)} becomes {_word(other())}", _with("ops", lambda old, new=other: [new(), *old[1:]])
        case ast.BoolOp(op=op, values=values):
            yield f"{_word(op)} becomes the other", _with("op", lambda old: ast.Or() if _is_and(old) else ast.And())
            for number in range(len(values)):
                yield f"without its {number + 1}. part", lambda old, gone=number: _without(old, gone)
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", lambda old: old.operand
        case ast.If() | ast.IfExp() | ast.While():
            yield "condition negated", _with("test", lambda old: ast.UnaryOp(ast.Not(), old))
        case ast.comprehension(ifs=[_, *_]):
            yield "without its conditions", _with("ifs", lambda _: [])
        case ast.Constant(value=value) if value is not None and value is not ...:
            for other in _others(value):
                yield f"{value!r} becomes {other!r}", lambda _, new=other: ast.Constant(new)
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield "returns None", _with("value", lambda _: ast.Constant(None))
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.AugAssign() | ast.Raise():
            yield "statement deleted", lambda _: ast.Pass()
        case ast.Break():
            yield "break becomes continue", lambda _: ast.Continue()
        case ast.Continue():
            yield "continue becomes break", lambda _: ast.Break()
        case ast.BinOp(op=op) if type(op) in _COUNTED:
            yield f"{_word(op)} becomes {_word(_COUNTED[type(op)]())}", _with("op", lambda old: _COUNTED[type(old)]())
        case ast.Call(func=ast.Name(id=name)) if name in _CALLED:
            yield f"{name} becomes {_CALLED[name]}", _with("func", lambda old: ast.Name(_CALLED[old.id], ast.Load()))


def _with(field: str, change: Callable[..., object]) -> Change:
    def apply(node: ast.AST) -> ast.AST:
        setattr(node, field, change(getattr(node, field)))
        return node

    return apply


def _without(node: ast.AST, gone: int) -> ast.AST:
    assert isinstance(node, ast.BoolOp)
    rest = [value for number, value in enumerate(node.values) if number != gone]
    return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _others(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, str):
        return [f"{value}~"] if value else ["~"]
    return []


def _is_and(op: object) -> bool:
    return isinstance(op, ast.And)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _word(op: ast.AST) -> str:
    return type(op).__name__
