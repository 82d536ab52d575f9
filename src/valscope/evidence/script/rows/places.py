"""Numbers of rows as scripts write them: 800, -100, int(0.8 * len(x)), n - n_val."""

from __future__ import annotations

from collections.abc import Callable

from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Item, Operation, Value
from valscope.evidence.script.rows.things import Things
from valscope.nouns.script.rows import Place

_WHOLE = frozenset(
    {"int", "round", "floor", "ceil", "rint", "trunc", "int32", "int64", "numpy", "item", "cast"}
)
_LENGTHS = frozenset({"len", "cardinality", "__len__"})
_DEEPEST = 12
Length = Callable[[Value], Place]


def place_of(value: Value, length: Length, things: Things, depth: int = 0) -> Place:
    """A number of rows; what is not known is a quantity of its own. Fractions of a row are not cut off."""
    known = constant(value)
    if isinstance(known, int | float):
        return Place(float(known))
    found = None
    if depth < _DEEPEST:

        def inner(part: Value) -> Place:
            return place_of(part, length, things, depth + 1)

        if isinstance(value, Call):
            found = _called(value, inner, length)
        elif isinstance(value, Operation):
            found = _computed(value, inner)
        elif isinstance(value, Item) and isinstance(value.base, Attribute) and value.base.name == "shape":
            found = length(value.base.base) if constant(value.index) == 0 else None
    return found or Place(0.0, ((things.at(value), 1.0),))


def _called(call: Call, inner: Length, length: Length) -> Place | None:
    name, function = last_name(call.function), call.function
    method = isinstance(function, Attribute)
    if name in _LENGTHS and (call.arguments or method):
        return length(call.arguments[0] if call.arguments else function.base)  # type: ignore[attr-defined]
    if name in _WHOLE and (call.arguments or method):
        return inner(call.arguments[0] if call.arguments else function.base)  # type: ignore[attr-defined]
    return None


def _computed(value: Operation, inner: Length) -> Place | None:
    sign, operands = value.operator, value.operands
    if len(operands) == 1:
        return inner(operands[0]).times(-1.0) if sign == "-" else None
    if len(operands) != 2 or sign not in ("+", "-", "*", "/", "//"):
        return None
    left, right = inner(operands[0]), inner(operands[1])
    if sign in ("+", "-"):
        return left.plus(right, 1.0 if sign == "+" else -1.0)
    if sign == "*" and not left.terms:
        return right.times(left.count)
    if right.terms or (sign != "*" and not right.count):
        return None
    return left.times(right.count if sign == "*" else 1 / right.count)
