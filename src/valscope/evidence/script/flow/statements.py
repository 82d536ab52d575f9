"""Statements, read in order: what they assign, and what they call."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from valscope.evidence.script.flow.assigning import unpack
from valscope.evidence.script.flow.control import (
    read_for,
    read_if,
    read_match,
    read_try,
    read_while,
    read_with,
)
from valscope.evidence.script.flow.expressions import SIGNS, evaluate
from valscope.evidence.script.flow.operations import binary
from valscope.evidence.script.flow.values import Class, Constant, Each, Function, Item, Name, Operation, Value
from valscope.evidence.script.flow.world import Scope, World


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
    sign = SIGNS.get(type(node.op), "?")
    if isinstance(before, Each) and isinstance(before.iterable, Value) and sign in ("/", "*", "-", "+"):
        # `for image in images: image /= 255` changes the images in their list.
        changed = Item(node, scope.parsed, before.iterable, Constant(node, scope.parsed))
        before.iterable.stored.append(Operation(node, scope.parsed, sign, [changed, value], scope.context))
    after = binary(sign, [before, value], node, scope, world)
    unpack(node.target, after, scope, world)


def _expression(node: ast.Expr, scope: Scope, world: World) -> None:
    evaluate(node.value, scope, world)


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
    ast.If: read_if, ast.For: read_for, ast.AsyncFor: read_for, ast.While: read_while, ast.With: read_with,
    ast.AsyncWith: read_with,
    ast.Try: read_try, ast.TryStar: read_try, ast.Match: read_match, ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function, ast.ClassDef: _class, ast.Return: _return, ast.Import: _import,
    ast.ImportFrom: _import_from, ast.Global: _global, ast.Nonlocal: _global, ast.Assert: _assert,
}  # fmt: skip
