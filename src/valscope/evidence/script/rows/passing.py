"""What a value has its rows from: the same rows in the same order, in another one, cut, or joined."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from valscope.evidence.script.flow.asking import constant, dotted, is_none, last_name
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Constant,
    Item,
    Items,
    Name,
    Operation,
    Value,
)
from valscope.evidence.script.rows.things import is_table
from valscope.evidence.script.rows.words import JOINING, KEEPING, KEEPING_FIRST, MOVING, MOVING_FIRST, ROWS

_ARITHMETIC = frozenset({"/", "-", "*", "+", "//", "**"})
_LISTS = frozenset({"listdir", "glob", "sorted", "list", "tolist", "list_files"})


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
        return (
            self.base.text
            if self.base.text.isidentifier()
            else next(iter(self.base.names[-1:]), self.base.text)
        )


def _text(bound: Value | None, node: ast.AST | None) -> str:
    """A number by its value, anything else by the names that stand there."""
    if bound is None or isinstance(bound, Constant) or node is None:
        return bound.text if bound is not None else ""
    return ast.unparse(node)


def given(call: Call) -> Value | None:
    """The argument of a function that holds rows."""
    return call.argument(0, *ROWS)


def subject(call: Call) -> Value | None:
    """What a method or a function works on: its object, else its argument."""
    return call.function.base if isinstance(call.function, Attribute) else given(call)


def is_list(value: Value | None) -> bool:
    """Whether a value is known to be a Python list, so that + joins and * repeats."""
    if isinstance(value, Items):
        return value.kind == "list"
    return isinstance(value, Call) and last_name(value.function) in _LISTS


def kept(value: Value) -> Value | None:
    """What has the same rows in the same order."""
    if isinstance(value, Call):
        return _kept_by(value)
    if isinstance(value, Attribute):
        return value.base if value.name in ("values", "array", "index") or is_table(value.base) else None
    if isinstance(value, Operation):
        return _computed(value)
    if isinstance(value, Item):
        return _part(value)
    if isinstance(value, Items) and value.kind == "tuple" and value.items:  # (images, labels)
        return None if isinstance(value.items[0], Constant) else value.items[0]
    return None


def _kept_by(call: Call) -> Value | None:
    name, method = last_name(call.function), isinstance(call.function, Attribute)
    if method and (name in KEEPING or (name == "drop" and _columns(call))):
        return subject(call)
    if name == "map" and len(call.arguments) == 2:
        return call.arguments[1]
    return given(call) if name in KEEPING_FIRST and "random" not in dotted(call.function) else None


def _columns(call: Call) -> bool:
    """df.drop(columns=...) and df.drop("label", axis=1)"""
    return constant(call.argument(1, "axis")) == 1 or call.argument(None, "columns") is not None


def _computed(value: Operation) -> Value | None:
    if value.operator not in _ARITHMETIC or len(value.operands) != 2:
        return None
    left, right = value.operands
    if constant(left) is not None:
        left, right = right, left
    lists = is_list(left) or is_list(right)
    adds = value.operator == "+" and constant(right) is None
    return None if lists or adds else left


def _part(item: Item) -> Value | None:
    """x[:, :, ::-1] and x[..., 0] keep the rows; so does a column of a table."""
    index = item.index
    if isinstance(constant(index), str):
        return item.base if is_table(item.base) or cut_of(item.base) is not None else None
    if isinstance(index, Items) and index.kind == "tuple" and index.items:
        index = index.items[0]
        if constant(index) is Ellipsis:
            return item.base
    elif isinstance(index, Items) and all(isinstance(constant(one), str) for one in index.items):
        return item.base if index.items else None  # df[["path", "label"]]
    whole = isinstance(index, Operation) and index.operator == "slice" and all(map(is_none, index.operands))
    return _unplaced(item.base) if whole else None


def moved(value: Value) -> Value | None:
    """What has the same rows in another order or in batches."""
    if isinstance(value, Item) and isinstance(value.base, Call):
        position, call = constant(value.index), value.base
        named = last_name(call.function) == "shuffle"
        return call.arguments[position] if named and _is_place(position, call.arguments) else None
    if not isinstance(value, Call):
        return None
    name = last_name(value.function)
    if isinstance(value.function, Attribute) and name in MOVING:
        return value.function.base
    if name == "sample" and isinstance(value.function, Attribute):
        whole = constant(value.argument(1, "frac")) == 1 and not constant(value.argument(None, "replace"))
        return value.function.base if whole else None
    return given(value) if name in MOVING_FIRST else None


def _is_place(position: object, among: list[Value]) -> bool:
    return isinstance(position, int) and 0 <= position < len(among)


def _unplaced(base: Value) -> Value:
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
    return Cut(_unplaced(item.base), lower, upper, nodes=_bounds(item.node))


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


def joined(value: Value) -> list[Value] | None:
    """The things that one consists of, one after the other; None for what is not joined along its rows."""
    if isinstance(value, Operation):
        two = value.operator == "+" and len(value.operands) == 2
        return list(value.operands) if two and all(constant(o) is None for o in value.operands) else None
    if isinstance(value, Item) and dotted(value.base) in ("numpy.r_",) and isinstance(value.index, Items):
        return value.index.items
    if not isinstance(value, Call):
        return None
    name, function = last_name(value.function), value.function
    if name == "concatenate" and isinstance(function, Attribute) and value.arguments:  # of tf.data
        return [function.base, value.arguments[0]]
    if name == "append" and isinstance(function, Attribute) and value.arguments and is_table(function.base):
        return [function.base, value.arguments[0]]
    if name not in JOINING or isinstance(function, Attribute) or not _by_rows(value, name):
        return None
    if name in ("append", "chain"):
        return value.arguments[:2] if name == "append" else value.arguments
    parts = given(value)
    return list(parts.items) if isinstance(parts, Items) else [parts] if parts is not None else None


def _by_rows(call: Call, name: str) -> bool:
    """Whether it joins along the first axis, and no layers of a network."""
    where = dotted(call.function)
    if "keras" in where or "layers" in where:
        return False
    axis = call.argument(2 if name == "append" else 1, "axis", "dim")
    return (
        axis is None
        or constant(axis) in (0, "index")
        or (name == "chain" and isinstance(call.function, Name))
    )
