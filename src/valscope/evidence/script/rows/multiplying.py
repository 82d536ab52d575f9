"""What multiplies rows: drawn again, repeated, put beside changed copies of themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from valscope.evidence.script.flow.asking import constant, dotted, is_none, last_name, options
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Each,
    Instance,
    Item,
    Items,
    Operation,
    Value,
)
from valscope.evidence.script.rows.grown import Grown
from valscope.evidence.script.rows.passing import cut_of, given, is_list, joined, kept, moved, subject
from valscope.evidence.script.rows.stretches import Rows, Stretch
from valscope.evidence.script.rows.words import CHOOSING, OVERSAMPLERS, TELLING
from valscope.nouns.fact import Source

How = Literal["drawn again", "repeated", "beside its original", "interpolated"]
_DEEPEST = 60
_LESS = ("down", "under", "major", "less", "small")
_MORE = ("up", "over", "minor", "more", "balanc")


@dataclass(frozen=True, slots=True)
class Multiplied:
    """What multiplied rows: see `Copied`. `mixed` says whether they were put into random order afterwards."""

    by: str
    how: How
    source: Source
    times: int | None = None
    mixed: bool = False


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
            return next(filter(None, map(self.find, alternatives)), None)
        found = _by_call(value) or _by_sign(value) or self._by_list(value)
        parts = joined(value)
        if found is None and parts is not None:
            found = self._beside(value, parts)
            return found or next(filter(None, map(self.find, parts)), None)
        return found or self._further(value)

    def _further(self, value: Value) -> Multiplied | None:
        """What a value was made of, as long as that keeps copies."""
        mixed = moved(value)
        if mixed is not None:
            found = self.find(mixed)
            shuffles = found is not None and last_name(getattr(value, "function", None)) not in (
                "batch",
                "sorted",
            )
            return _mixed(found) if found is not None and shuffles else found
        inner = kept(value)
        if inner is not None:
            return self.find(inner)
        cut = cut_of(value)
        if cut is not None:
            return self.find(cut.base)
        if isinstance(value, Each):
            return self.find(value.iterable)
        if isinstance(value, Items):
            return next(filter(None, map(self.find, value.items)), None) if value.kind == "list" else None
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
            called = isinstance(value.base, Call) and last_name(value.base.function) in (
                "fit_resample",
                "fit_sample",
            )
            return self.find(value.base) if called else None
        found = self.find(value.index)
        if found is None and _is_order(value.index):
            found = self.find(value.base)
            return _mixed(found) if found is not None else None
        return found

    def _called(self, call: Call) -> Multiplied | None:
        name = last_name(call.function)
        if name in ("fit_resample", "fit_sample", "resample"):
            return self.find(given(call))
        if name in TELLING or name in CHOOSING:
            return None
        return self.find(given(call) if not isinstance(call.function, Attribute) else subject(call)) or (
            self.find(given(call)) if isinstance(call.function, Attribute) else None
        )

    def _by_list(self, value: Value) -> Multiplied | None:
        """X.append(image); X.append(flipped)"""
        if not isinstance(value, Items) or value.kind != "list":
            return None
        source = self.grown.copies(value)
        return Multiplied("append", "beside its original", source) if source is not None else None

    def _beside(self, value: Value, parts: list[Value]) -> Multiplied | None:
        """np.concatenate([x, x[:, :, ::-1]]): all rows of a thing, and some of them once more."""
        name = last_name(value.function) if isinstance(value, Call) else "+"
        found = [self.rows.follow(part) for part in parts]
        for n, one in enumerate(found):
            for m, other in enumerate(found):
                whole = [s for s in one if s.direct]
                again = [s for s in other if n != m and any(_of(s, w) for w in whole)]
                if again:
                    times = len(parts) if _all_whole(found) else None
                    return Multiplied(name, "beside its original", value.source, times)
        return None


def _mixed(found: Multiplied) -> Multiplied:
    return Multiplied(found.by, found.how, found.source, found.times, True)


def _of(one: Stretch, whole: Stretch) -> bool:
    """Whether rows are among all rows of a thing."""
    return (
        (one.base == whole.base and whole.form == "all")
        or (whole.form == "all" and whole.base in one.within)
        or one.same_rows(whole)
    )


def _all_whole(found: list[tuple[Stretch, ...]]) -> bool:
    """Whether every part is all rows of the same thing."""
    bases = {s.base for part in found for s in part}
    return len(bases) == 1 and all(len(part) == 1 and part[0].form == "all" for part in found)


def _is_order(index: Value) -> bool:
    name = last_name(index.function) if isinstance(index, Call) else ""
    return name in ("permutation", "randperm", "shuffle", "arange", "range", "sample", "list")


def _by_call(value: Value) -> Multiplied | None:
    if isinstance(value, Item) and constant(value.index) == 0:
        value = value.base
    if not isinstance(value, Call):
        return None
    name, function = last_name(value.function), value.function
    if name in ("fit_resample", "fit_sample") and isinstance(function, Attribute):
        return _oversampled(value, function.base)
    if name == "resample" and not isinstance(function, Attribute) and "scipy" not in dotted(function):
        return _drawn(value, "resample")
    if (
        name == "sample"
        and isinstance(function, Attribute)
        and constant(value.argument(None, "replace")) is True
    ):
        return _drawn(value, "sample")
    if name == "choice" and constant(value.argument(2, "replace")) is True:
        return _drawn(value, "choice")
    return _repeated(value, name)


def _oversampled(call: Call, tool: Value) -> Multiplied | None:
    """imbalanced-learn's classes, also in a pipeline of it."""
    made = [tool, *_steps(tool)]
    names = [last_name(step.function) for step in made if isinstance(step, Call)]
    known = next((name for name in names if name in OVERSAMPLERS), None)
    if known is None:
        return None
    return Multiplied(known, "interpolated" if OVERSAMPLERS[known] else "drawn again", call.source)


def _steps(tool: Value) -> list[Value]:
    """The steps of Pipeline([("over", SMOTE()), ...]) and make_pipeline(...)."""
    if not isinstance(tool, Call):
        return []
    listed = [
        item
        for argument in tool.arguments
        for item in (argument.items if isinstance(argument, Items) else [argument])
    ]
    return [step.items[-1] if isinstance(step, Items) and step.items else step for step in listed]


def _drawn(call: Call, name: str) -> Multiplied | None:
    """Rows drawn with replacement, more of them than there are as far as names say."""
    replace = call.argument(None, "replace")
    if constant(replace) is False:
        return None
    size = call.argument({"choice": 1, "sample": 0}.get(name), "n_samples", "n", "size")
    target, most = " ".join(call.names).lower(), size.text.lower() if size is not None else ""
    if any(word in target for word in _LESS) or "min" in most:
        return None
    more = replace is not None or size is None or any(word in target for word in _MORE)
    return Multiplied(name, "drawn again", call.source) if more else None


def _repeated(call: Call, name: str) -> Multiplied | None:
    """np.repeat(x, 3, axis=0), np.tile(x, (3, 1, 1, 1)), ds.repeat(3), repeat_interleave(x, 3, dim=0)."""
    method = isinstance(call.function, Attribute)
    if name not in ("repeat", "repeat_interleave", "tile"):
        return None
    times = constant(call.argument(0 if method else 1, "repeats", "reps", "count", "multiples"))
    if name == "tile" or (method and len(call.arguments) > 1 and call.argument(None, "axis", "dim") is None):
        given_times = times if name == "tile" else tuple(map(constant, call.arguments))
        rows = (
            isinstance(given_times, tuple) and len(given_times) > 1 and all(t == 1 for t in given_times[1:])
        )
        flat = name == "tile" and _is_flat(given(call))
        times = given_times[0] if rows and isinstance(given_times, tuple) else times if flat else None
        return _times(call, name, times)
    axis = call.argument(1 if method else 2, "axis", "dim")
    alone = axis is None and (_is_dataset(call) if method else _is_flat(given(call)))
    rows = constant(axis) == 0 or alone
    return _times(call, name, times) if rows else None


def _times(call: Call, name: str, times: object) -> Multiplied | None:
    known = type(times) is int and times > 1
    return (
        Multiplied(name, "repeated", call.source, times if isinstance(times, int) else None)
        if known
        else None
    )


def _is_flat(value: Value | None) -> bool:
    """Whether a value is a list of files, which has one axis."""
    names = value.names if value is not None else []
    words = {word for name in names for word in name.lower().split("_")}
    return is_list(value) or bool(words & {"files", "paths", "filenames", "filepaths"})


def _is_dataset(call: Call) -> bool:
    """Whether repeat belongs to tf.data."""
    base: Value | None = call.function
    while isinstance(base, Attribute | Call):
        base = base.base if isinstance(base, Attribute) else base.function
        if last_name(base) in (
            "from_tensor_slices",
            "list_files",
            "image_dataset_from_directory",
            "from_generator",
        ):
            return True
    return False


def _by_sign(value: Value) -> Multiplied | None:
    """files * 3 and [df] * 3, where the text shows a list."""
    if not isinstance(value, Operation) or value.operator != "*" or len(value.operands) != 2:
        return None
    left, right = value.operands
    if type(constant(left)) is int:
        left, right = right, left
    times = constant(right)
    if not is_list(left) or type(times) is not int or times < 2 or is_none(left):
        return None
    return Multiplied("*", "repeated", value.source, times)
