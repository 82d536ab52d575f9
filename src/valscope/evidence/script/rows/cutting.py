"""Rows from one place to another: slices, take and skip, head and tail, ranges of indices."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from valscope.evidence.script.flow.asking import constant, is_none, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Constant, Item, Items, Operation, Value


@dataclass(frozen=True, slots=True)
class Cut:
    """base[lower:upper], or base.take(upper) and base.skip(lower); a bound that is not there is None.

    nodes  the bounds as they stand in the code.
    """

    base: Value
    lower: Value | None
    upper: Value | None
    form: Literal["slice", "take", "skip"] = "slice"
    from_end: bool = False  # tail(k): the lower bound is counted from the end
    nodes: tuple[ast.AST | None, ast.AST | None] = (None, None)

    @property
    def written(self) -> tuple[str, str]:
        """Its bounds as a slice would have them, "" for an open one."""
        lower, upper = map(_text, (self.lower, self.upper), self.nodes)
        return (f"-{lower}" if self.from_end else lower, upper)

    @property
    def of(self) -> str:
        """What is cut, by its name where it has one."""
        written, names = self.base.text, self.base.names
        return written if written.isidentifier() or not names else names[-1]


def _text(bound: Value | None, node: ast.AST | None) -> str:
    """A number by its value, anything else by the names that stand there."""
    if bound is None or isinstance(bound, Constant) or node is None:
        return bound.text if bound is not None else ""
    return ast.unparse(node)


def unplaced(base: Value) -> Value:
    """df of df.iloc"""
    return base.base if isinstance(base, Attribute) and base.name == "iloc" else base


def cut_of(value: Value) -> Cut | None:
    """Rows from one place to another."""
    if isinstance(value, Item):
        return _sliced(value)
    if not isinstance(value, Call):
        return None
    name, function = last_name(value.function), value.function
    first = value.argument(0, "count", "n")
    if name == "Subset" and len(value.arguments) > 1:
        return _ranged(value.arguments[0], value.arguments[1])
    if not isinstance(function, Attribute) or isinstance(first, Items):
        return None
    if name == "select" and first is not None:
        return _ranged(function.base, first)
    if name in ("head", "tail") and first is not None:
        head = name == "head"
        return Cut(function.base, None if head else first, first if head else None, from_end=not head)
    if name == "take" and first is not None and constant(first) != -1:
        return Cut(function.base, None, first, "take")
    return Cut(function.base, first, None, "skip") if name == "skip" and first is not None else None


def _sliced(item: Item) -> Cut | None:
    if isinstance(item.base, Attribute) and item.base.name in ("loc", "at", "shape"):
        return None
    index = item.index
    if isinstance(index, Items) and index.kind == "tuple" and index.items:
        index = index.items[0]
    if isinstance(index, Call):
        return _ranged(item.base, index)
    if not isinstance(index, Operation) or index.operator != "slice":
        return None
    lower, upper, step = (None if is_none(part) else part for part in index.operands)
    if (lower is None and upper is None) or constant(step) not in (None, 1):
        return None
    if step is not None and constant(step) is None:
        return None
    return Cut(unplaced(item.base), lower, upper, nodes=_bounds(item.node))


def _bounds(node: ast.AST) -> tuple[ast.AST | None, ast.AST | None]:
    index = getattr(node, "slice", None)
    if isinstance(index, ast.Tuple) and index.elts:
        index = index.elts[0]
    return (index.lower, index.upper) if isinstance(index, ast.Slice) else (None, None)


def _ranged(base: Value, index: Value) -> Cut | None:
    """The rows numbered by range(700, 1000)."""
    known = isinstance(index, Call) and last_name(index.function) in ("range", "arange")
    if not known or not isinstance(index, Call) or len(index.arguments) not in (1, 2):
        return None
    lower, upper = ([None, *index.arguments])[-2:]
    return Cut(base, lower, upper)
