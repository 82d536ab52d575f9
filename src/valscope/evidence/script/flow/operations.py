"""Attributes, items and operators of values."""

from __future__ import annotations

import ast
from typing import Any

from valscope.evidence.script.flow import arithmetic
from valscope.evidence.script.flow.asking import constant, is_none
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Class,
    Constant,
    Function,
    Instance,
    Item,
    Items,
    Name,
    Operation,
    Table,
    Value,
)
from valscope.evidence.script.flow.world import Scope, World

# What these give by name are functions and classes, no settings.
_LIBRARIES = (
    "keras.applications.",
    "tensorflow.keras.applications.",
    "keras.layers.",
    "keras.preprocessing.",
)


def truth(value: Value) -> bool | None:
    """Whether it is true, None when that is not known."""
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Function | Class) or (
        isinstance(value, Name) and value.dotted.startswith(_LIBRARIES)
    ):
        return True
    if isinstance(value, Items | Table) and not value.open:
        return bool(value.items if isinstance(value, Items) else value.pairs)
    return None


def attribute(base: Value, name: str, node: ast.AST, scope: Scope) -> Value:
    """base.name"""
    if isinstance(base, Name) and (
        base.imported or name[:1].isupper()
    ):  # a class of a module, imported or not
        return Name(node, scope.parsed, f"{base.dotted}.{name}", base.imported)
    options = base.base if isinstance(base, Item) and constant(base.index) == 0 else base
    if isinstance(options, Call) and name in options.defaults:
        return options.defaults[name]
    if isinstance(base, Instance):
        return _member(base, name, node, scope)
    if isinstance(base, Class):
        return base.member(name) or Attribute(node, scope.parsed, base, name)
    return Attribute(node, scope.parsed, base, name)


def item(base: Value, index: Value, node: ast.AST, scope: Scope) -> Value:
    """base[index]"""
    key = constant(index)
    if (
        isinstance(base, Items)
        and not base.open
        and type(key) is int
        and -len(base.items) <= key < len(base.items)
    ):
        return base.items[key]
    if isinstance(base, Table) and key is not None:
        found = [value for name, value in base.pairs if constant(name) == key]
        if found:
            return found[-1]
    return Item(node, scope.parsed, base, index)


def binary(sign: str, operands: list[Value], node: ast.AST, scope: Scope, world: World) -> Value:
    """left sign right, computed where both are known."""
    left, right = (constant(operand) for operand in operands)
    if not any(value is None and not is_none(operand) for value, operand in zip((left, right), operands)):
        result = arithmetic.binary(sign, left, right, world.python2)
        if result is not None:
            return _folded(result[0], result[1], node, scope)
    if sign == "+" and all(isinstance(operand, Items) for operand in operands):
        lists = [operand for operand in operands if isinstance(operand, Items)]
        return Items(node, scope.parsed, lists[0].items + lists[1].items, "list", any(x.open for x in lists))
    operation = Operation(node, scope.parsed, sign, operands, scope.context)
    world.events.append(operation)
    return operation


def _member(base: Instance, name: str, node: ast.AST, scope: Scope) -> Value:
    if name in base.attributes:
        return base.attributes[name]
    found = base.cls.member(name)
    if isinstance(found, Function):
        return Function(found.node, found.parsed, found.name, found.scope, base)
    return found or Attribute(node, scope.parsed, base, name)


def _folded(result: Any, whole: bool, node: ast.AST, scope: Scope) -> Value:
    if isinstance(result, tuple | list):
        items: list[Value] = [_folded(entry, False, node, scope) for entry in result]
        return Items(node, scope.parsed, items, "tuple" if isinstance(result, tuple) else "list")
    return Constant(node, scope.parsed, result, whole)
