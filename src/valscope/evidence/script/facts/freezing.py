"""What is frozen, what is thawed, and `layers.pop()`."""

from __future__ import annotations

from typing import Literal

from valscope.evidence.script.build.models import is_built, key, ready_made, roots
from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.flow.asking import constant, is_none
from valscope.evidence.script.flow.elements import element_of
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Each,
    Item,
    Items,
    Operation,
    Parameter,
    Value,
)
from valscope.evidence.script.flow.world import Setting
from valscope.nouns.fact import Source
from valscope.nouns.script import Freeze

Of = Literal["backbone", "model", "layer", "unknown"]
_LISTS = frozenset({"layers", "parameters", "children", "modules", "named_parameters", "features"})


def freezes(reading: Reading) -> list[Freeze]:
    """Assignments to trainable and requires_grad, in order, each once."""
    found: list[Freeze] = []
    for setting in reading.settings:
        plain = constant(setting.value)
        if setting.name not in ("trainable", "requires_grad") or not isinstance(plain, bool):
            continue
        owner, part = _target(setting.target)
        cut = " ".join(filter(None, (part, _condition(setting)))) if part != "one layer" else part
        late = _after_compile(reading, owner, setting.order)
        freeze = _freeze(reading, plain, owner, cut, setting.source, late)
        if freeze not in found:
            found.append(freeze)
    for call in reading.methods("requires_grad_"):
        value = call.arguments[0] if call.arguments else None
        owner, part = _target(call.function.base)  # type: ignore[attr-defined]
        found.append(_freeze(reading, constant(value) is not False, owner, part, call.source, False))
    return found


def pops(reading: Reading) -> list[Source]:
    """`model.layers.pop()`"""
    found = [
        call.source for call in reading.methods("pop")
        if isinstance(call.function, Attribute) and isinstance(call.function.base, Attribute)
        and call.function.base.name == "layers"
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def _freeze(reading: Reading, value: bool, owner: Value, part: str, source: Source, late: bool) -> Freeze:
    root = roots(owner)[0] if roots(owner) else owner
    name = ready_made(root) if isinstance(root, Call) else None
    of: Of = "backbone" if name else "model" if is_built(root) else "unknown"
    if part == "one layer":
        of, part = "layer", ""
    elif of == "unknown" and isinstance(owner, Attribute | Item | Call):
        of = "layer" if isinstance(owner, Call) else of
    target = name or owner.text or str(getattr(owner, "dotted", ""))
    return Freeze(
        value,
        of,
        target,
        source,
        part,
        late,
        _network(reading, root),
    )


def _network(reading: Reading, root: Value) -> int | None:
    """The network that is frozen, or that holds the frozen backbone."""
    index = reading.networks.index(root)
    if index is not None:
        return index
    for position, network in enumerate(reading.networks.built):
        if any(layer.source == root.source for layer in network.layers):
            return position
    return None


def _target(target: Value) -> tuple[Value, str]:
    """(network, which part of it) of an assignment's target; part "" is the whole of it."""
    if isinstance(target, Each):
        return _listed(target.iterable)
    if isinstance(target, Item):
        base = target.base
        if isinstance(base, Attribute) and base.name == "layers" and isinstance(target.index, Each):
            return base.base, ""  # `for n in range(len(model.layers)): model.layers[n]`
        if isinstance(base, Each):  # enumerate(model.layers) and named_parameters()
            inner = element_of(base.iterable)
            position = constant(target.index)
            if isinstance(inner, Items) and type(position) is int and position < len(inner.items):
                return _target(inner.items[position])
            return _listed(base.iterable)
        if isinstance(base, Attribute) and base.name == "layers":
            return base.base, "one layer"
    if (
        isinstance(target, Call)
        and isinstance(target.function, Attribute)
        and target.function.name == "get_layer"
    ):
        return target.function.base, "one layer"
    return target, ""


def _listed(value: Value) -> tuple[Value, str]:
    if isinstance(value, Item) and isinstance(value.index, Operation) and value.index.operator == "slice":
        owner, _ = _listed(value.base)
        return owner, f"[{_cut(value.index)}]"
    if isinstance(value, Call) and isinstance(value.function, Attribute) and value.function.name in _LISTS:
        return value.function.base, ""
    if isinstance(value, Attribute) and value.name in _LISTS:
        return value.base, ""
    return value, ""


def _cut(index: Operation) -> str:
    """A slice as it stands, with numbers in the place of names that stand for them."""
    ends = [constant(end) for end in index.operands]
    if len(ends) == 3 and all(type(n) is int or is_none(v) for n, v in zip(ends, index.operands)):
        lower, upper, step = ("" if n is None else str(n) for n in ends)
        return f"{lower}:{upper}" + (f":{step}" if step else "")
    return index.text or "..."


def _condition(setting: Setting) -> str:
    """The condition inside a loop over layers that picks some of them, "" where there is none."""
    target = setting.target
    if isinstance(target, Item):
        target = target.index if isinstance(target.index, Each) else target.base
    if not isinstance(target, Each) or len(setting.context.guards) <= target.guards:
        return ""
    guard, holds = setting.context.guards[-1]
    return _up_to(guard, holds, target) or (f"where {guard.text}" if holds else f"where not {guard.text}")


def _up_to(guard: Value, holds: bool, each: Each) -> str:
    """The slice that a condition on a layer's number picks: `if n < 16` is "[:16]"; "" for another condition."""
    if not isinstance(guard, Operation) or guard.operator not in ("<", "<=", ">", ">="):
        return ""
    counted, bound = guard.operands[0], constant(guard.operands[1])
    if type(bound) is not int or not (counted is each or _is_number_of(counted, each)):
        return ""
    place = bound + (guard.operator in ("<=", ">"))
    return f"[:{place}]" if (guard.operator in ("<", "<=")) == holds else f"[{place}:]"


def _is_number_of(value: Value, each: Each) -> bool:
    """Whether a value is the number that enumerate gives beside each layer."""
    return (isinstance(value, Parameter) and value.name == "index") or (
        isinstance(value, Item) and value.base is each and constant(value.index) == 0
    )


def _after_compile(reading: Reading, owner: Value, order: int) -> bool:
    """Whether the network that this belongs to had been compiled before, and neither it nor a network that
    holds it is compiled afterwards (the discriminator of a GAN is frozen so, on purpose)."""
    found = roots(owner)
    network = _network(reading, found[0] if found else owner)
    keys = {key(root) for root in found}
    events = reading.world.events
    compiled = [(place, event.function.base) for place, event in enumerate(events) if _compiles(event)]  # type: ignore[union-attr]

    def is_it(base: Value) -> bool:
        known = network is not None and reading.networks.index(base) == network
        return known or any(key(root) in keys for root in roots(base))

    if not any(place < order and is_it(base) for place, base in compiled):
        return False
    return not any(
        place >= order and (is_it(base) or _holds(reading, base, found)) for place, base in compiled
    )


def _compiles(event: object) -> bool:
    return (
        isinstance(event, Call) and isinstance(event.function, Attribute) and event.function.name == "compile"
    )


def _holds(reading: Reading, base: Value, found: list[Value]) -> bool:
    """Whether a network has one of these as a part."""
    position = reading.networks.index(base)
    layers = reading.networks.built[position].layers if position is not None else ()
    return any(layer.source == root.source for layer in layers for root in found)
