"""Rows whose places a value keeps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from valscope.evidence.script.flow.asking import last_name
from valscope.evidence.script.flow.values import Items, Value
from valscope.evidence.script.rows.cutting import Cut, cut_of
from valscope.evidence.script.rows.keeping import kept, moved
from valscope.evidence.script.rows.places import place_of
from valscope.evidence.script.rows.subsets import counted, named_subset
from valscope.evidence.script.rows.things import Things
from valscope.nouns.script.rows import Form, Place

_DEEPEST = 40  # operations one behind the other
_SAME_LENGTH = frozenset({"shuffle", "sort_values", "sample", "sorted", "reversed"})


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
class Standing:
    """`stand` gives the rows of a value in their order, `length` how many there are."""

    things: Things = field(default_factory=Things)
    _stands: dict[int, Stretch] = field(default_factory=dict)
    _seen: list[Value] = field(default_factory=list)
    _deep: int = 0

    def stand(self, value: Value) -> Stretch:
        """The one stretch whose rows stand in a value in their order."""
        if id(value) not in self._stands:
            self._seen.append(value)  # kept, so that its id stays its own
            self._stands[id(value)] = self.whole(value)  # what is made of itself in a loop ends here
            self._deep += 1
            try:
                if self._deep < _DEEPEST:
                    self._stands[id(value)] = self._stand(value)
            finally:
                self._deep -= 1
        return self._stands[id(value)]

    def _stand(self, value: Value) -> Stretch:
        cut, named, inner = cut_of(value), named_subset(value), kept(value)
        if named is not None:
            return self._named(value, *named)
        if cut is not None:
            return self._cut(value, cut)
        return self._reordered(value) if inner is None else self.stand(inner)

    def length(self, value: Value) -> Place:
        """How many rows it has."""
        found = self.stand(value)
        return found.end.minus(found.first)

    def whole(self, value: Value, within: frozenset[int] = frozenset()) -> Stretch:
        """All rows of a thing."""
        number = self.things.at(value)
        known = isinstance(value, Items) and not value.open and value.kind != "generator"
        end = Place(len(value.items)) if known and isinstance(value, Items) else Place(0.0, ((number, 1.0),))
        return Stretch(number, Place(), end, within=within)

    def _reordered(self, value: Value) -> Stretch:
        """All rows of a thing, of which there are as many as before they were put into another order."""
        found, inner = self.whole(value), moved(value)
        same = inner is not None and last_name(getattr(value, "function", None)) in _SAME_LENGTH
        return replace(found, end=self.length(inner)) if same and inner is not None else found

    def _cut(self, value: Value, cut: Cut) -> Stretch:
        base = self.stand(cut.base)
        lower = self._bound(cut.lower, base, cut.from_end) if cut.lower is not None else base.first
        upper = self._bound(cut.upper, base) if cut.upper is not None else base.end
        return replace(base, first=lower, end=upper, form=cut.form, of=cut.of, written=cut.written, at=value)

    def _named(self, value: Value, key: tuple[str, str], lower: str, upper: str) -> Stretch:
        number = self.things.at(value, key)
        whole = Place(0.0, ((number, 1.0),))
        if not lower and not upper:
            return Stretch(number, Place(), whole)
        first = counted(lower, whole) if lower else Place()
        end = counted(upper, whole) if upper else whole
        return Stretch(number, first, end, "split", of=key[1], written=(lower, upper), at=value)

    def _bound(self, value: Value, base: Stretch, from_end: bool = False) -> Place:
        place = place_of(value, self.length, self.things)
        place = place.times(-1.0) if from_end else place
        backwards = place != Place() and place.all_of(lambda factor: factor <= 0)
        return (base.end if backwards else base.first).plus(place)
