"""Numbers for things that are cut and counted: the same thing, the same number."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Item, Name, Value
from valscope.evidence.script.rows.words import FRAMES, KEEPING
from valscope.evidence.script.way.flows import TORCH_SETS

_READS = frozenset({"load", "imread", "listdir", "glob", *FRAMES, *TORCH_SETS})
_CHANGES = ("transform", "target_transform", "download")


@dataclass(eq=False)
class Things:
    """`at` gives a value's number, `of` the value that was given one first."""

    of: list[Value] = field(default_factory=list)
    _known: dict[Hashable, int] = field(default_factory=dict)

    def at(self, value: Value, key: Hashable = None) -> int:
        """The number of a value, or of what `key` names; of data['x'] the same wherever it is written."""
        key = _key(value) if key is None else key
        if key not in self._known:
            self._known[key] = len(self.of)
            self.of.append(value)
        return self._known[key]


def _key(value: Value, depth: int = 0) -> Hashable:
    if depth < 8 and isinstance(value, Attribute):
        return (_key(value.base, depth + 1), value.name)
    if depth < 8 and isinstance(value, Item) and isinstance(constant(value.index), str | int):
        return (_key(value.base, depth + 1), constant(value.index))
    if depth < 8 and isinstance(value, Call) and last_name(value.function) in _READS:
        return _read(value) or id(value)
    return id(value)


def _read(call: Call) -> Hashable:
    """The same file read twice is one thing."""
    name = last_name(call.function)
    changes = _CHANGES if name in TORCH_SETS else ()
    words = {word: value for word, value in call.keywords.items() if word not in changes}
    known = [constant(value) for value in (*call.arguments, *words.values())]
    if not known or not isinstance(known[0], str) or not all(isinstance(k, str | int) for k in known):
        return None
    return (name, *known, *words)


def is_table(value: Value, depth: int = 0) -> bool:
    """Whether a value is a table, so that its columns have its rows."""
    if any(word in name.lower().split("_") for name in value.names for word in ("df", "frame", "dataframe")):
        return True
    if isinstance(value, Call) and depth < 20:
        name = last_name(value.function)
        if name in FRAMES or name in ("concat", "sample"):
            return True
        passes = name in KEEPING and isinstance(value.function, Attribute)
        return passes and is_table(value.function.base, depth + 1)  # type: ignore[attr-defined]
    if isinstance(value, Item) and depth < 20:
        return is_table(value.base, depth + 1)
    return isinstance(value, Name) and value.dotted.lower().endswith("df")
