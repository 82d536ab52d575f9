"""Classes and functions that yield batches: what they do to the order, the images and the labels.

A class is read on an object whose constructor's arguments are unknown, so that both sides of a condition such
as `if self.validation` are seen; which side something stands on is kept as its guard.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from valscope.evidence.script.calls import follow, instantiate, run_method
from valscope.evidence.script.reading import Reading
from valscope.evidence.script.trail import UNKNOWN, Trail, first_of
from valscope.evidence.script.values import (
    Attribute,
    Call,
    Class,
    Constant,
    Context,
    Function,
    Item,
    Items,
    Operation,
    Parameter,
    Value,
    constant,
    dotted,
    last_name,
    reaches,
)
from valscope.evidence.script.world import Event, World
from valscope.nouns.fact import Fact
from valscope.nouns.script import SequenceClass

_BASES = frozenset({"Sequence", "PyDataset", "Dataset", "IterableDataset", "VisionDataset"})
_DRAWING = frozenset({"randint", "randrange", "random_integers", "choices", "integers"})
_CHANGING = (
    "random_rotation", "random_shift", "random_zoom", "random_shear", "random_flip", "random_transform", "random_crop",
    "random_brightness", "random_contrast", "augment", "flip_left_right", "fliplr", "flipud", "warpAffine", "rotate",
)  # fmt: skip
_PERMUTING = frozenset({"shuffle", "permutation"})


@dataclass(frozen=True, slots=True)
class _Seen:
    """What reading one batch showed: its result, the events, and the index that was asked for."""

    result: Value | None
    events: list[Event]
    index: Parameter | None


def sequences(reading: Reading) -> list[SequenceClass]:
    """All classes and functions that yield batches."""
    world = reading.world
    found = [
        *(
            world.patiently(partial(_class_facts, cls, reading))
            for cls in list(world.classes)
            if _is_sequence(cls)
        ),
        *(
            world.patiently(partial(_function_facts, f, reading))
            for f in list(world.functions)
            if _yields_batches(f)
        ),
    ]
    return [one for one in dict.fromkeys(found) if one is not None]


def _is_sequence(cls: Class) -> bool:
    named = any(last_name(base) in _BASES for base in cls.ancestors())
    return isinstance(cls.member("__getitem__"), Function) and (named or "__len__" in cls.members)


def _yields_batches(function: Function) -> bool:
    node: Any = function.node
    loops = [inner for inner in ast.walk(node) if isinstance(inner, ast.While | ast.For)]
    return any(isinstance(inner, ast.Yield) for loop in loops for inner in ast.walk(loop))


def _class_facts(cls: Class, reading: Reading) -> SequenceClass:
    seen = _batch_of_class(cls, reading.world)
    drawn = _drawn(seen)
    changed = _changed(seen)
    trail = _trail(seen, reading)
    counter = _counter(cls)
    return SequenceClass(
        cls.name,
        cls.source,
        base=next((last_name(base) for base in cls.ancestors()), ""),
        counter=Fact(counter[0], cls.parsed.source(counter[1])) if counter else None,
        counter_guard=counter[2] if counter else "",
        ignores_index=_ignores_index(cls, seen),
        with_replacement=Fact(drawn.text, drawn.source) if drawn else None,
        replacement_guard=_guard(drawn),
        floors=_floors(cls),
        shuffles=_shuffles(cls, reading.world),
        augments=Fact(changed.text, changed.source) if changed else None,
        augment_guard=_guard(changed),
        scale=trail.scale,
        scaling=tuple(step for step in trail.steps if step.kind == "scale"),
        labels=_labels(seen),
    )


def _function_facts(function: Function, reading: Reading) -> SequenceClass:
    world = reading.world
    start = len(world.events)
    call = Call(function.node, function.parsed, function, [], {}, Context())
    result = follow(call, function.scope, world)
    seen = _Seen(result, world.events[start:], None)
    drawn, changed = _drawn(seen), _changed(seen)
    trail = _trail(seen, reading)
    shuffled = next(
        (e for e in seen.events if isinstance(e, Call) and last_name(e.function) in _PERMUTING), None
    )
    return SequenceClass(
        function.name,
        function.source,
        base="function",
        with_replacement=Fact(drawn.text, drawn.source) if drawn else None,
        replacement_guard=_guard(drawn),
        shuffles=Fact(shuffled.text, shuffled.source) if shuffled else None,
        augments=Fact(changed.text, changed.source) if changed else None,
        augment_guard=_guard(changed),
        scale=trail.scale,
        scaling=tuple(step for step in trail.steps if step.kind == "scale"),
        labels=_labels(seen),
    )


def _batch_of_class(cls: Class, world: World) -> _Seen:
    instance = instantiate(None, cls, world, defaults=False)
    start = len(world.events)
    method = cls.member("__getitem__")
    assert isinstance(method, Function)
    names = [argument.arg for argument in method.node.args.args]  # type: ignore[attr-defined]
    index = Parameter(method.node, method.parsed, names[1] if len(names) > 1 else "index", "__getitem__")
    call = Call(method.node, method.parsed, method, [index], {}, Context("__getitem__", cls.name))
    result = run_method(instance, "__getitem__", call, world)
    return _Seen(result, world.events[start:], index)


def _trail(seen: _Seen, reading: Reading) -> Trail:
    result = seen.result
    if isinstance(result, Items) and result.kind == "generator" and result.items:
        result = result.items[0]
    return reading.walker.follow(first_of(result)) if result is not None else UNKNOWN


def _drawn(seen: _Seen) -> Call | None:
    """A random draw with replacement that picks images: a random index, or np.random.choice without
    replace=False."""
    picks = [event.index for event in seen.events if isinstance(event, Item)]
    for event in seen.events:
        if not isinstance(event, Call) or not _random(event):
            continue
        name = last_name(event.function)
        if name in _DRAWING and (name == "choices" or any(reaches(pick, event) for pick in picks)):
            return event
        if name == "choice" and _draws_items(event, picks):
            return event
    return None


def _random(call: Call) -> bool:
    name = dotted(call.function)
    return (
        "random" in name
        or name.startswith(("rng.", "np."))
        or last_name(call.function) in ("randint", "randrange")
    )


def _draws_items(call: Call, picks: list[Value]) -> bool:
    """np.random.choice draws with replacement unless told not to; random.choice draws one each time."""
    source = call.argument(0, "a", "seq")
    if constant(call.argument(2, "replace")) is False or constant(source) is not None:
        return False  # a choice between literals (True, False) picks no image
    return any(reaches(pick, call) for pick in picks) or "numpy" not in dotted(call.function)


def _changed(seen: _Seen) -> Call | None:
    """A random change of an image."""
    calls = [event for event in seen.events if isinstance(event, Call)]
    return next(
        (call for call in calls if last_name(call.function).startswith(_CHANGING) or _albumentations(call)),
        None,
    )


def _albumentations(call: Call) -> bool:
    return (
        "image" in call.keywords
        and isinstance(call.function, Attribute | Parameter)
        and "aug" in dotted(call.function)
    )


def _guard(call: Call | None) -> str:
    """Name of the flag under which something happens, with "not " where it is the other side of it."""
    if call is None:
        return ""
    for condition, holds in reversed(call.context.guards):
        value, positive = condition, holds
        if isinstance(value, Operation) and value.operator == "not":
            value, positive = value.operands[0], not holds
        if isinstance(value, Call):  # a coin (random.random() < 0.5 and the like) is no flag
            continue
        names = [*value.names, getattr(value, "name", "")]
        name = next((n for n in names if n), "")
        if name:
            return name if positive else f"not {name}"
    return ""


def _counter(cls: Class) -> tuple[str, int, str] | None:
    """(attribute, line, guard) of `self.x += n` in a batch that no on_epoch_end sets back."""
    reset = {name for name, _, _ in _assigned(cls, ("on_epoch_end", "on_epoch_begin", "reset", "__iter__"))}
    for name, line, guard in _advanced(cls):
        if name not in reset:
            return name, line, guard
    return None


def _methods(cls: Class, names: tuple[str, ...] | None) -> Iterator[Any]:
    for name, member in cls.members.items():
        if isinstance(member, Function) and (name in names if names else name not in _NOT_BATCH):
            yield member.node


_NOT_BATCH = frozenset({"__init__", "on_epoch_end", "on_epoch_begin", "__len__", "reset", "__iter__"})


def _assigned(cls: Class, names: tuple[str, ...]) -> Iterator[tuple[str, int, str]]:
    for method in _methods(cls, names):
        for node in ast.walk(method):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                if _own(target):
                    yield target.attr, node.lineno, ""  # type: ignore[attr-defined]


def _advanced(cls: Class) -> Iterator[tuple[str, int, str]]:
    for method in _methods(cls, None):
        for node, guard in _guarded(method, ""):
            if isinstance(node, ast.AugAssign) and _own(node.target) and isinstance(node.op, ast.Add):
                yield node.target.attr, node.lineno, guard  # type: ignore[union-attr]
            if isinstance(node, ast.Assign) and _own(node.targets[0]) and _adds_itself(node):
                yield node.targets[0].attr, node.lineno, guard  # type: ignore[attr-defined]


def _guarded(node: ast.AST, guard: str) -> Iterator[tuple[ast.AST, str]]:
    """Statements with the flag under which they stand."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If):
            flag = child.test.attr if _own(child.test) else guard  # type: ignore[attr-defined]
            for inner in child.body:
                yield inner, flag
                yield from _guarded(inner, flag)
            for inner in child.orelse:
                yield inner, f"not {flag}" if flag and flag != guard else guard
                yield from _guarded(inner, guard)
        else:
            yield child, guard
            yield from _guarded(child, guard)


def _own(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _adds_itself(node: ast.Assign) -> bool:
    name = node.targets[0].attr  # type: ignore[attr-defined]
    adds = [
        inner
        for inner in ast.walk(node.value)
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add)
    ]
    return any(_own(inner.left) and inner.left.attr == name for inner in adds)  # type: ignore[attr-defined]


def _ignores_index(cls: Class, seen: _Seen) -> Fact[bool] | None:
    """Whether the batch does not depend on its index; None where what it depends on cannot be told."""
    if seen.index is None or seen.result is None or isinstance(seen.result, Constant):
        return None
    method = cls.member("__getitem__")
    assert isinstance(method, Function)
    return Fact(not reaches(seen.result, seen.index), method.source)


def _floors(cls: Class) -> Fact[str] | None:
    """`n // batch`, int(n / batch) or floor in __len__."""
    method = cls.member("__len__")
    if not isinstance(method, Function):
        return None
    for node in ast.walk(method.node):
        if not isinstance(node, ast.Return) or node.value is None:
            continue
        text = ast.unparse(node.value)
        divides = any(
            isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div | ast.FloorDiv) for n in ast.walk(node)
        )
        up = "ceil" in text or "-(-" in text or "- 1" in text or "+ 1" in text or "round" in text
        if divides and not up and ("//" in text or "int(" in text or "floor" in text):
            return Fact(text, method.parsed.source(node.lineno))
    return None


def _shuffles(cls: Class, world: World) -> Fact[str] | None:
    for event in world.events:
        inside = isinstance(event, Call) and event.context.owner == cls.name
        if inside and isinstance(event, Call) and last_name(event.function) in _PERMUTING:
            return Fact(event.context.function, event.source)
    return None


def _labels(seen: _Seen) -> Fact[str] | None:
    calls = [event for event in seen.events if isinstance(event, Call)]
    found = next((call for call in calls if last_name(call.function) in ("to_categorical", "one_hot")), None)
    return Fact(found.text, found.source) if found else None
