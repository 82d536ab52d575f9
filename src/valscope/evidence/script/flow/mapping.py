"""dataset.map(function): what the function makes of one element."""

from __future__ import annotations

from valscope.evidence.script.flow.asking import last_name
from valscope.evidence.script.flow.entering import apply
from valscope.evidence.script.flow.values import Attribute, Call, Constant, Each, Function, Item, Value
from valscope.evidence.script.flow.world import World


def map_over(call: Call, world: World) -> None:
    """dataset.map(function): what the function makes of one element."""
    if last_name(call.function) not in ("map", "apply", "applymap") or not call.arguments:
        return
    if isinstance(call.function, Attribute):
        function, source = call.arguments[0], call.function.base
    elif len(call.arguments) == 2:
        function, source = call.arguments[0], call.arguments[1]
    else:
        return
    one = Each(call.node, call.parsed, source)
    if not isinstance(function, Function):
        call.mapped = _mapped_unknown(call, function, one, world)
        return
    count = len(function.node.args.args) - (function.owner is not None)  # type: ignore[attr-defined]
    if count == 1:
        call.mapped = apply(function, [one], world, call)
    else:
        parts: list[Value] = [
            Item(call.node, call.parsed, one, Constant(call.node, call.parsed, position))
            for position in range(count)
        ]
        call.mapped = apply(function, parts, world, call)


def _mapped_unknown(call: Call, function: Value, one: Value, world: World) -> Value:
    made = Call(call.node, call.parsed, function, [one], {}, call.context)
    world.events.append(made)
    return made
