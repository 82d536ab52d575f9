"""What a function or a method works on, and what is known of that."""

from __future__ import annotations

from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Items, Value
from valscope.evidence.script.rows.words import PART_NAMES, PARTS, ROWS

_LISTS = frozenset({"listdir", "glob", "sorted", "list", "tolist", "list_files"})


def given(call: Call) -> Value | None:
    """The argument of a function that holds rows."""
    return call.argument(0, *ROWS)


def subject(call: Call) -> Value | None:
    """What a method or a function works on: its object, else its argument."""
    return call.function.base if isinstance(call.function, Attribute) else given(call)


def is_list(value: Value | None) -> bool:
    """Whether a value is known to be a Python list, so that + joins and * repeats."""
    if isinstance(value, Items):
        return value.kind == "list"
    return isinstance(value, Call) and last_name(value.function) in _LISTS


def chooses(call: Call) -> bool:
    """Whether another argument says which of the rows are meant: subset="training", Feed(files, "val")."""
    words = [constant(value) for value in (*call.arguments, *call.keywords.values())]
    return bool(PARTS & set(call.keywords)) or any(
        isinstance(w, str) and w.lower() in PART_NAMES for w in words
    )
