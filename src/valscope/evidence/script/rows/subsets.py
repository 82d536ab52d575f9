"""Parts named in a string, as tensorflow_datasets and datasets take them: split="train[:80%]"."""

from __future__ import annotations

import re

from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Call, Item, Value
from valscope.nouns.script.rows import Place

_LOADS = frozenset({"load", "load_dataset", "builder", "as_dataset"})
_NAMED = re.compile(r"^\s*(\w+)(?:\[\s*(-?\d+%?)?\s*:\s*(-?\d+%?)?\s*\])?\s*$")


def named_subset(value: Value) -> tuple[tuple[str, str], str, str] | None:
    """(data set and its part, lower bound, upper bound), bounds as written; None for anything else."""
    position = None
    if isinstance(value, Item):
        position, value = constant(value.index), value.base
        if (
            isinstance(value, Item) and position is not None
        ):  # ((train, val), info) = load(..., with_info=True)
            value = value.base
    if not isinstance(value, Call) or last_name(value.function) not in _LOADS:
        return None
    name, split = constant(value.argument(0, "name", "path")), constant(value.argument(1, "split"))
    if isinstance(split, tuple) and isinstance(position, int) and 0 <= position < len(split):
        split = split[position]
    found = _NAMED.match(split) if isinstance(split, str) else None
    if found is None or not isinstance(name, str):
        return None
    return ((name, found[1]), found[2] or "", found[3] or "")


def counted(bound: str, whole: Place) -> Place:
    """The place that "80%", "800" or "-200" names."""
    place = whole.times(float(bound[:-1]) / 100) if bound.endswith("%") else Place(float(bound))
    return whole.plus(place) if bound.startswith("-") else place
