"""The one image that a value was made of."""

from __future__ import annotations

from collections.abc import Iterable

from valscope.evidence.script.flow.asking import constant, is_none, last_name
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Constant,
    Each,
    Item,
    Items,
    Name,
    Operation,
    Value,
)
from valscope.evidence.script.rows.subjects import given
from valscope.evidence.script.way.readers import reads

_MOST = 50  # values on the way back to an image
_ARITHMETIC = ("+", "-", "*", "/")
_PATHS = frozenset(
    {"join", "Path", "str", "format", "glob", "rglob", "iterdir", "listdir", "scandir", "walk"}
)
# Words in the names of functions that give a part of an image, which is no copy of another part.
_PARTS = ("crop", "patch", "tile", "part", "region", "roi", "slice", "split", "channel", "window", "extract", "segment",
          "half", "quadrant", "eye", "face", "box")  # fmt: skip


def same_image(first: Value, second: Value) -> bool:
    """Whether two entries are forms of one image; of rows with a label, also whether that is the same."""
    if isinstance(first, Items) != isinstance(second, Items):
        return False
    if isinstance(first, Items) and isinstance(second, Items):
        labels = all(_alike(a, b) for a, b in zip(first.items[1:], second.items[1:]))
        sizes = len(first.items) == len(second.items) > 0
        return sizes and labels and same_image(first.items[0], second.items[0])
    one, other = _origin(first, set()), _origin(second, set())
    return one is not None and other is not None and _alike(one, other)


def _alike(one: Value, other: Value) -> bool:
    if isinstance(one, Item) and isinstance(other, Item):
        return one is other or (one.base is other.base and one.index is other.index)
    return one is other or (
        isinstance(one, Constant) and isinstance(other, Constant) and one.value == other.value
    )


def _origin(value: Value | None, tried: set[int]) -> Value | None:
    """The one image that a value was made of: an element of a loop, an image that was read; None for other things.

    tried  what was followed already, in vain.
    """
    if (
        value is None
        or id(value) in tried
        or len(tried) > _MOST
        or isinstance(value, Constant | Name | Items)
    ):
        return None
    tried.add(id(value))
    if isinstance(value, Call):
        return _called(value, tried)
    if isinstance(value, Operation):
        return _first(value.operands, tried) if value.operator in _ARITHMETIC else None
    if isinstance(value, Each):
        flow = value.iterable
        single = isinstance(flow, Call) and last_name(flow.function) == "flow"
        return (_origin(given(flow), tried) or value) if single and isinstance(flow, Call) else value
    if isinstance(value, Item):
        return _item(value, tried)
    return None if isinstance(value, Attribute) else value


def _first(values: Iterable[Value | None], tried: set[int]) -> Value | None:
    found = (_origin(value, tried) for value in values)
    return next((origin for origin in found if origin is not None), None)


def _called(call: Call, tried: set[int]) -> Value | None:
    name = last_name(call.function)
    if reads(call, name) or any(part in name.lower() for part in _PARTS):
        return call
    if name in _PATHS:
        return None
    tool = call.function.base if isinstance(call.function, Attribute) else None
    made = _first((given(call), tool), tried)
    return call if made is None and call.context.loops else made


def _item(value: Item, tried: set[int]) -> Value | None:
    """x[i] is an image; a mirrored one is the same, a part of one is not."""
    if isinstance(constant(value.index), str | int) or isinstance(value.base, Each):
        inner = _origin(value.base, tried)
        return value if inner is None or inner is value.base else inner
    cuts = value.index.items if isinstance(value.index, Items) else [value.index]
    slices = [cut for cut in cuts if isinstance(cut, Operation) and cut.operator == "slice"]
    if any(not is_none(bound) for cut in slices for bound in cut.operands[:2]):
        return None
    return _origin(value.base, tried) if slices else value
