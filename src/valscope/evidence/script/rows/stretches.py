"""Follows values back to the rows that they hold."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
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
from valscope.evidence.script.rows.passing import Cut, cut_of, given, joined, kept, moved, subject
from valscope.evidence.script.rows.places import place_of
from valscope.evidence.script.rows.subsets import counted, named_subset
from valscope.evidence.script.rows.things import Things
from valscope.evidence.script.rows.words import CHANGING, CHOOSING, TELLING
from valscope.nouns.script.rows import Form, Place

_DEEPEST = 60  # operations one behind the other


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of one thing, by its number, from one place to another.

    form     how they were taken: "slice", "take", "skip", "split" (named in a string), or "all" for all rows.
    of       what they were taken from, as written;  written  the bounds, "" for an open one;  at  the cut itself.
    direct   False where functions that the text does not show, or loops, lie between.
    within   things of which it holds some rows too.
    """

    base: int
    first: Place
    end: Place
    form: Form = "all"
    of: str = ""
    written: tuple[str, str] = ("", "")
    at: Value | None = None
    direct: bool = True
    within: frozenset[int] = frozenset()

    def same_rows(self, other: Stretch) -> bool:
        """Whether both are the same rows of the same thing."""
        return (self.base, self.first, self.end) == (other.base, other.first, other.end)


@dataclass(eq=False)
class Rows:
    """`follow` gives the rows of a value, `stand` those whose places it keeps."""

    things: Things = field(default_factory=Things)
    _known: dict[int, tuple[Stretch, ...]] = field(default_factory=dict)
    _depth: int = 0

    def follow(self, value: Value) -> tuple[Stretch, ...]:
        """Stretches that are all in the value; of things that are not followed all rows."""
        if id(value) not in self._known:
            self._known[id(value)] = (self._whole(value),)  # what is made of itself in a loop ends here
            self._depth += 1
            try:
                if self._depth < _DEEPEST:
                    self._known[id(value)] = tuple(dict.fromkeys(self._follow(value)))
            finally:
                self._depth -= 1
        return self._known[id(value)]

    def stand(self, value: Value, depth: int = 0) -> Stretch:
        """The one stretch whose rows stand in a value in their order."""
        cut, named = cut_of(value), named_subset(value)
        if named is not None:
            return self._named(value, *named)
        if cut is not None and depth < _DEEPEST:
            return self._cut(value, cut, depth)
        inner = kept(value)
        return self._whole(value) if inner is None or depth >= _DEEPEST else self.stand(inner, depth + 1)

    def length(self, value: Value) -> Place:
        """How many rows it has."""
        found = self.stand(value)
        return found.end.minus(found.first)

    def _whole(self, value: Value, within: frozenset[int] = frozenset()) -> Stretch:
        number = self.things.at(value)
        known = isinstance(value, Items) and not value.open and value.kind != "generator"
        end = Place(len(value.items)) if known and isinstance(value, Items) else Place(0.0, ((number, 1.0),))
        return Stretch(number, Place(), end, within=within)

    def _cut(self, value: Value, cut: Cut, depth: int) -> Stretch:
        base = self.stand(cut.base, depth + 1)
        lower = self._bound(cut.lower, base, cut.from_end) if cut.lower is not None else base.first
        upper = self._bound(cut.upper, base) if cut.upper is not None else base.end
        return replace(base, first=lower, end=upper, form=cut.form, of=cut.of, written=cut.written, at=value)

    def _named(self, value: Value, key: Hashable, lower: str, upper: str) -> Stretch:
        number = self.things.at(value, key)
        whole = Place(0.0, ((number, 1.0),))
        if not lower and not upper:
            return Stretch(number, Place(), whole)
        first = counted(lower, whole) if lower else Place()
        end = counted(upper, whole) if upper else whole
        return Stretch(number, first, end, "split", written=(lower, upper), at=value)

    def _bound(self, value: Value, base: Stretch, from_end: bool = False) -> Place:
        place = place_of(value, self.length, self.things)
        place = place.times(-1.0) if from_end else place
        backwards = place != Place() and place.all_of(lambda factor: factor <= 0)
        return (base.end if backwards else base.first).plus(place)

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
                return (self._whole(value),)
            return _indirect(s for item in value.items for s in self.follow(item))
        if isinstance(value, Instance):
            first = given(value.call) if value.call is not None else None
            return (self._cuts(first) if first is not None else ()) or (self._whole(value),)
        if isinstance(value, Item):
            return self._item(value)
        return self._called(value) if isinstance(value, Call) else (self._whole(value),)

    def _item(self, value: Item) -> tuple[Stretch, ...]:
        """One part of an element, or rows chosen by an index that is not known."""
        part = part_of(value) if isinstance(value.base, Each) else None
        if part is not None or isinstance(value.base, Each):
            return _indirect(self.follow(part or value.base))
        named = isinstance(constant(value.index), int | str)
        return (self._whole(value, frozenset() if named else self._bases(value.base)),)

    def _called(self, call: Call) -> tuple[Stretch, ...]:
        name, on = last_name(call.function), subject(call)
        if name in TELLING or on is None:
            return (self._whole(call),)
        if name in CHOOSING:
            return (self._whole(call, self._bases(on)),)
        sources = [on] if not isinstance(call.function, Attribute) else [on, *filter(None, [given(call)])]
        for source in sources:
            if cuts := self._cuts(source):
                return cuts
        changes = any(word in name.lower() for word in CHANGING)
        return _indirect(self.follow(sources[-1])) if changes else (self._whole(call),)

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
