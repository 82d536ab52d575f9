"""Calls: those of the text's own functions are followed, known plain ones computed, all others recorded."""

from __future__ import annotations

import ast
from typing import Any

from valscope.evidence.script.flow.asking import constant, either
from valscope.evidence.script.flow.builtin import change, plain
from valscope.evidence.script.flow.entering import enter, instantiate, stand_in
from valscope.evidence.script.flow.mapping import map_over
from valscope.evidence.script.flow.options import defaults_of
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Class,
    Either,
    Function,
    Instance,
    Items,
    Name,
    Parameter,
    Table,
    Value,
)
from valscope.evidence.script.flow.world import Scope, World

# Names so common that a single definition in the text does not tell who is meant.
_COMMON = frozenset(
    {
        "fit", "predict", "evaluate", "add", "compile", "append", "save", "load", "train", "test", "get", "run",
        "call", "forward", "build", "summary", "next", "read", "write", "close", "open", "reset", "update",
        "copy", "keys", "values", "items", "format", "join", "split", "shape", "transform",
    }
)  # fmt: skip


def evaluate_call(node: Any, scope: Scope, world: World) -> Value:
    """The value of a call expression."""
    from valscope.evidence.script.flow.expressions import evaluate

    function = evaluate(node.func, scope, world)
    arguments: list[Value] = []
    keywords: dict[str, Value] = {}
    spread = False
    for argument in node.args:
        value = evaluate(argument, scope, world)
        if not isinstance(argument, ast.Starred):
            arguments.append(value)
        elif isinstance(value, Items):
            arguments.extend(value.items)
            spread |= value.open
        else:
            spread = True
    for keyword in node.keywords:
        value = evaluate(keyword.value, scope, world)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif isinstance(value, Table):
            keywords.update({str(constant(key)): entry for key, entry in value.pairs})
        else:
            spread = True
    call = Call(node, scope.parsed, function, arguments, keywords, scope.context, spread)
    return follow(call, scope, world)


def follow(call: Call, scope: Scope, world: World) -> Value:
    """What a call gives: the function's own result where the text defines it."""
    function = call.function
    if isinstance(function, Either):
        return either([_branch(call, option, scope, world) for option in function.options])
    if isinstance(function, Function):
        return enter(call, function, world)
    if isinstance(function, Class):
        return instantiate(call, function, world)
    if isinstance(function, Instance):
        return _call_instance(call, function, world)
    known = plain(call)
    if known is not None:
        return known
    method = _only_method(call, world)
    if method is not None:
        return enter(call, method, world)
    world.events.append(call)
    change(call)
    map_over(call, world)
    call.defaults = defaults_of(call, world)
    return call


def _branch(call: Call, option: Value, scope: Scope, world: World) -> Value:
    copy = Call(call.node, call.parsed, option, call.arguments, call.keywords, call.context, call.spread)
    return follow(copy, scope, world)


def _call_instance(call: Call, instance: Instance, world: World) -> Value:
    """model(x) where the text defines the model's class: the call itself, with what it computes."""
    world.events.append(call)
    for name in ("__call__", "call", "forward"):
        found = instance.cls.member(name)
        if isinstance(found, Function) and found.node not in world.entered:
            call.mapped = enter(call, Function(found.node, found.parsed, name, found.scope, instance), world)
            break
    return call


def _only_method(call: Call, world: World) -> Function | None:
    """The one method of that name in the text, for an object that the text does not show."""
    name = call.function.name if isinstance(call.function, Attribute) else ""
    base = call.function.base if isinstance(call.function, Attribute) else None
    if not name or name in _COMMON or name.startswith("__") or not isinstance(base, Name | Parameter):
        return None
    owners = [cls for cls in world.classes if isinstance(cls.members.get(name), Function)]
    if len(owners) != 1:
        return None
    found = owners[0].members[name]
    assert isinstance(found, Function)
    return Function(found.node, found.parsed, name, found.scope, stand_in(owners[0], world))
