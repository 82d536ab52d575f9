"""What has the same rows, in the same order or in another one."""

from __future__ import annotations

from valscope.evidence.script.flow.asking import constant, dotted, is_none, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Constant, Item, Items, Operation, Value
from valscope.evidence.script.rows.cutting import cut_of, unplaced
from valscope.evidence.script.rows.subjects import chooses, given, is_list, subject
from valscope.evidence.script.rows.things import is_table
from valscope.evidence.script.rows.words import KEEPING, KEEPING_FIRST, MOVING, MOVING_FIRST

_DEEPEST = 40
_ARITHMETIC = frozenset({"/", "-", "*", "+", "//", "**"})


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
    if chooses(call):
        return None
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
    return unplaced(item.base) if whole else None


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


def columns(value: Value) -> tuple[object, ...]:
    """The columns of a table that are taken on the way."""
    found: list[object] = []
    for _ in range(_DEEPEST):
        if isinstance(value, Item) and isinstance(constant(value.index), str | tuple):
            found.append(constant(value.index))
        elif isinstance(value, Attribute):
            found += [value.name] * (value.name not in ("values", "array", "index"))
        inner = kept(value) or moved(value)
        if inner is None:
            break
        value = inner
    return tuple(found)
