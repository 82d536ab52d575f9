"""Things put one after the other."""

from __future__ import annotations

from valscope.evidence.script.flow.asking import constant, dotted, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Item, Items, Name, Operation, Value
from valscope.evidence.script.rows.subjects import given
from valscope.evidence.script.rows.things import is_table
from valscope.evidence.script.rows.words import JOINING


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
