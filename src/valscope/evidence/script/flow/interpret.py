"""Reads fragments one after the other, then the functions and methods that nothing called."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from valscope.evidence.script.flow.calls import follow
from valscope.evidence.script.flow.entering import run_method, stand_in
from valscope.evidence.script.flow.statements import run
from valscope.evidence.script.flow.values import Call, Class, Context, Function
from valscope.evidence.script.flow.world import Scope, World
from valscope.evidence.script.text.parse import Parsed


def interpret(fragments: Sequence[Parsed]) -> World:
    """What all fragments do. Fragments of one file share their variables; those of another file do not."""
    world = World(python2=any(parsed.python2 for parsed in fragments), fragments=list(fragments))
    scopes: dict[str, Scope] = {}
    for parsed in fragments:
        unit = parsed.fragment.unit or parsed.fragment.file
        scope = scopes.setdefault(unit, Scope(parsed))
        scope.parsed = parsed
        world.patiently(partial(run, parsed.tree.body, scope, world))
    world.reached = len(world.events)
    world.patiently(partial(_rest, world))
    return world


def _rest(world: World) -> None:
    """Functions that nothing called, with unknown arguments; methods on an object of their class."""
    for cls in list(world.classes):
        world.patiently(partial(_methods, cls, world))
    methods = {id(m.node) for cls in world.classes for m in cls.members.values() if isinstance(m, Function)}
    for function in list(world.functions):
        if id(function.node) not in world.followed and id(function.node) not in methods:
            call = Call(function.node, function.parsed, function, [], {}, Context())
            world.patiently(partial(follow, call, function.scope, world))


def _methods(cls: Class, world: World) -> None:
    """The methods of a class that nothing called, on an object that the text makes or on one made up."""
    instance = stand_in(cls, world)
    for name, member in cls.members.items():
        if isinstance(member, Function) and id(member.node) not in world.followed:
            world.patiently(partial(run_method, instance, name, None, world))
