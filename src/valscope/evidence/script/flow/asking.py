"""What a value is known to be, and what it is made of."""

from __future__ import annotations

from typing import Any

from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Class,
    Constant,
    Each,
    Either,
    Function,
    Item,
    Items,
    Name,
    Operation,
    Table,
    Value,
)

_NESTED = 12  # lists within lists; one may hold itself


def constant(value: Value | None, depth: int = 0) -> Any:
    """The plain Python value of constants and of tuples, lists and dicts of them; None for anything else."""
    if isinstance(value, Constant):
        return value.value
    if depth > _NESTED:
        return None
    if isinstance(value, Items) and not value.open:
        items = [constant(item, depth + 1) for item in value.items]
        known = all(item is not None or is_none(given) for item, given in zip(items, value.items))
        return tuple(items) if known else None
    if isinstance(value, Table) and not value.open:
        return _table(value, depth)
    return None


def _table(value: Table, depth: int) -> dict[Any, Any] | None:
    try:
        return {constant(key, depth + 1): constant(item, depth + 1) for key, item in value.pairs}
    except TypeError:  # a key that is a list or a dict
        return None


def is_none(value: Value | None) -> bool:
    """Whether it is the constant None."""
    return isinstance(value, Constant) and value.value is None


def dotted(value: Value | None) -> str:
    """The dotted name of what is called: "keras.layers.Dense", "model.fit", "" for anything else."""
    if isinstance(value, Name):
        return value.dotted
    if isinstance(value, Attribute):
        before = dotted(value.base)
        return f"{before}.{value.name}" if before else value.name
    if isinstance(value, Function | Class):
        return value.name
    return ""


def last_name(value: Value | None) -> str:
    """The last part of the dotted name."""
    return dotted(value).rpartition(".")[2]


def options(value: Value | None) -> list[Value]:
    """The values that it may be."""
    if isinstance(value, Either):
        return [option for item in value.options for option in options(item)]
    return [] if value is None else [value]


def either(values: list[Value], most: int = 8) -> Value:
    """One value for several: itself where they are all the same."""
    flat: list[Value] = []
    for value in values:
        flat.extend(option for option in options(value) if all(option is not seen for seen in flat))
    return flat[0] if len(flat) == 1 else Either(flat[0].node, flat[0].parsed, flat[:most])


def reaches(value: Value, target: Value, seen: set[int] | None = None) -> bool:
    """Whether a value is made of another one."""
    seen = set() if seen is None else seen
    if value is target:
        return True
    if id(value) in seen or len(seen) > 2000:
        return False
    seen.add(id(value))
    return any(reaches(part, target, seen) for part in _parts(value))


def _parts(value: Value) -> list[Value]:
    parts = list(value.stored)
    if isinstance(value, Call):
        parts += [
            *value.arguments,
            *value.keywords.values(),
            value.function,
            *([value.mapped] if value.mapped else []),
        ]
    elif isinstance(value, Operation):
        parts += value.operands
    elif isinstance(value, Item):
        parts += [value.base, value.index]
    elif isinstance(value, Items):
        parts += value.items
    elif isinstance(value, Either):
        parts += value.options
    elif isinstance(value, Attribute):
        parts.append(value.base)
    elif isinstance(value, Each):
        parts.append(value.iterable)
    return parts
