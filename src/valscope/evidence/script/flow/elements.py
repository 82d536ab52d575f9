"""One element of an iterable, one part of several: what loops, unpacking and datasets hand on."""

from __future__ import annotations

from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Each, Either, Item, Items, Parameter, Value


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
