"""Lists that a loop fills: which of their entries are changed copies of one image."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Items,
    Value,
)
from valscope.evidence.script.flow.world import World
from valscope.evidence.script.rows.origin import same_image
from valscope.nouns.fact import Source

_MOST = 64  # entries of one list that are compared with each other
_GROWING = frozenset({"append", "add", "extend", "appendleft"})


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
        if entries is None and not isinstance(items.node, ast.BinOp | ast.AugAssign):
            return None
        if entries is None:  # a list put together from others
            free = [value for value in items.items if id(value) not in self.conditional]
            entries = [Entry(value, value.source, ()) for value in free]
        for n, first in enumerate(entries[:_MOST]):
            for second in entries[n + 1 : _MOST]:
                both = second.guards[: len(first.guards)] == first.guards
                if both and same_image(first.value, second.value):
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
