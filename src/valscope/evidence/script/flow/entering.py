"""Functions, constructors and methods of the text, read with their arguments bound."""

from __future__ import annotations

import ast
from typing import Any

from valscope.evidence.script.flow.asking import either
from valscope.evidence.script.flow.values import (
    Call,
    Class,
    Constant,
    Context,
    Function,
    Instance,
    Items,
    Parameter,
    Unknown,
    Value,
)
from valscope.evidence.script.flow.world import Scope, World

_DEEPEST = 8  # functions of the text within functions


def apply(function: Value, arguments: list[Value], world: World, call: Call) -> Value | None:
    """What a function makes of these arguments, None when the text does not define it."""
    if isinstance(function, Function):
        made = Call(call.node, call.parsed, function, arguments, {}, call.context)
        return enter(made, function, world)
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
    return enter(made, bound, world)


def enter(call: Call, function: Function, world: World) -> Value:
    """Reads the body of a function with its parameters bound."""
    from valscope.evidence.script.flow.statements import run_body

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
    from valscope.evidence.script.flow.expressions import evaluate

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


def stand_in(cls: Class, world: World) -> Instance:
    """An object of a class: one that the text makes, or one made up."""
    for instance in world.instances:
        if instance.cls is cls:
            return instance
    return instantiate(None, cls, world)
