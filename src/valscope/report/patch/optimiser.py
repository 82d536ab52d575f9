"""Optimiser, its rate and other plain numbers in the user's code."""

from __future__ import annotations

from collections.abc import Callable

from valscope.report.patch.asked import Asked
from valscope.report.patch.calls import Argument, Call
from valscope.report.patch.edit import Edit
from valscope.report.patch.values import added, imports, inner, keras_module, quoted, set_value

OPTIMISERS = {
    "adam": "Adam", "adamw": "AdamW", "sgd": "SGD", "rmsprop": "RMSprop", "adadelta": "Adadelta",
    "adagrad": "Adagrad", "nadam": "Nadam",
}  # fmt: skip


def rate(asked: Asked) -> list[Edit]:
    """`lr=`, `learning_rate=`, the first argument of an optimiser, `optimizer="adam"`, or a plain number."""
    if not asked.number:
        return []
    for call in asked.calls:
        argument = call.argument("learning_rate", "lr") or _first_number(call)
        if argument is not None:
            return [set_value(asked.code, argument, asked.after)]
    return _named_optimiser(asked) or _unset_rate(asked) or asked.plain_number()


def _first_number(call: Call) -> Argument | None:
    """`Adam(0.01)`; the first argument of torch's are the parameters."""
    given = call.positional[0] if call.last in OPTIMISERS.values() and call.positional else None
    return (
        given if given is not None and len(given.tokens) == 1 and given.tokens[0].kind == "number" else None
    )


def _named(call: Call) -> Argument | None:
    """The optimiser of a compile as a string."""
    argument = call.argument("optimizer")
    if argument is None and call.last == "compile" and call.positional:
        argument = call.positional[0]
    plain = argument is not None and len(argument.tokens) == 1 and argument.tokens[0].kind == "string"
    return argument if plain else None


def _named_optimiser(asked: Asked) -> list[Edit]:
    for call in asked.calls:
        argument = _named(call)
        name = OPTIMISERS.get(inner(argument.tokens[0]).lower()) if argument is not None else None
        if argument is not None and name is not None:
            made = Edit(argument.value_start, argument.end, f"{name}(learning_rate={asked.after})")
            return [
                *imports(asked.code, f"{keras_module(asked.code)}.optimizers", name, asked.statement),
                made,
            ]
    return []


def _unset_rate(asked: Asked) -> list[Edit]:
    """`Adam()`, and keywords other than the rate."""
    found = [c for c in asked.calls if c.last in OPTIMISERS.values() and not c.positional]
    return [added(found[0], f"learning_rate={asked.after}")] if len(found) == 1 else []


def optimiser(asked: Asked) -> list[Edit]:
    """Another optimiser: only where it is named by a string, or after a dot."""
    new = OPTIMISERS.get(asked.after)
    for call in asked.calls:
        argument = _named(call)
        if argument is not None:
            return [Edit(argument.value_start, argument.end, quoted(argument.tokens[0], asked.after))]
        if new and call.last == OPTIMISERS.get(asked.before) and "." in call.name:
            return [Edit(call.opens - len(call.last), call.opens, new)]
    return []


def keyword_number(*names: str) -> Callable[[Asked], list[Edit]]:
    """An editor of a number that stands behind one of these keywords; None takes the argument away."""

    def editor(asked: Asked) -> list[Edit]:
        if asked.after == "None":
            return asked.dropped(*names)
        argument = asked.keyword(*names)
        if argument is None or not asked.number:
            return asked.plain_number()
        return [set_value(asked.code, argument, asked.after)]

    return editor
