"""Calls whose result can be told: arithmetic, short ranges, list building."""

from __future__ import annotations

from valscope.evidence.script.flow import arithmetic
from valscope.evidence.script.flow.asking import constant, is_none
from valscope.evidence.script.flow.values import Attribute, Call, Constant, Items, Name, Table, Value

_COLLECTIONS = frozenset({"list", "tuple", "set", "sorted", "reversed"})
_UNROLLED = 16  # a loop over a longer range is read once


def plain(call: Call) -> Value | None:
    """Builtins and arithmetic of what is known."""
    if not isinstance(call.function, Name):
        return None
    name, arguments = call.function.dotted, call.arguments
    if name == "dict":
        return _dict(call)
    if call.keywords:
        return None
    if name in _COLLECTIONS and len(arguments) == 1 and isinstance(arguments[0], Items):
        kind = arguments[0].kind if name in ("sorted", "reversed") else name
        return Items(call.node, call.parsed, arguments[0].items, kind, arguments[0].open)
    if name == "vars" and len(arguments) == 1 and isinstance(arguments[0], Call):
        return _vars(call, arguments[0])
    if name == "range" and 1 <= len(arguments) <= 3:
        return _range(call)
    if name.endswith(("image_data_format", "image_dim_ordering")) and not arguments:
        return Constant(call.node, call.parsed, "channels_last" if name.endswith("format") else "tf")
    values = [constant(argument) for argument in arguments]
    if any(value is None and not is_none(given) for value, given in zip(values, arguments)):
        return None
    result = arithmetic.call(name, values)
    return None if result is None else Constant(call.node, call.parsed, result)


def _dict(call: Call) -> Value | None:
    """dict(seed=1, subset="training"), also of another dict."""
    first = call.arguments[0] if call.arguments else Table(call.node, call.parsed, [])
    if not isinstance(first, Table) or len(call.arguments) > 1 or call.spread:
        return None
    named: list[tuple[Value, Value]] = [
        (Constant(call.node, call.parsed, name), value) for name, value in call.keywords.items()
    ]
    return Table(call.node, call.parsed, [*first.pairs, *named], first.open)


def _vars(call: Call, options: Call) -> Value | None:
    """vars(parser.parse_args()): options by name."""
    pairs: list[tuple[Value, Value]] = [
        (Constant(call.node, call.parsed, name), value) for name, value in options.defaults.items()
    ]
    return Table(call.node, call.parsed, pairs, True) if pairs else None


def _range(call: Call) -> Value | None:
    values = [constant(argument) for argument in call.arguments]
    if not all(type(value) is int for value in values) or (len(values) == 3 and not values[2]):
        return None
    numbers = range(*values)
    if len(numbers) > _UNROLLED:
        return None
    return Items(call.node, call.parsed, [Constant(call.node, call.parsed, n) for n in numbers], "list")


def change(call: Call) -> None:
    """What append, extend, insert and pop do to a list of the text."""
    function = call.function
    if not isinstance(function, Attribute) or not call.arguments:
        return
    target, value = function.base, call.arguments[-1]
    if function.name not in ("append", "add", "insert", "extend", "appendleft"):
        return
    if not isinstance(target, Items):
        target.stored.append(value)
    elif function.name == "extend" and isinstance(value, Items):
        target.items.extend(value.items)
        target.open |= value.open
    else:
        target.items.append(value)
        target.open |= call.context.loops > 0
