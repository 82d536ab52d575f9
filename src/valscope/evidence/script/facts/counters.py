"""Counters of classes that yield batches: attributes that run on, and lengths that leave a batch out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from valscope.evidence.script.flow.values import Class, Function
from valscope.nouns.fact import Fact


def counter_of(cls: Class) -> tuple[str, int, str] | None:
    """(attribute, line, guard) of `self.x += n` in a batch that no on_epoch_end sets back."""
    reset = {name for name, _, _ in _assigned(cls, ("on_epoch_end", "on_epoch_begin", "reset", "__iter__"))}
    for name, line, guard in _advanced(cls):
        if name not in reset:
            return name, line, guard
    return None


def _methods(cls: Class, names: tuple[str, ...] | None) -> Iterator[Any]:
    for name, member in cls.members.items():
        if isinstance(member, Function) and (name in names if names else name not in _NOT_BATCH):
            yield member.node


_NOT_BATCH = frozenset({"__init__", "on_epoch_end", "on_epoch_begin", "__len__", "reset", "__iter__"})


def _assigned(cls: Class, names: tuple[str, ...]) -> Iterator[tuple[str, int, str]]:
    for method in _methods(cls, names):
        for node in ast.walk(method):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                if _own(target):
                    yield target.attr, node.lineno, ""  # type: ignore[attr-defined]


def _advanced(cls: Class) -> Iterator[tuple[str, int, str]]:
    for method in _methods(cls, None):
        for node, guard in _guarded(method, ""):
            if isinstance(node, ast.AugAssign) and _own(node.target) and isinstance(node.op, ast.Add):
                yield node.target.attr, node.lineno, guard  # type: ignore[union-attr]
            if isinstance(node, ast.Assign) and _own(node.targets[0]) and _adds_itself(node):
                yield node.targets[0].attr, node.lineno, guard  # type: ignore[attr-defined]


def _guarded(node: ast.AST, guard: str) -> Iterator[tuple[ast.AST, str]]:
    """Statements with the flag under which they stand."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If):
            flag = child.test.attr if _own(child.test) else guard  # type: ignore[attr-defined]
            for inner in child.body:
                yield inner, flag
                yield from _guarded(inner, flag)
            for inner in child.orelse:
                yield inner, f"not {flag}" if flag and flag != guard else guard
                yield from _guarded(inner, guard)
        else:
            yield child, guard
            yield from _guarded(child, guard)


def _own(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _adds_itself(node: ast.Assign) -> bool:
    name = node.targets[0].attr  # type: ignore[attr-defined]
    adds = [
        inner
        for inner in ast.walk(node.value)
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add)
    ]
    return any(_own(inner.left) and inner.left.attr == name for inner in adds)  # type: ignore[attr-defined]


def floors(cls: Class) -> Fact[str] | None:
    """`n // batch`, int(n / batch) or floor in __len__."""
    method = cls.member("__len__")
    if not isinstance(method, Function):
        return None
    for node in ast.walk(method.node):
        if not isinstance(node, ast.Return) or node.value is None:
            continue
        text = ast.unparse(node.value)
        divides = any(
            isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div | ast.FloorDiv) for n in ast.walk(node)
        )
        up = "ceil" in text or "-(-" in text or "- 1" in text or "+ 1" in text or "round" in text
        if divides and not up and ("//" in text or "int(" in text or "floor" in text):
            return Fact(text, method.parsed.source(node.lineno))
    return None
