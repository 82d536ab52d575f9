"""Statements one after the other, and what the rows of an expression are rows of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from valscope.evidence.script.rows.shuffles import called, own_name
from valscope.evidence.script.text.parse import Parsed

_KEEPING = frozenset({
    "array", "asarray", "list", "tuple", "to_categorical", "astype", "reshape", "stack", "vstack", "float32", "copy",
    "expand_dims", "tensor", "from_numpy", "constant", "convert_to_tensor", "preprocess_input", "transpose", "toarray",
})  # fmt: skip
Arm = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One statement, the arms of conditions in which it stands, and the outermost loop around it."""

    node: ast.stmt
    parsed: Parsed
    arms: Arm = ()
    loop: int = 0


def flat(body: list[ast.stmt], parsed: Parsed, arms: Arm = (), loop: int = 0) -> Iterator[Line]:
    """Statements in the order of the text, without those of functions and classes inside."""
    for node in body:
        yield Line(node, parsed, arms, loop)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        inside = loop or (id(node) if isinstance(node, ast.For | ast.While) else 0)
        choice = isinstance(node, ast.If | ast.Try)
        parts = [getattr(node, "body", []), getattr(node, "orelse", [])]
        parts += [h.body for h in getattr(node, "handlers", [])] + [getattr(node, "finalbody", [])]
        for n, part in enumerate(parts):
            yield from flat(part, parsed, (*arms, (id(node), n)) if choice else arms, inside)


def in_other_arm(one: Arm, other: Arm) -> bool:
    """Whether two lines stand in different arms of one condition."""
    return any(a == b and n != m for a, n in one for b, m in other)


def kept_rows(value: ast.expr) -> ast.expr | None:
    """What has the same rows in the same order."""
    if isinstance(value, ast.Call) and called(value) in _KEEPING:
        method = isinstance(value.func, ast.Attribute) and value.func.attr in (
            "astype",
            "copy",
            "reshape",
            "toarray",
        )
        inner = (
            value.func.value
            if method and isinstance(value.func, ast.Attribute)
            else next(iter(value.args), None)
        )
        return inner if inner is not None and not isinstance(inner, ast.List | ast.Starred) else None
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return value.operand
    if (
        isinstance(value, ast.BinOp)
        and isinstance(value.right, ast.Constant)
        and not isinstance(value.op, ast.Add)
    ):
        return None if isinstance(value.left, ast.List) else value.left
    if isinstance(value, ast.ListComp) and len(value.generators) == 1:
        one = value.generators[0]
        inner = one.iter
        return (
            inner
            if not one.ifs
            and not isinstance(value.elt, ast.Constant)
            and (own_name(inner) or isinstance(inner, ast.Subscript))
            else None
        )
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice) and value.slice.step is None:
        return value.value
    return None
