"""Assignments to names, tuples, attributes and places in a container."""

from __future__ import annotations

import ast

from valscope.evidence.script.flow.asking import either
from valscope.evidence.script.flow.operations import item
from valscope.evidence.script.flow.values import Constant, Each, Either, Items, Value
from valscope.evidence.script.flow.world import Scope, World


def element(iterable: Value, node: ast.AST, scope: Scope) -> Value:
    """One element of an iterable: the only one that it is known to hold, or any of them."""
    if isinstance(iterable, Items) and len(iterable.items) == 1:
        return iterable.items[0]
    return Each(node, scope.parsed, iterable, len(scope.context.guards))


def unpack(target: ast.AST, value: Value, scope: Scope, world: World) -> None:
    """Assigns to names, tuples of names, attributes and places in a container."""
    from valscope.evidence.script.flow.storing import store

    if isinstance(target, ast.Name):
        scope.bind(target.id, value)
        world.assigned.append(value)
    elif isinstance(target, ast.Starred):
        unpack(target.value, value, scope, world)
    elif isinstance(target, ast.Tuple | ast.List):
        for position, part in enumerate(target.elts):
            index = Constant(part, scope.parsed, position)
            unpack(part, _part(value, index, part, scope), scope, world)
    else:
        store(target, value, scope, world)


def _part(value: Value, index: Constant, node: ast.AST, scope: Scope) -> Value:
    if isinstance(value, Either):
        return either([_part(option, index, node, scope) for option in value.options])
    return item(value, index, node, scope)
