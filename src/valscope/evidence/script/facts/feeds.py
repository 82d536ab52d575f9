"""Generators, datasets and loaders with their settings."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from valscope.evidence.script.build.written import shape_of
from valscope.evidence.script.facts.settings import flag, integer, number, text, words
from valscope.evidence.script.flow.asking import is_none, last_name
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Function,
    Instance,
    Item,
    Items,
    Operation,
    Value,
)
from valscope.evidence.script.way.flows import FLOWS, FOLDERS, OPERATIONS, SOURCES, TORCH_SETS, generator_of
from valscope.evidence.script.way.walker import Walker
from valscope.nouns.fact import Fact
from valscope.nouns.script import Feed, Step, Use
from valscope.nouns.script.feeding import FeedKind

LARGEST_BATCH = 4096  # images
_DEEPEST = 8  # calls and lists around a slice
_PATHS = frozenset({"str", "Path", "fspath", "abspath", "expanduser"})


def feed_of(value: Value, walker: Walker, use: Use) -> Feed | None:
    """The facts of a feed; None for arrays and for what the text does not show."""
    trail = walker.follow(value)
    made = trail.feed
    if made is None:
        return None
    scaling = tuple(step for step in trail.steps if step.kind == "scale")
    augmentation = tuple(step for step in trail.steps if step.kind == "augment")
    base = settings_of(made)
    feed = Feed(_kind(made), use, (base or made).source, name=(made.names or value.names or [""])[0])
    feed = _with_settings(feed, base) if base is not None else feed
    from dataclasses import replace

    return replace(
        feed,
        scale=trail.scale,
        scaling=scaling,
        augmentation=augmentation,
        operations=tuple(operations(value)),
        drops_last=_drops(value),
        batch_size=feed.batch_size or _batch(value) or _batch_of_object(made) or _batch_of_function(made),
    )


def _kind(made: Value) -> FeedKind:
    if isinstance(made, Instance):
        return "sequence"
    if isinstance(made, Items):
        return "generator"
    base = settings_of(made)
    name = last_name(base.function) if base is not None else ""
    if name in FLOWS or name in FOLDERS:
        return name  # type: ignore[return-value]
    return "DataLoader" if name == "DataLoader" or name in TORCH_SETS else "tf.data"


def settings_of(made: Value | None) -> Call | None:
    """The call that carries a feed's settings, below the operations of tf.data."""
    while isinstance(made, Call):
        name = last_name(made.function)
        if (
            name in FLOWS
            or name in FOLDERS
            or name in ("DataLoader",)
            or name in TORCH_SETS
            or name in SOURCES
        ):
            return made
        made = made.function.base if isinstance(made.function, Attribute) else None
        made = made.base if isinstance(made, Item) else made
    return None


def _with_settings(feed: Feed, call: Call) -> Feed:
    name = last_name(call.function)
    if name in SOURCES:
        return feed
    maker = generator_of(call)
    split = call.argument(None, "validation_split") or (
        maker.argument(None, "validation_split") if maker else None
    )
    mode = call.argument(None, "class_mode", "label_mode")
    shape = shape_of(call.argument(1 if name == "flow_from_directory" else None, "target_size", "image_size"))
    size_at = call.argument(1 if name == "flow_from_directory" else None, "target_size", "image_size")
    aspect = call.argument(None, "crop_to_aspect_ratio", "keep_aspect_ratio", "pad_to_aspect_ratio")
    known = tuple(n for n in shape if n is not None) if shape and None not in shape else None
    return Feed(
        feed.kind,
        feed.use,
        feed.source,
        name=feed.name,
        directory=_folder(call.argument(0, "directory", "root")) if name != "flow" else None,
        class_mode=text(mode) if not is_none(mode) or mode is None else Fact("none", mode.source),
        size=Fact(known, size_at.source) if known and size_at is not None else None,
        colour=text(call.argument(None, "color_mode")),
        batch_size=integer(call.argument(1 if name == "DataLoader" else None, "batch_size")),
        shuffle=flag(call.argument(2 if name == "DataLoader" else None, "shuffle")),
        seed=integer(call.argument(None, "seed")),
        subset=text(call.argument(None, "subset")),
        validation_split=number(split),
        interpolation=text(call.argument(None, "interpolation")),
        keeps_aspect=flag(aspect),
        classes=words(call.argument(None, "classes", "class_names")),
        drops_last=flag(call.argument(None, "drop_last")),
    )


def _folder(value: Value | None) -> Fact[str] | None:
    """A folder's path; of one that is joined from parts of which only the last is known, that last part."""
    found = text(value)
    if found is not None or value is None:
        return found
    if isinstance(value, Operation) and value.operator == "/":
        return text(value.operands[1])
    if isinstance(value, Call) and value.arguments:
        name = last_name(value.function)
        if name == "join" or name in _PATHS:
            return _folder(value.arguments[-1])
    return None


def operations(value: Value | None) -> list[Step]:
    """tf.data operations on the way, first to last."""
    found: list[Step] = []
    while isinstance(value, Call) and isinstance(value.function, Attribute):
        if value.function.name in OPERATIONS:
            named = (f"{name}={argument.text}" for name, argument in value.keywords.items())
            given = ", ".join((*(argument.text for argument in value.arguments), *named))
            found.append(Step("batch", value.function.name, given, value.source))
        value = value.function.base
        value = value.base if isinstance(value, Item) else value
    return found[::-1]


def _batch(value: Value | None) -> Fact[int] | None:
    while isinstance(value, Call) and isinstance(value.function, Attribute):
        if value.function.name in ("batch", "padded_batch"):
            return integer(value.argument(0, "batch_size"))
        value = value.function.base
    return None


def _batch_of_object(made: Value) -> Fact[int] | None:
    """The whole number that an object of the text divides its length by, else keeps under a name with "batch" in it."""
    if not isinstance(made, Instance):
        return None
    for names in (_divisors(made), {n for n in made.attributes if "batch" in n.lower()}):
        kept = [integer(value) for name, value in made.attributes.items() if name in names]
        sizes = [fact for fact in kept if fact is not None and 0 < fact.value <= LARGEST_BATCH]
        if len({fact.value for fact in sizes}) == 1:
            return sizes[0]
    return None


def _batch_of_function(made: Value) -> Fact[int] | None:
    """The length of the slices that a generator function yields: `labels[i : i + 24]`."""
    if not isinstance(made, Items) or made.kind != "generator":
        return None
    cuts = [item.index for item in _inside(made) if isinstance(item, Item)]
    slices = [cut for cut in cuts if isinstance(cut, Operation) and cut.operator == "slice"]
    sizes = [integer(_beyond(*cut.operands[:2])) for cut in slices]
    found = [fact for fact in sizes if fact is not None and 0 < fact.value <= LARGEST_BATCH]
    return found[0] if len({fact.value for fact in found}) == 1 else None


def _beyond(start: Value, end: Value) -> Value | None:
    """What is added to the start of a slice to give its end."""
    if not isinstance(end, Operation) or end.operator != "+" or start not in end.operands:
        return None
    return next((operand for operand in end.operands if operand is not start), None)


def _inside(value: Value, depth: int = 0) -> Iterator[Value]:
    """A value and what it is made of."""
    yield value
    parts: list[Value] = []
    if isinstance(value, Items):
        parts = value.items
    elif isinstance(value, Call):
        parts = value.arguments
    elif isinstance(value, Item):
        parts = [value.base]
    for part in parts if depth < _DEEPEST else ():
        yield from _inside(part, depth + 1)


def _divisors(made: Instance) -> set[str]:
    """Attributes that stand below a division bar in `__len__`: `len(self.files) // self.size`."""
    length = made.cls.member("__len__")
    nodes = list(ast.walk(length.node)) if isinstance(length, Function) else []
    below = [n.right for n in nodes if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div | ast.FloorDiv)]
    return {n.attr for side in below for n in ast.walk(side) if isinstance(n, ast.Attribute)}


def _drops(value: Value | None) -> Fact[bool] | None:
    while isinstance(value, Call) and isinstance(value.function, Attribute):
        if value.function.name == "batch":
            return flag(value.argument(1, "drop_remainder"))
        value = value.function.base
    return None
