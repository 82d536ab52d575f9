"""Statements, read in order: what they assign, and what they call."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from valscope.evidence.script.expressions import SIGNS, binary, element, evaluate, truth, unpack
from valscope.evidence.script.values import (
    Class,
    Constant,
    Function,
    Instance,
    Items,
    Name,
    Operation,
    Table,
    Value,
    either,
)
from valscope.evidence.script.world import Scope, Setting, World, merge

_SWITCHES = frozenset({"trainable", "requires_grad"})
_UNROLLED = (
    16  # turns of a loop over a literal; deeper networks than that are not built by hand-written lists
)


def run(statements: Sequence[ast.stmt], scope: Scope, world: World) -> None:
    """Reads statements in order; one that cannot be followed does not stop the rest."""
    for statement in statements:
        world.step()
        handler = _HANDLERS.get(type(statement))
        if handler is None:
            continue
        try:
            handler(statement, scope, world)
        except RecursionError:
            if len(world.entered) > 0:
                raise


def run_body(node: Any, scope: Scope, world: World) -> None:
    """Reads the body of a function or a lambda."""
    if isinstance(node, ast.Lambda):
        scope.returned.append(evaluate(node.body, scope, world))
    else:
        run(node.body, scope, world)


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


def _assign(node: ast.Assign, scope: Scope, world: World) -> None:
    value = evaluate(node.value, scope, world)
    for target in node.targets:
        unpack(target, value, scope, world)


def _annotated(node: ast.AnnAssign, scope: Scope, world: World) -> None:
    if node.value is not None:
        unpack(node.target, evaluate(node.value, scope, world), scope, world)


def _augmented(node: ast.AugAssign, scope: Scope, world: World) -> None:
    before = evaluate(node.target, scope, world)
    value = evaluate(node.value, scope, world)
    after = binary(SIGNS.get(type(node.op), "?"), [before, value], node, scope, world)
    unpack(node.target, after, scope, world)


def _expression(node: ast.Expr, scope: Scope, world: World) -> None:
    evaluate(node.value, scope, world)


def _if(node: ast.If, scope: Scope, world: World) -> None:
    condition = evaluate(node.test, scope, world)
    known = truth(condition)
    if known is None and _is_main(node.test):
        known = True
    if known is not None:
        run(node.body if known else node.orelse, scope, world)
        return
    _decide(condition, scope, world)
    before = dict(scope.variables)
    branches = []
    for body, holds in ((node.body, True), (node.orelse, False)):
        scope.variables = dict(before)
        with scope.inside(guard=(condition, holds)):
            run(body, scope, world)
        branches.append(scope.variables)
    scope.variables = merge(before, branches)


def _decide(condition: Value, scope: Scope, world: World) -> None:
    """Notes a value that a condition takes as true or false without comparing it."""
    if not isinstance(condition, Operation):
        world.events.append(Operation(condition.node, scope.parsed, "truth", [condition], scope.context))


def _is_main(test: ast.AST) -> bool:
    return isinstance(test, ast.Compare) and getattr(test.left, "id", "") == "__name__"


def _for(node: ast.For, scope: Scope, world: World) -> None:
    iterable = evaluate(node.iter, scope, world)
    if isinstance(iterable, Items) and not iterable.open and 0 < len(iterable.items) <= _UNROLLED:
        for value in list(iterable.items):
            unpack(node.target, value, scope, world)
            with scope.inside(loops=1, unrolled=True):
                run(node.body, scope, world)
    else:
        unpack(node.target, element(iterable, node.iter, scope), scope, world)
        with scope.inside(loops=1):
            run(node.body, scope, world)
    run(node.orelse, scope, world)


def _while(node: ast.While, scope: Scope, world: World) -> None:
    _decide(evaluate(node.test, scope, world), scope, world)
    with scope.inside(loops=1):
        run(node.body, scope, world)
    run(node.orelse, scope, world)


def _with(node: Any, scope: Scope, world: World) -> None:
    for item in node.items:
        value = evaluate(item.context_expr, scope, world)
        if item.optional_vars is not None:
            unpack(item.optional_vars, value, scope, world)
    run(node.body, scope, world)


def _try(node: Any, scope: Scope, world: World) -> None:
    run(node.body, scope, world)
    known = dict(scope.variables)
    for handler in node.handlers:
        run(handler.body, scope, world)
    run(node.orelse, scope, world)
    scope.variables.update(known)  # what the body did is what happens when all goes well
    run(node.finalbody, scope, world)


def _match(node: Any, scope: Scope, world: World) -> None:
    evaluate(node.subject, scope, world)
    for case in node.cases:
        run(case.body, scope, world)


def _function(node: Any, scope: Scope, world: World) -> None:
    function = Function(node, scope.parsed, node.name, scope)
    scope.variables[node.name] = function
    world.functions.append(function)


def _class(node: ast.ClassDef, scope: Scope, world: World) -> None:
    bases = [evaluate(base, scope, world) for base in node.bases]
    inner = Scope(scope.parsed, {}, scope, scope.context)
    run(node.body, inner, world)
    for member in inner.variables.values():
        if isinstance(member, Function):
            member.scope = scope
    cls = Class(node, scope.parsed, node.name, bases, inner.variables, scope)
    scope.variables[node.name] = cls
    world.classes.append(cls)


def _return(node: ast.Return, scope: Scope, world: World) -> None:
    scope.returned.append(evaluate(node.value, scope, world))


def _import(node: ast.Import, scope: Scope, world: World) -> None:
    for alias in node.names:
        whole = alias.name if alias.asname else alias.name.partition(".")[0]
        scope.variables[alias.asname or whole] = Name(node, scope.parsed, whole, True)


def _import_from(node: ast.ImportFrom, scope: Scope, world: World) -> None:
    for alias in node.names:
        if alias.name != "*":
            name = f"{node.module or '.'}.{alias.name}"
            scope.variables[alias.asname or alias.name] = Name(node, scope.parsed, name, True)


def _global(node: Any, scope: Scope, world: World) -> None:
    scope.outer = scope.outer | frozenset(node.names)


def _assert(node: ast.Assert, scope: Scope, world: World) -> None:
    evaluate(node.test, scope, world)


_HANDLERS: dict[type[ast.AST], Callable[[Any, Scope, World], None]] = {
    ast.Assign: _assign, ast.AnnAssign: _annotated, ast.AugAssign: _augmented, ast.Expr: _expression,
    ast.If: _if, ast.For: _for, ast.AsyncFor: _for, ast.While: _while, ast.With: _with, ast.AsyncWith: _with,
    ast.Try: _try, ast.TryStar: _try, ast.Match: _match, ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function, ast.ClassDef: _class, ast.Return: _return, ast.Import: _import,
    ast.ImportFrom: _import_from, ast.Global: _global, ast.Nonlocal: _global, ast.Assert: _assert,
}  # fmt: skip
