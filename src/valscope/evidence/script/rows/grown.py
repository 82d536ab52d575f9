"""Lists that a loop fills: which of their entries are changed copies of one image."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from valscope.evidence.script.flow.asking import constant, is_none, last_name
from valscope.evidence.script.flow.elements import part_of
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Constant,
    Each,
    Item,
    Items,
    Name,
    Operation,
    Value,
)
from valscope.evidence.script.flow.world import World
from valscope.evidence.script.rows.passing import given
from valscope.evidence.script.way.readers import reads
from valscope.nouns.fact import Source

_GROWING = frozenset({"append", "add", "extend", "appendleft"})
_DEEPEST = 40
_PATHS = frozenset({"join", "Path", "str", "format"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What was put into a list, where, and under which conditions."""

    value: Value
    source: Source
    guards: tuple[tuple[Value, bool], ...]


@dataclass(eq=False)
class Grown:
    """The entries of all lists of a text."""

    by_list: dict[int, list[Entry]] = field(default_factory=dict)
    conditional: set[int] = field(default_factory=set)

    def copies(self, items: Items) -> Source | None:
        """Where a second form of one image is put into a list, None where that is not shown."""
        entries = self.by_list.get(id(items))
        if entries is None:
            free = [value for value in items.items if id(value) not in self.conditional]
            entries = [Entry(value, value.source, ()) for value in free]
        for n, first in enumerate(entries):
            for second in entries[n + 1 :]:
                both = second.guards[: len(first.guards)] == first.guards
                if both and _same_image(first.value, second.value):
                    return second.source
        return None


def grown(world: World) -> Grown:
    """All entries, in the order of the text. What only an exception puts in is left out."""
    found = Grown()
    rescued = set(_rescued(world))
    for call in world.events:
        if not isinstance(call, Call) or not isinstance(call.function, Attribute) or not call.arguments:
            continue
        target, values = call.function.base, call.arguments[-1:]
        if call.function.name not in _GROWING or not isinstance(target, Items):
            continue
        if call.function.name == "extend":
            values = values[0].items if isinstance(values[0], Items) else []
        here = found.by_list.setdefault(id(target), [])
        if id(call.node) not in rescued:
            here += [Entry(value, call.source, call.context.guards) for value in values]
        if call.context.guards or id(call.node) in rescued:
            found.conditional.update(map(id, values))
    for value in world.assigned:  # [f for f in files if chosen(f)]
        if isinstance(value, Items) and any(g.ifs for g in getattr(value.node, "generators", ())):
            found.conditional.update(map(id, value.items))
    return found


def _rescued(world: World) -> Iterator[int]:
    for parsed in world.fragments:
        for handler in ast.walk(parsed.tree):
            if isinstance(handler, ast.ExceptHandler):
                yield from (id(node) for node in ast.walk(handler))


def _same_image(first: Value, second: Value) -> bool:
    """Whether two entries are forms of one image; of rows with a label, also whether that is the same."""
    if isinstance(first, Items) != isinstance(second, Items):
        return False
    if isinstance(first, Items) and isinstance(second, Items):
        labels = all(_alike(a, b) for a, b in zip(first.items[1:], second.items[1:]))
        sizes = len(first.items) == len(second.items) > 0
        return sizes and labels and _same_image(first.items[0], second.items[0])
    one, other = _origin(first), _origin(second)
    return one is not None and other is not None and _alike(one, other)


def _alike(one: Value, other: Value) -> bool:
    if isinstance(one, Item) and isinstance(other, Item):
        return one is other or (one.base is other.base and one.index is other.index)
    return one is other or (
        isinstance(one, Constant) and isinstance(other, Constant) and one.value == other.value
    )


def _origin(value: Value | None, depth: int = 0) -> Value | None:
    """The one image that a value was made of: an element of a loop, an image that was read; None for other things."""
    if value is None or depth > _DEEPEST or isinstance(value, Constant | Name | Items):
        return None
    if isinstance(value, Call):
        return _called(value, depth)
    if isinstance(value, Operation):
        sides = (_origin(operand, depth + 1) for operand in value.operands)
        return next((side for side in sides if side is not None), None) if value.operator in "+-*/" else None
    if isinstance(value, Each):
        flow = value.iterable
        single = isinstance(flow, Call) and last_name(flow.function) == "flow"
        return (_origin(given(flow), depth + 1) or value) if single and isinstance(flow, Call) else value
    if isinstance(value, Item):
        return _item(value, depth)
    return None if isinstance(value, Attribute) else value


def _called(call: Call, depth: int) -> Value | None:
    name = last_name(call.function)
    if reads(call, name):
        return call
    if name in _PATHS:
        return None
    tool = call.function.base if isinstance(call.function, Attribute) else None
    found = (_origin(source, depth + 1) for source in (given(call), tool))
    made = next((origin for origin in found if origin is not None), None)
    return call if made is None and call.context.loops else made


def _item(value: Item, depth: int) -> Value | None:
    """x[i] is an image; a mirrored one is the same, a part of one is not."""
    part = part_of(value) if isinstance(value.base, Each) else None
    if part is not None:
        return _origin(part, depth + 1)
    if isinstance(constant(value.index), str | int) or isinstance(value.base, Each):
        return _origin(value.base, depth + 1) or value
    cuts = value.index.items if isinstance(value.index, Items) else [value.index]
    slices = [cut for cut in cuts if isinstance(cut, Operation) and cut.operator == "slice"]
    if any(not is_none(bound) for cut in slices for bound in cut.operands[:2]):
        return None
    return _origin(value.base, depth + 1) if slices else value
