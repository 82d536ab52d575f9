"""Classes and functions that yield batches: what they do to the order, the images and the labels.

A class is read on an object whose constructor's arguments are unknown, so that both sides of a condition such
as `if self.validation` are seen; which side something stands on is kept as its guard.
"""

from __future__ import annotations

import ast
from functools import partial
from typing import Any

from valscope.evidence.script.facts.batches import Seen, changed_in, drawn_in, guard_of, labels_in
from valscope.evidence.script.facts.counters import counter_of, floors
from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.flow.asking import last_name, reaches
from valscope.evidence.script.flow.calls import follow
from valscope.evidence.script.flow.elements import first_of
from valscope.evidence.script.flow.entering import instantiate, run_method
from valscope.evidence.script.flow.values import Call, Class, Constant, Context, Function, Items, Parameter
from valscope.evidence.script.flow.world import World
from valscope.evidence.script.way.trail import UNKNOWN, Trail
from valscope.nouns.fact import Fact
from valscope.nouns.script import SequenceClass

_BASES = frozenset({"Sequence", "PyDataset", "Dataset", "IterableDataset", "VisionDataset"})
_PERMUTING = frozenset({"shuffle", "permutation"})


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
    drawn = drawn_in(seen)
    changed = changed_in(seen)
    trail = _trail(seen, reading)
    counter = counter_of(cls)
    return SequenceClass(
        cls.name,
        cls.source,
        base=next((last_name(base) for base in cls.ancestors()), ""),
        counter=Fact(counter[0], cls.parsed.source(counter[1])) if counter else None,
        counter_guard=counter[2] if counter else "",
        ignores_index=_ignores_index(cls, seen),
        with_replacement=Fact(drawn.text, drawn.source) if drawn else None,
        replacement_guard=guard_of(drawn),
        floors=floors(cls),
        shuffles=_shuffles(cls, reading.world),
        augments=Fact(changed.text, changed.source) if changed else None,
        augment_guard=guard_of(changed),
        scale=trail.scale,
        scaling=tuple(step for step in trail.steps if step.kind == "scale"),
        labels=labels_in(seen),
    )


def _function_facts(function: Function, reading: Reading) -> SequenceClass:
    world = reading.world
    start = len(world.events)
    call = Call(function.node, function.parsed, function, [], {}, Context())
    result = follow(call, function.scope, world)
    seen = Seen(result, world.events[start:], None)
    drawn, changed = drawn_in(seen), changed_in(seen)
    trail = _trail(seen, reading)
    shuffled = next(
        (e for e in seen.events if isinstance(e, Call) and last_name(e.function) in _PERMUTING), None
    )
    return SequenceClass(
        function.name,
        function.source,
        base="function",
        with_replacement=Fact(drawn.text, drawn.source) if drawn else None,
        replacement_guard=guard_of(drawn),
        shuffles=Fact(shuffled.text, shuffled.source) if shuffled else None,
        augments=Fact(changed.text, changed.source) if changed else None,
        augment_guard=guard_of(changed),
        scale=trail.scale,
        scaling=tuple(step for step in trail.steps if step.kind == "scale"),
        labels=labels_in(seen),
    )


def _batch_of_class(cls: Class, world: World) -> Seen:
    instance = instantiate(None, cls, world, defaults=False)
    start = len(world.events)
    method = cls.member("__getitem__")
    assert isinstance(method, Function)
    names = [argument.arg for argument in method.node.args.args]  # type: ignore[attr-defined]
    index = Parameter(method.node, method.parsed, names[1] if len(names) > 1 else "index", "__getitem__")
    call = Call(method.node, method.parsed, method, [index], {}, Context("__getitem__", cls.name))
    result = run_method(instance, "__getitem__", call, world)
    return Seen(result, world.events[start:], index)


def _trail(seen: Seen, reading: Reading) -> Trail:
    result = seen.result
    if isinstance(result, Items) and result.kind == "generator" and result.items:
        result = result.items[0]
    return reading.walker.follow(first_of(result)) if result is not None else UNKNOWN


def _ignores_index(cls: Class, seen: Seen) -> Fact[bool] | None:
    """Whether the batch does not depend on its index; None where what it depends on cannot be told."""
    if seen.index is None or seen.result is None or isinstance(seen.result, Constant):
        return None
    method = cls.member("__getitem__")
    assert isinstance(method, Function)
    return Fact(not reaches(seen.result, seen.index), method.source)


def _shuffles(cls: Class, world: World) -> Fact[str] | None:
    for event in world.events:
        inside = isinstance(event, Call) and event.context.owner == cls.name
        if inside and isinstance(event, Call) and last_name(event.function) in _PERMUTING:
            return Fact(event.context.function, event.source)
    return None
