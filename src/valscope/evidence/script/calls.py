"""Calls: those of the text's own functions are followed, known plain ones computed, all others recorded."""

from __future__ import annotations

import ast
from typing import Any

from valscope.evidence.script.builtin import change, plain
from valscope.evidence.script.values import (
    Attribute,
    Call,
    Class,
    Constant,
    Context,
    Each,
    Either,
    Function,
    Instance,
    Item,
    Items,
    Name,
    Parameter,
    Table,
    Unknown,
    Value,
    constant,
    either,
    last_name,
)
from valscope.evidence.script.world import Scope, World

_DEEPEST = 8  # functions of the text within functions
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
    from valscope.evidence.script.expressions import evaluate

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
        return _enter(call, function, world)
    if isinstance(function, Class):
        return instantiate(call, function, world)
    if isinstance(function, Instance):
        return _call_instance(call, function, world)
    known = plain(call)
    if known is not None:
        return known
    method = _only_method(call, world)
    if method is not None:
        return _enter(call, method, world)
    world.events.append(call)
    change(call)
    _map(call, world)
    return call


def apply(function: Value, arguments: list[Value], world: World, call: Call) -> Value | None:
    """What a function makes of these arguments, None when the text does not define it."""
    if isinstance(function, Function):
        made = Call(call.node, call.parsed, function, arguments, {}, call.context)
        return _enter(made, function, world)
    return None


def instantiate(call: Call | None, cls: Class, world: World, defaults: bool = True) -> Instance:
    """An object of a class; without a call its constructor's arguments are unknown, or have their defaults."""
    instance = Instance(call.node if call else cls.node, cls.parsed, cls, {}, call)
    world.instances.append(instance)
    if call is not None:
        world.events.append(call)
        call.stored.append(instance)
    run_method(instance, "__init__", call, world, defaults)
    return instance


def run_method(
    instance: Instance, name: str, call: Call | None, world: World, defaults: bool = True
) -> Value | None:
    """The result of a method; without a call its arguments are unknown."""
    found = instance.cls.member(name)
    if not isinstance(found, Function):
        return None
    bound = Function(found.node, found.parsed, found.name, found.scope, instance)
    made = call or Call(found.node, found.parsed, bound, [], {}, Context(), spread=not defaults)
    return _enter(made, bound, world)


def _branch(call: Call, option: Value, scope: Scope, world: World) -> Value:
    copy = Call(call.node, call.parsed, option, call.arguments, call.keywords, call.context, call.spread)
    return follow(copy, scope, world)


def _call_instance(call: Call, instance: Instance, world: World) -> Value:
    """model(x) where the text defines the model's class: the call itself, with what it computes."""
    world.events.append(call)
    for name in ("__call__", "call", "forward"):
        found = instance.cls.member(name)
        if isinstance(found, Function) and found.node not in world.entered:
            call.mapped = _enter(call, Function(found.node, found.parsed, name, found.scope, instance), world)
            break
    return call


def _enter(call: Call, function: Function, world: World) -> Value:
    """Reads the body of a function with its parameters bound."""
    from valscope.evidence.script.statements import run_body

    world.step()
    node: Any = function.node
    world.followed.add(id(node))
    if node in world.entered or len(world.entered) >= _DEEPEST:
        world.events.append(call)
        return call
    outer = call.context
    owner = function.owner.cls.name if function.owner else ""
    context = Context(function.name, owner, outer.loops, outer.repeats, outer.guards)
    scope = Scope(function.parsed, {}, function.scope, context, function.owner)
    _bind(call, function, node.args, scope, world)
    world.entered.append(node)
    try:
        run_body(node, scope, world)
    finally:
        world.entered.pop()
    if scope.yielded:
        return Items(node, function.parsed, scope.yielded, "generator", True)
    if scope.returned:
        return either(scope.returned)
    return Constant(call.node, call.parsed)


def _bind(call: Call, function: Function, spec: ast.arguments, scope: Scope, world: World) -> None:
    from valscope.evidence.script.expressions import evaluate

    names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    defaults = dict(zip(reversed(names), reversed(spec.defaults)))
    defaults |= {a.arg: d for a, d in zip(spec.kwonlyargs, spec.kw_defaults) if d is not None}
    given = list(call.arguments)
    if function.owner is not None and not _is_static(function.node):
        given.insert(0, function.owner)
    values = dict(zip(names, given)) | call.keywords
    for name in [*names, *(argument.arg for argument in spec.kwonlyargs)]:
        if name in values:
            scope.bind(name, values[name])
        elif name in defaults and not call.spread:
            scope.bind(name, evaluate(defaults[name], function.scope, world))
        else:
            scope.bind(name, Parameter(function.node, function.parsed, name, function.name))
    for rest in (spec.vararg, spec.kwarg):
        if rest is not None:
            scope.bind(rest.arg, Unknown(function.node, function.parsed))


def _is_static(node: Any) -> bool:
    return any(getattr(item, "id", "") == "staticmethod" for item in getattr(node, "decorator_list", []))


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


def stand_in(cls: Class, world: World) -> Instance:
    """An object of a class: one that the text makes, or one made up."""
    for instance in world.instances:
        if instance.cls is cls:
            return instance
    return instantiate(None, cls, world)


def _map(call: Call, world: World) -> None:
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
