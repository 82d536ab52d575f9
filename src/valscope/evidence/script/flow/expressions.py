"""Expressions to values."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from valscope.evidence.script.flow import arithmetic
from valscope.evidence.script.flow.asking import constant
from valscope.evidence.script.flow.assigning import element, unpack
from valscope.evidence.script.flow.calls import evaluate_call
from valscope.evidence.script.flow.operations import attribute, binary, item, truth
from valscope.evidence.script.flow.values import (
    Constant,
    Either,
    Function,
    Item,
    Items,
    Operation,
    Table,
    Unknown,
    Value,
)
from valscope.evidence.script.flow.world import Scope, World

SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in", ast.Not: "not", ast.USub: "-", ast.UAdd: "+",
    ast.And: "and", ast.Or: "or", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.Invert: "~",
    ast.LShift: "<<", ast.RShift: ">>", ast.MatMult: "@",
}  # fmt: skip


def evaluate(node: ast.AST | None, scope: Scope, world: World) -> Value:
    """The value of an expression."""
    if node is None:
        return Constant(ast.Constant(None), scope.parsed)
    world.step()
    handler = _HANDLERS.get(type(node))
    return Unknown(node, scope.parsed) if handler is None else handler(node, scope, world)


def _name(node: Any, scope: Scope, world: World) -> Value:
    return scope.find(node.id) or world.name(node.id, node, scope.parsed)


def _attribute(node: Any, scope: Scope, world: World) -> Value:
    return attribute(evaluate(node.value, scope, world), node.attr, node, scope)


def _subscript(node: Any, scope: Scope, world: World) -> Value:
    base, index = evaluate(node.value, scope, world), evaluate(node.slice, scope, world)
    found = item(base, index, node, scope)
    if isinstance(found, Item):
        world.events.append(found)
    return found


def _binary(node: Any, scope: Scope, world: World) -> Value:
    operands = [evaluate(node.left, scope, world), evaluate(node.right, scope, world)]
    return binary(SIGNS.get(type(node.op), "?"), operands, node, scope, world)


def _unary(node: Any, scope: Scope, world: World) -> Value:
    operand, sign = evaluate(node.operand, scope, world), SIGNS[type(node.op)]
    known = truth(operand) if sign == "not" else constant(operand)
    result = None if known is None else arithmetic.unary(sign, known)
    if result is not None:
        return Constant(node, scope.parsed, result)
    return Operation(node, scope.parsed, sign, [operand], scope.context)


def _boolean(node: Any, scope: Scope, world: World) -> Value:
    sign, values = SIGNS[type(node.op)], [evaluate(value, scope, world) for value in node.values]
    for value in values:
        known = truth(value)
        if known is not None and known == (sign == "or"):
            return value
    unknown = [value for value in values if truth(value) is None]
    return Operation(node, scope.parsed, sign, unknown, scope.context) if unknown else values[-1]


def _compare(node: Any, scope: Scope, world: World) -> Value:
    values = [evaluate(part, scope, world) for part in (node.left, *node.comparators)]
    signs = [SIGNS[type(operator)] for operator in node.ops]
    if len(signs) == 1:
        return binary(signs[0], values, node, scope, world)
    operation = Operation(node, scope.parsed, " ".join(signs), values, scope.context)
    world.events.append(operation)
    return operation


def _choice(node: Any, scope: Scope, world: World) -> Value:
    condition = evaluate(node.test, scope, world)
    known = truth(condition)
    if known is not None:
        return evaluate(node.body if known else node.orelse, scope, world)
    with scope.inside(guard=(condition, True)):
        first = evaluate(node.body, scope, world)
    with scope.inside(guard=(condition, False)):
        second = evaluate(node.orelse, scope, world)
    return Either(node, scope.parsed, [first, second])


def _items(node: Any, scope: Scope, world: World) -> Value:
    items: list[Value] = []
    is_open = False
    for entry in node.elts:
        if isinstance(entry, ast.Starred):
            inner = evaluate(entry.value, scope, world)
            items.extend(inner.items if isinstance(inner, Items) else [])
            is_open |= not isinstance(inner, Items) or inner.open
        else:
            items.append(evaluate(entry, scope, world))
    return Items(node, scope.parsed, items, type(node).__name__.lower(), is_open)


def _table(node: Any, scope: Scope, world: World) -> Value:
    pairs = [
        (evaluate(key, scope, world), evaluate(value, scope, world))
        for key, value in zip(node.keys, node.values) if key is not None
    ]  # fmt: skip
    return Table(node, scope.parsed, pairs, None in node.keys)


def _comprehension(node: Any, scope: Scope, world: World) -> Value:
    inner = Scope(scope.parsed, {}, scope, scope.context, scope.owner)
    with inner.inside(loops=len(node.generators)):
        for generator in node.generators:
            iterable = evaluate(generator.iter, inner, world)
            unpack(generator.target, element(iterable, generator.iter, inner), inner, world)
            for condition in generator.ifs:
                evaluate(condition, inner, world)
        if isinstance(node, ast.DictComp):
            pair = (evaluate(node.key, inner, world), evaluate(node.value, inner, world))
            return Table(node, scope.parsed, [pair], True)
        return Items(node, scope.parsed, [evaluate(node.elt, inner, world)], "list", True)


def _lambda(node: Any, scope: Scope, world: World) -> Value:
    return Function(node, scope.parsed, "<lambda>", scope)


def _text(node: Any, scope: Scope, world: World) -> Value:
    parts = [
        constant(evaluate(part.value if isinstance(part, ast.FormattedValue) else part, scope, world))
        for part in node.values
    ]
    if all(part is not None for part in parts):
        return Constant(node, scope.parsed, "".join(str(part) for part in parts)[:10_000])
    return Unknown(node, scope.parsed)


def _yield(node: Any, scope: Scope, world: World) -> Value:
    scope.yielded.append(evaluate(node.value, scope, world))
    return Unknown(node, scope.parsed)


def _named(node: Any, scope: Scope, world: World) -> Value:
    value = evaluate(node.value, scope, world)
    unpack(node.target, value, scope, world)
    return value


def _inner(node: Any, scope: Scope, world: World) -> Value:
    return evaluate(node.value, scope, world)


def _slice(node: Any, scope: Scope, world: World) -> Value:
    parts = [evaluate(part, scope, world) for part in (node.lower, node.upper, node.step)]
    return Operation(node, scope.parsed, "slice", parts, scope.context)


def _constant(node: Any, scope: Scope, world: World) -> Value:
    return Constant(node, scope.parsed, node.value)


_HANDLERS: dict[type[ast.AST], Callable[[Any, Scope, World], Value]] = {
    ast.Constant: _constant, ast.Name: _name, ast.Attribute: _attribute, ast.Call: evaluate_call,
    ast.BinOp: _binary, ast.UnaryOp: _unary, ast.BoolOp: _boolean, ast.Compare: _compare, ast.IfExp: _choice,
    ast.Subscript: _subscript, ast.List: _items, ast.Tuple: _items, ast.Set: _items, ast.Dict: _table,
    ast.ListComp: _comprehension, ast.SetComp: _comprehension, ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension, ast.Lambda: _lambda, ast.JoinedStr: _text, ast.Yield: _yield,
    ast.YieldFrom: _inner, ast.Await: _inner, ast.Starred: _inner, ast.NamedExpr: _named, ast.Slice: _slice,
}  # fmt: skip
