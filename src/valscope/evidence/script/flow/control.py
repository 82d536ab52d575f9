"""Conditions and loops: both sides of what is not known, each turn of a short literal."""

from __future__ import annotations

import ast
from typing import Any

from valscope.evidence.script.flow import statements
from valscope.evidence.script.flow.assigning import element, unpack
from valscope.evidence.script.flow.expressions import evaluate
from valscope.evidence.script.flow.operations import truth
from valscope.evidence.script.flow.values import Items, Operation, Value
from valscope.evidence.script.flow.world import Scope, World, merge

_UNROLLED = (
    16  # turns of a loop over a literal; deeper networks than that are not built by hand-written lists
)


def read_if(node: ast.If, scope: Scope, world: World) -> None:
    """Both sides of a condition that is not known, the right one of one that is."""
    condition = evaluate(node.test, scope, world)
    known = truth(condition)
    if known is None and _is_main(node.test):
        known = True
    if known is not None:
        statements.run(node.body if known else node.orelse, scope, world)
        return
    guard = _decide(condition, node.test, scope, world)
    before = dict(scope.variables)
    branches = []
    for body, holds in ((node.body, True), (node.orelse, False)):
        scope.variables = dict(before)
        with scope.inside(guard=(guard, holds)):
            statements.run(body, scope, world)
        branches.append(scope.variables)
    scope.variables = merge(before, branches)


def _decide(condition: Value, test: ast.AST, scope: Scope, world: World) -> Value:
    """The condition as it is written; a value that is taken as true or false without a comparison is noted."""
    if isinstance(condition, Operation):
        return condition
    noted = Operation(test, scope.parsed, "truth", [condition], scope.context)
    world.events.append(noted)
    return noted


def _is_main(test: ast.AST) -> bool:
    return isinstance(test, ast.Compare) and getattr(test.left, "id", "") == "__name__"


def read_for(node: ast.For, scope: Scope, world: World) -> None:
    """Each turn over a short literal, else one turn for all."""
    iterable = evaluate(node.iter, scope, world)
    if isinstance(iterable, Items) and not iterable.open and 0 < len(iterable.items) <= _UNROLLED:
        for value in list(iterable.items):
            unpack(node.target, value, scope, world)
            with scope.inside(loops=1, unrolled=True):
                statements.run(node.body, scope, world)
    else:
        unpack(node.target, element(iterable, node.iter, scope), scope, world)
        with scope.inside(loops=1):
            statements.run(node.body, scope, world)
    statements.run(node.orelse, scope, world)


def read_while(node: ast.While, scope: Scope, world: World) -> None:
    """One turn for all."""
    _decide(evaluate(node.test, scope, world), node.test, scope, world)
    with scope.inside(loops=1):
        statements.run(node.body, scope, world)
    statements.run(node.orelse, scope, world)


def read_with(node: Any, scope: Scope, world: World) -> None:
    """The body, with what it binds."""
    for item in node.items:
        value = evaluate(item.context_expr, scope, world)
        if item.optional_vars is not None:
            unpack(item.optional_vars, value, scope, world)
    statements.run(node.body, scope, world)


def read_try(node: Any, scope: Scope, world: World) -> None:
    """The body as if all went well, and what its handlers call."""
    statements.run(node.body, scope, world)
    known = dict(scope.variables)
    for handler in node.handlers:
        statements.run(handler.body, scope, world)
    statements.run(node.orelse, scope, world)
    scope.variables.update(known)  # what the body did is what happens when all goes well
    statements.run(node.finalbody, scope, world)


def read_match(node: Any, scope: Scope, world: World) -> None:
    """Every case."""
    evaluate(node.subject, scope, world)
    for case in node.cases:
        statements.run(case.body, scope, world)
