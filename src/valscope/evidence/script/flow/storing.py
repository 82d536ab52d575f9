"""target.name = value and target[index] = value."""

from __future__ import annotations

import ast

from valscope.evidence.script.flow.asking import either
from valscope.evidence.script.flow.expressions import evaluate
from valscope.evidence.script.flow.values import Constant, Instance, Table, Value
from valscope.evidence.script.flow.world import Scope, Setting, World

_SWITCHES = frozenset({"trainable", "requires_grad"})


def store(target: ast.AST, value: Value, scope: Scope, world: World) -> None:
    """target.name = value and target[index] = value."""
    if isinstance(target, ast.Attribute):
        base = evaluate(target.value, scope, world)
        if isinstance(base, Instance):
            _set_attribute(base, target.attr, value, scope)
            if target.attr not in _SWITCHES:
                return
        setting = Setting(base, target.attr, value, target, scope.parsed, scope.context, len(world.events))
        world.events.append(setting)
    elif isinstance(target, ast.Subscript):
        base, index = evaluate(target.value, scope, world), evaluate(target.slice, scope, world)
        if isinstance(base, Table):
            base.pairs.append((index, value))
        elif base is not value:
            base.stored.append(value)


def _set_attribute(base: Instance, name: str, value: Value, scope: Scope) -> None:
    before = base.attributes.get(name)
    branched = bool(scope.context.guards) and before is not None
    base.attributes[name] = either([before, value]) if branched and before is not None else value
    if name not in value.names and not isinstance(value, Constant):
        value.names.append(name)
