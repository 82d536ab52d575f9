"""Follows values back to where images were read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from valscope.evidence.script.flow.asking import constant, is_none, last_name
from valscope.evidence.script.flow.elements import element_of, first_of, part_of
from valscope.evidence.script.flow.entering import run_method
from valscope.evidence.script.flow.values import (
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
)
from valscope.evidence.script.flow.world import World
from valscope.evidence.script.way.trail import UNKNOWN, Trail, agreed, by_channel, numbers, scaled
from valscope.nouns.script import ScaleName, Step

_DEEPEST = 80  # operations one behind the other on one image
_MAXIMA = frozenset({"max", "amax", "reduce_max", "nanmax"})
_MEANS = frozenset({"mean", "reduce_mean", "average"})
_SPREADS = frozenset({"std", "reduce_std"})
_WHOLE_SETS = ("x_", "X", "data", "images", "train", "test", "imgs", "features")


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
            return agreed([self.follow(option) for option in value.options if not is_none(option)])
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
            return by_channel(trail, own)
        if trail.traced or trail.steps:
            return trail
        return agreed([self.follow(entry) for entry in value.stored]).but(stacked=True)

    def _items(self, value: Items) -> Trail:
        if value.kind == "generator":
            return self.follow(first_of(value.items[0])).but(feed=value)
        trails = [self.follow(item) for item in value.items]
        told = [trail for trail in trails if trail.traced or trail.steps or trail.reader]
        return agreed(told).but(stacked=True) if told else UNKNOWN.but(stacked=True)

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


def _is(value: Value, names: frozenset[str]) -> bool:
    return isinstance(value, Call) and last_name(value.function) in names


def _changes_itself(entry: Value, value: Value) -> bool:
    return (
        isinstance(entry, Operation)
        and isinstance(entry.operands[0], Item)
        and entry.operands[0].base is value
    )
