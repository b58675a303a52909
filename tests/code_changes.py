"""Every small change that `mutants.py` makes to the text of a module.

Comparisons, `and`/`or`, `not`, conditions, integers, truth values and `+`/`-` are turned into
another one; a raise, or an entry of a dict or set, is left out. Decorators and annotations stay.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

OTHERS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
}
UNTOUCHED = {"annotation", "returns", "decorator_list"}


@dataclass(frozen=True)
class Mutant:
    """One change, and the whole module with it."""

    line: int
    what: str
    code: CodeType


def mutants(path: Path) -> Iterator[Mutant]:
    tree = ast.parse(path.read_text())
    for old in list(_inside(tree)):
        for new in _variants(old):
            _Swap(old, new).visit(tree)
            code = compile(ast.fix_missing_locations(tree), str(path), "exec")
            yield Mutant(old.lineno, f"{_short(old)} → {_short(new)}", code)  # type: ignore[attr-defined]
            _Swap(new, old).visit(tree)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and field not in UNTOUCHED:
                yield from _inside(child)


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of this node."""
    yield from _other_operators(node)
    yield from _other_values(node)
    yield from _less(node)


def _other_operators(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left, ops, rights):
            for place, op in enumerate(ops):
                for other in OTHERS[type(op)]:
                    yield ast.Compare(left, [*ops[:place], other(), *ops[place + 1 :]], rights)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(OTHERS[type(op)][0](), values)
        case ast.BinOp(left, ast.Add() | ast.Sub() as op, right):
            yield ast.BinOp(left, OTHERS[type(op)][0](), right)


def _other_values(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(bool() as truth):
            yield ast.Constant(not truth)
        case ast.Constant(int() as number):
            yield from (ast.Constant(number + step) for step in (1, -1))
        case ast.If(ast.Name() | ast.Call() | ast.Attribute() as test, body, orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.IfExp(ast.Name() | ast.Call() | ast.Attribute() as test, body, orelse):
            yield ast.IfExp(ast.UnaryOp(ast.Not(), test), body, orelse)


def _less(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Raise():
            yield ast.Pass()
        case ast.Dict(keys, values) if len(keys) > 1:
            for at in range(len(keys)):
                yield ast.Dict(keys[:at] + keys[at + 1 :], values[:at] + values[at + 1 :])
        case ast.Set(parts) if len(parts) > 1:
            yield from (ast.Set([*parts[:at], *parts[at + 1 :]]) for at in range(len(parts)))


def _short(node: ast.AST) -> str:
    return ast.unparse(node).partition("\n")[0][:90]


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)
