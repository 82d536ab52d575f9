"""The way of an image, followed back from where it is used to where it was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from valscope.evidence.script.calls import run_method
from valscope.evidence.script.scaling import Scaling
from valscope.evidence.script.values import (
    Attribute,
    Call,
    Each,
    Either,
    Instance,
    Item,
    Items,
    Name,
    Operation,
    Parameter,
    Value,
    constant,
    last_name,
)
from valscope.evidence.script.world import World
from valscope.nouns.script import ScaleName, Step

_DEEPEST = 80  # operations one behind the other on one image
_MAXIMA = frozenset({"max", "amax", "reduce_max", "nanmax"})
_MEANS = frozenset({"mean", "reduce_mean", "average"})
_SPREADS = frozenset({"std", "reduce_std"})
_WHOLE_SETS = ("x_", "X", "data", "images", "train", "test", "imgs", "features")


@dataclass(frozen=True, slots=True)
class Trail:
    """What is known of the way so far, from the reader on. `stacked` tells that the value holds many images."""

    scaling: Scaling = field(default_factory=Scaling)
    steps: tuple[Step, ...] = ()
    traced: bool = False
    reader: str | None = None
    order: Literal["rgb", "bgr"] | None = None
    colour: Literal["rgb", "grey"] | None = None
    size: tuple[int, ...] | None = None
    kernel: str | None = None
    stacked: bool = False
    feed: Value | None = None

    def but(self, **changes: Any) -> Trail:
        """The same trail with some fields changed."""
        return replace(self, **changes)

    def then(self, step: Step, scaling: Scaling | None = None, **changes: Any) -> Trail:
        """One step further."""
        return replace(self, steps=(*self.steps, step), scaling=scaling or self.scaling, **changes)

    @property
    def scale(self) -> ScaleName:
        """Name of the scale; "none" only where the whole way is known."""
        name = self.scaling.name()
        return "unknown" if name == "none" and not self.traced else name


UNKNOWN = Trail()


@dataclass(eq=False)
class Walker:
    """Follows values back; `calls` knows functions by name."""

    world: World
    calls: Callable[[Call, Walker], Trail | None]
    _known: dict[int, Trail] = field(default_factory=dict)
    _depth: int = 0

    def follow(self, value: Value | None) -> Trail:
        """The trail of a value."""
        if value is None or self._depth > _DEEPEST:
            return UNKNOWN
        if id(value) not in self._known:
            self._known[id(value)] = UNKNOWN  # a value made of itself in a loop ends here
            self._depth += 1
            try:
                self._known[id(value)] = self._stored(value, self._trail(value))
            finally:
                self._depth -= 1
        return self._known[id(value)]

    def _trail(self, value: Value) -> Trail:
        if isinstance(value, Call):
            return self.calls(value, self) or UNKNOWN
        if isinstance(value, Operation):
            return self._operation(value)
        if isinstance(value, Item):
            return self._item(value)
        if isinstance(value, Each):
            inner = element_of(value.iterable)
            return self.follow(inner if inner is not None else value.iterable).but(stacked=False)
        if isinstance(value, Items):
            return self._items(value)
        if isinstance(value, Either):
            return _agreed([self.follow(option) for option in value.options])
        if isinstance(value, Instance):
            return self._batch(value)
        if isinstance(value, Attribute) and value.name in ("T", "values", "data", "images", "numpy", "image"):
            return self.follow(value.base)
        return UNKNOWN

    def _stored(self, value: Value, trail: Trail) -> Trail:
        """What was put into a value by index: images into an array, or changes channel by channel."""
        if not value.stored or isinstance(value, Instance):
            return trail
        own = [entry for entry in value.stored if _changes_itself(entry, value)]
        if own:
            return _by_channel(trail, own)
        if trail.traced or trail.steps:
            return trail
        return _agreed([self.follow(entry) for entry in value.stored]).but(stacked=True)

    def _items(self, value: Items) -> Trail:
        if value.kind == "generator":
            return self.follow(first_of(value.items[0])).but(feed=value)
        trails = [self.follow(item) for item in value.items]
        told = [trail for trail in trails if trail.traced or trail.steps or trail.reader]
        return _agreed(told).but(stacked=True) if told else UNKNOWN.but(stacked=True)

    def _item(self, value: Item) -> Trail:
        part = part_of(value)
        if part is not None:
            return self.follow(part)
        trail = self.follow(value.base)
        if value.text.replace(" ", "").endswith(("...,::-1]", ",:,::-1]", "[2,1,0]]")):
            step = Step("colour", "::-1", "", value.source)
            return trail.then(step, order={"rgb": "bgr", "bgr": "rgb"}.get(trail.order or ""))
        return trail

    def _batch(self, instance: Instance) -> Trail:
        """What a Sequence or a Dataset of the text gives for one index."""
        result = self.world.patiently(lambda: run_method(instance, "__getitem__", None, self.world))
        return UNKNOWN if result is None else self.follow(first_of(result)).but(feed=instance)

    def _operation(self, value: Operation) -> Trail:
        if len(value.operands) != 2 or value.operator not in ("/", "*", "-", "+", "//"):
            return UNKNOWN
        left, right = value.operands
        if constant(left) is not None and value.operator in ("*", "+"):
            left, right = right, left
        standard = self._standardised(value, left, right)
        if standard is not None:
            return standard
        trail = self.follow(left)
        step = Step("scale", value.operator, right.text, value.source)
        if value.operator == "/" and _is(right, _MAXIMA):
            if self._whole_set(left, trail, value):
                return trail.then(step, trail.scaling.times(1 / 255))
            return trail.then(step, trail.scaling.become("image_max"))
        return trail.then(step, scaled(trail.scaling, value.operator, numbers(right)))

    def _standardised(self, value: Operation, left: Value, right: Value) -> Trail | None:
        """(x - mean) / std"""
        spread = right.operands[0] if isinstance(right, Operation) and right.operator == "+" else right
        if value.operator != "/" or not isinstance(left, Operation) or left.operator != "-":
            return None
        if not _is(left.operands[1], _MEANS | {"min", "amin"}) or not (
            _is(spread, _SPREADS) or isinstance(right, Operation)
        ):
            return None
        trail = self.follow(left.operands[0])
        step = Step("scale", "(x - mean) / std", value.text, value.source)
        if not _is(spread, _SPREADS):
            return trail.then(step, trail.scaling.become("other"))
        name: ScaleName = "featurewise" if self._whole_set(left.operands[0], trail, value) else "samplewise"
        return trail.then(step, trail.scaling.become(name))

    def _whole_set(self, value: Value, trail: Trail, operation: Operation) -> bool:
        """Whether a value holds the whole data set and not one image."""
        if trail.stacked:
            return True
        if trail.reader is not None or operation.context.loops or isinstance(value, Parameter):
            return False
        return (
            isinstance(value, Name)
            and not operation.context.function
            and value.dotted.startswith(_WHOLE_SETS)
        )


def scaled(scaling: Scaling, sign: str, by: tuple[float, ...] | None) -> Scaling:
    """A scaling after one more operation; `by` holds one number, or one for each channel."""
    if by is None and sign in ("*", "+"):
        return scaling.become("unknown")  # noise, a mask, or a factor that the text does not show
    if by is None or (sign == "/" and not all(by)):
        return scaling.become("other")
    if sign == "//":
        return scaling.become("other")
    if len(by) == 1:
        number = by[0]
        operations = {
            "/": lambda: scaling.times(1 / number), "*": lambda: scaling.times(number),
            "-": lambda: scaling.plus(-number), "+": lambda: scaling.plus(number),
        }  # fmt: skip
        return operations[sign]()
    if sign in ("-", "+"):
        return scaling.shifted_by_channel([-n if sign == "-" else n for n in by])
    return scaling.divided_by_channel(by if sign == "/" else [1 / n if n else 0 for n in by])


def numbers(value: Value) -> tuple[float, ...] | None:
    """A number, or a row of numbers also inside np.array(...), None for anything else."""
    if isinstance(value, Call) and last_name(value.function) in (
        "array",
        "asarray",
        "tensor",
        "constant",
        "float32",
    ):
        return numbers(value.arguments[0]) if value.arguments else None
    plain = constant(value)
    row = plain if isinstance(plain, tuple) else (plain,)
    while len(row) == 1 and isinstance(row[0], tuple):
        row = row[0]
    known = all(isinstance(entry, int | float) and not isinstance(entry, bool) for entry in row)
    return tuple(float(entry) for entry in row) if row and known else None


def first_of(value: Value) -> Value:
    """The images of a batch: the first of (images, labels)."""
    if isinstance(value, Items) and value.items and value.kind in ("tuple", "list"):
        return (
            first_of(value.items[0])
            if isinstance(value.items[0], Items) and value.kind == "tuple"
            else value.items[0]
        )
    if isinstance(value, Either):
        return first_of(value.options[0])
    return value


_PASSING = frozenset(
    {
        "batch", "shuffle", "repeat", "cache", "prefetch", "take", "skip", "with_options", "filter", "unbatch",
        "shard", "padded_batch", "interleave", "apply", "iter", "tqdm", "list", "sorted", "reversed", "shuffle_",
        "as_numpy_iterator", "next", "get_next",
    }
)  # fmt: skip


def element_of(iterable: Value, depth: int = 0) -> Value | None:
    """One element of an iterable, None where its making does not show one."""
    if depth > 40:
        return None
    if isinstance(iterable, Items) and iterable.items:
        return iterable.items[0]
    if not isinstance(iterable, Call):
        return None
    name = last_name(iterable.function)
    if iterable.mapped is not None and name in ("map", "apply", "flat_map"):
        return iterable.mapped
    base = iterable.function.base if isinstance(iterable.function, Attribute) else None
    source = base if base is not None else (iterable.arguments[0] if iterable.arguments else None)
    if name in ("from_tensor_slices", "from_tensors", "zip", "enumerate"):
        return _elements(iterable, name)
    if name in _PASSING and source is not None:
        inner = element_of(source, depth + 1)
        return inner if inner is not None else Each(iterable.node, iterable.parsed, source)
    return None


def _elements(call: Call, name: str) -> Value:
    given = call.arguments
    if len(given) == 1 and isinstance(given[0], Items) and given[0].kind == "tuple":
        given = given[0].items
    parts: list[Value] = [Each(call.node, call.parsed, value) for value in given]
    if name == "enumerate":
        parts.insert(0, Parameter(call.node, call.parsed, "index"))
    return parts[0] if len(parts) == 1 else Items(call.node, call.parsed, parts, "tuple")


def part_of(value: Item) -> Value | None:
    """What an index picks: one of several results, one part of an element; None where all parts are alike."""
    position = constant(value.index)
    base = value.base
    if isinstance(base, Each):
        base = element_of(base.iterable) or base
    if (
        isinstance(base, Items)
        and base.kind != "generator"
        and type(position) is int
        and position < len(base.items)
    ):
        return base.items[position]
    if isinstance(base, Call) and type(position) is int:
        name = last_name(base.function)
        if name == "train_test_split" and position // 2 < len(base.arguments):
            return base.arguments[position // 2]
        if name in ("shuffle", "ravel", "next", "resample") and position < len(base.arguments) > 1:
            return base.arguments[position]
    return None


def _by_channel(trail: Trail, changes: list[Value]) -> Trail:
    """x[..., 0] -= 103.939 and so on: all subtractions first, then all divisions, as they are written."""
    scaling, told = trail.scaling, []
    for signs, turn in (("-+", -1), ("/*", 1)):
        same = [entry for entry in changes if isinstance(entry, Operation) and entry.operator in signs]
        row = [constant(entry.operands[1]) for entry in same]
        known = [float(n) for n in row if isinstance(n, int | float)]
        if len(known) < len(same):
            scaling = scaling.become("other")
        elif known and turn < 0:
            scaling = scaling.shifted_by_channel([-n for n in known])
        elif known and all(known):
            scaling = scaling.divided_by_channel([n if same[0].operator == "/" else 1 / n for n in known])
        told += [str(n) for n in known]
    return trail.then(Step("scale", "by channel", ", ".join(told), changes[0].source), scaling)


def _agreed(trails: list[Trail]) -> Trail:
    """One trail for several that may have been taken: known only as far as they agree."""
    if not trails:
        return UNKNOWN
    longest = max(trails, key=lambda trail: len(trail.steps))
    if len({trail.scaling.name() for trail in trails}) > 1:
        return longest.but(scaling=Scaling(named="unknown", touched=True), traced=False)
    return longest.but(traced=all(trail.traced for trail in trails))


def _is(value: Value, names: frozenset[str]) -> bool:
    return isinstance(value, Call) and last_name(value.function) in names


def _changes_itself(entry: Value, value: Value) -> bool:
    return (
        isinstance(entry, Operation)
        and isinstance(entry.operands[0], Item)
        and entry.operands[0].base is value
    )
