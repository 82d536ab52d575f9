"""Follows values back to the rows that they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.elements import part_of
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Constant,
    Each,
    Either,
    Instance,
    Item,
    Items,
    Value,
)
from valscope.evidence.script.rows.cutting import cut_of
from valscope.evidence.script.rows.joining import joined
from valscope.evidence.script.rows.keeping import kept, moved
from valscope.evidence.script.rows.standing import Standing, Stretch
from valscope.evidence.script.rows.subjects import chooses, given, subject
from valscope.evidence.script.rows.subsets import named_subset
from valscope.evidence.script.rows.words import CHANGING, CHOOSING, TELLING

_DEEPEST = 40  # operations one behind the other


@dataclass(eq=False)
class Rows(Standing):
    """`follow` gives all rows of a value, wherever they stand in it."""

    _known: dict[int, tuple[Stretch, ...]] = field(default_factory=dict)
    _depth: int = 0

    def follow(self, value: Value) -> tuple[Stretch, ...]:
        """Stretches that are all in the value; of things that are not followed all rows."""
        if id(value) not in self._known:
            self._seen.append(value)  # kept, so that its id stays its own
            self._known[id(value)] = (self.whole(value),)  # what is made of itself in a loop ends here
            self._depth += 1
            try:
                if self._depth < _DEEPEST:
                    self._known[id(value)] = tuple(dict.fromkeys(self._follow(value)))
            finally:
                self._depth -= 1
        return self._known[id(value)]

    def _follow(self, value: Value) -> tuple[Stretch, ...]:
        if isinstance(value, Either):
            return self._common([self.follow(option) for option in value.options])
        chosen = _index(value)
        if chosen is not None and (cuts := self._cuts(chosen)):
            return cuts
        if cut_of(value) is not None or named_subset(value) is not None:
            return (self.stand(value),)
        parts = joined(value)
        if parts is not None:
            return tuple(s for part in parts for s in self.follow(part))
        inner = kept(value) or moved(value)
        if inner is not None:
            return self.follow(inner)
        return self._loose(value)

    def _loose(self, value: Value) -> tuple[Stretch, ...]:
        """Rows that are changed, chosen or gathered one by one."""
        if isinstance(value, Each):
            return _indirect(self.follow(value.iterable))
        if isinstance(value, Items) and value.kind == "list" and value.items and not _filters(value):
            if all(isinstance(item, Constant) for item in value.items):
                return (self.whole(value),)
            return _indirect(s for item in value.items for s in self.follow(item))
        if isinstance(value, Instance):
            first = given(value.call) if value.call is not None and not chooses(value.call) else None
            return (self._cuts(first) if first is not None else ()) or (self.whole(value),)
        if isinstance(value, Item):
            return self._item(value)
        return self._called(value) if isinstance(value, Call) else (self.whole(value),)

    def _item(self, value: Item) -> tuple[Stretch, ...]:
        """One part of an element, or rows chosen by an index that is not known."""
        part = part_of(value) if isinstance(value.base, Each) else None
        if part is not None or isinstance(value.base, Each):
            return _indirect(self.follow(part or value.base))
        named = isinstance(constant(value.index), int | str)
        return (self.whole(value, frozenset() if named else self._bases(value.base)),)

    def _called(self, call: Call) -> tuple[Stretch, ...]:
        name, on = last_name(call.function), subject(call)
        if name in TELLING or on is None:
            return (self.whole(call),)
        if name in CHOOSING or chooses(call):
            return (self.whole(call, self._bases(on)),)
        sources = [on] if not isinstance(call.function, Attribute) else [on, *filter(None, [given(call)])]
        for source in sources:
            if cuts := self._cuts(source):
                return cuts
        changes = any(word in name.lower() for word in CHANGING)
        return _indirect(self.follow(sources[-1])) if changes else (self.whole(call),)

    def _cuts(self, value: Value) -> tuple[Stretch, ...]:
        return _indirect(s for s in self.follow(value) if s.form != "all")

    def _bases(self, value: Value) -> frozenset[int]:
        found = self.follow(value)
        return frozenset(n for s in found for n in (s.base, *s.within))

    def _common(self, found: list[tuple[Stretch, ...]]) -> tuple[Stretch, ...]:
        """What is in all of several."""
        return tuple(s for s in found[0] if all(any(s.same_rows(o) for o in other) for other in found[1:]))


def _indirect(found: Iterable[Stretch]) -> tuple[Stretch, ...]:
    return tuple(replace(s, direct=False) for s in found)


def _index(value: Value) -> Value | None:
    """The numbers of the rows that are taken: x[idx], Subset(data, idx), DataLoader(data, sampler=...)."""
    if isinstance(value, Item):
        return None if isinstance(value.index, Constant | Items) else value.index
    if not isinstance(value, Call):
        return None
    if last_name(value.function) == "Subset":
        return value.argument(1, "indices")
    return value.argument(None, "sampler") if last_name(value.function) == "DataLoader" else None


def _filters(value: Items) -> bool:
    """Whether a comprehension leaves some elements out."""
    return any(generator.ifs for generator in getattr(value.node, "generators", ()))
