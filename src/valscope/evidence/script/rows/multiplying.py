"""What multiplies rows: drawn again, repeated, put beside changed copies of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import permutations

from valscope.evidence.script.flow.asking import constant, last_name, options
from valscope.evidence.script.flow.values import (
    Call,
    Each,
    Instance,
    Item,
    Items,
    Operation,
    Value,
)
from valscope.evidence.script.rows.cutting import cut_of
from valscope.evidence.script.rows.drawing import Multiplied, by_call, by_sign
from valscope.evidence.script.rows.grown import Grown
from valscope.evidence.script.rows.joining import joined
from valscope.evidence.script.rows.keeping import columns, kept, moved
from valscope.evidence.script.rows.standing import Stretch
from valscope.evidence.script.rows.stretches import Rows
from valscope.evidence.script.rows.subjects import given, is_list, subject
from valscope.evidence.script.rows.words import CHOOSING, TELLING

_DEEPEST = 40
_MOST = 64  # joined things that are compared with each other
_RESAMPLING = ("fit_resample", "fit_sample", "resample")
_ORDERS = ("permutation", "randperm", "shuffle", "arange", "range", "sample", "list")


@dataclass(eq=False)
class Multiplying:
    """`find` goes back from a value to what multiplied its rows."""

    rows: Rows
    grown: Grown
    _known: dict[int, Multiplied | None] = field(default_factory=dict)
    _depth: int = 0

    def find(self, value: Value | None) -> Multiplied | None:
        """The last thing that multiplied the rows of a value, None where none is shown."""
        if value is None or self._depth > _DEEPEST:
            return None
        if id(value) not in self._known:
            self._known[id(value)] = None  # what is made of itself in a loop ends here
            self._depth += 1
            try:
                self._known[id(value)] = self._find(value)
            finally:
                self._depth -= 1
        return self._known[id(value)]

    def _find(self, value: Value) -> Multiplied | None:
        if len(alternatives := options(value)) > 1:
            return self._first(alternatives)
        found = by_call(value) or by_sign(value) or self._by_list(value)
        parts = joined(value)
        if found is None and parts is not None:
            return self._beside(value, parts) or self._first(parts)
        return found or self._further(value)

    def _first(self, values: Iterable[Value | None]) -> Multiplied | None:
        return next(filter(None, map(self.find, values)), None)

    def _further(self, value: Value) -> Multiplied | None:
        """What a value was made of, as long as that keeps copies."""
        reordered, cut = moved(value), cut_of(value)
        if reordered is not None:
            found = self.find(reordered)
            sorts = last_name(getattr(value, "function", None)) in ("batch", "sorted")
            return found if found is None or sorts else replace(found, mixed=True)
        if cut is not None:
            return self.find(cut.base)
        if (inner := kept(value)) is not None:
            return self.find(inner)
        if isinstance(value, Each):
            return self.find(value.iterable)
        if isinstance(value, Items):
            return self._first(value.items) if value.kind == "list" else None
        if isinstance(value, Instance):
            return self.find(given(value.call)) if value.call is not None else None
        if isinstance(value, Item):
            return self._chosen(value)
        return self._called(value) if isinstance(value, Call) else None

    def _chosen(self, value: Item) -> Multiplied | None:
        """x[order] keeps copies; x[mask] may not; x[drawn] makes them."""
        if isinstance(value.base, Each):
            return self.find(value.base)
        if isinstance(constant(value.index), int | str):
            resampled = isinstance(value.base, Call) and last_name(value.base.function) in _RESAMPLING
            return self.find(value.base) if resampled else None
        found = self.find(value.index)
        if found is not None or not _is_order(value.index):
            return found
        found = self.find(value.base)
        return found and replace(found, mixed=True)

    def _called(self, call: Call) -> Multiplied | None:
        name = last_name(call.function)
        if name in _RESAMPLING:
            return self.find(given(call))
        return None if name in TELLING or name in CHOOSING else self._first((subject(call), given(call)))

    def _by_list(self, value: Value) -> Multiplied | None:
        """X.append(image); X.append(flipped)"""
        source = self.grown.copies(value) if isinstance(value, Items) and value.kind == "list" else None
        return Multiplied("append", "beside its original", source) if source is not None else None

    def _beside(self, value: Value, parts: list[Value]) -> Multiplied | None:
        """np.concatenate([x, x[:, :, ::-1]]): all rows of a thing, and some of them once more."""
        if isinstance(value, Operation) and not any(map(is_list, parts)):
            return None  # arrays are added, not joined
        if len({columns(part) for part in parts}) > 1:
            return None  # two images of one patient, in two columns of a table
        found = [self.rows.follow(part) for part in parts[:_MOST]]
        again = any(_holds(one, other) for one, other in permutations(found, 2))
        name = last_name(value.function) if isinstance(value, Call) else "+"
        times = len(parts) if _all_whole(found) else None
        return Multiplied(name, "beside its original", value.source, times) if again else None


def _holds(one: Iterable[Stretch], other: Iterable[Stretch]) -> bool:
    """Whether some rows of the one part stand in the other part too."""
    return any(_of(b, a) for a in one if a.direct for b in other)


def _of(part: Stretch, all_rows: Stretch) -> bool:
    whole = all_rows.form == "all" and all_rows.base in (part.base, *part.within)
    return whole or part.same_rows(all_rows)


def _all_whole(found: list[tuple[Stretch, ...]]) -> bool:
    """Whether every part is all rows of the same thing."""
    bases = {s.base for part in found for s in part}
    return len(bases) == 1 and all(len(part) == 1 and part[0].form == "all" for part in found)


def _is_order(index: Value) -> bool:
    """Whether an index names every row once."""
    return isinstance(index, Call) and last_name(index.function) in _ORDERS
