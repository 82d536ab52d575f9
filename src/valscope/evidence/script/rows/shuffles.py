"""Single statements that put rows into random order, and what the random numbers there start from."""

from __future__ import annotations

import ast
import re

_SOURCES = re.compile(r"^_?(?:random|rng|prng|generator|rs|rnd|rand)$")
_STARTS = re.compile(r"seed|state|RandomState|default_rng|Random$")


def own_name(node: ast.AST) -> str:
    """`x` of x, `self.x` of self.x, "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    held = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    return f"self.{node.attr}" if held and isinstance(node, ast.Attribute) else ""


def called(node: ast.AST) -> str:
    """Last name of the function of a call, "" of anything else."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def imported(tree: ast.AST) -> dict[str, str]:
    """Names that stand for shuffle and permutation of random or numpy.random: {"mix": "shuffle"}."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("random", "numpy.random")
        for alias in node.names
    }


def shuffled(statement: ast.stmt, free: dict[str, str]) -> tuple[str, ast.Call] | None:
    """(name, call) where a statement puts one thing into random order, in place or assigned to itself."""
    if isinstance(statement, ast.Expr):
        call = statement.value
        if isinstance(call, ast.Call) and _at_random(call, "shuffle", free) and _whole(call):
            name = own_name(call.args[0])
            return (name, call) if name else None
        return None
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    name, value = own_name(statement.targets[0]), statement.value
    if isinstance(value, ast.Subscript) and own_name(value.value) == name:  # x = x[permutation(len(x))]
        value = value.slice
        same = isinstance(value, ast.Call) and value.args and ast.unparse(value.args[0]) == f"len({name})"
    else:
        same = isinstance(value, ast.Call) and bool(value.args) and own_name(value.args[0]) == name
    if not name or not same or not isinstance(value, ast.Call):
        return None
    drawn = _at_random(value, "sample", free) and ast.unparse(value.args[-1]) == f"len({name})"
    return (name, value) if drawn or _at_random(value, "permutation", free) else None


def _whole(call: ast.Call) -> bool:
    axis = [k for k in call.keywords if k.arg == "axis"]
    return bool(call.args) and not axis


def _at_random(call: ast.Call, what: str, free: dict[str, str]) -> bool:
    function = call.func
    if isinstance(function, ast.Name):
        return free.get(function.id) == what
    if not isinstance(function, ast.Attribute) or function.attr != what:
        return False
    base = function.value
    last = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
    return bool(_SOURCES.match(last)) or called(base) in ("Random", "RandomState", "default_rng")


def start_of(call: ast.Call, before: list[ast.stmt]) -> str:
    """What the numbers of a shuffle start from, "" where nothing sets it between it and the shuffle before.

    before   statements from the shuffle before up to this one, in the order of the text.
    """
    if len(call.args) > 1 and called(call) == "shuffle":
        return ast.unparse(call.args[1])  # a function that gives the numbers
    base = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    if isinstance(base, ast.Call):
        return ast.unparse(base) if base.args else ""
    for statement in reversed(before):
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and _STARTS.search(called(node)):
                return _state(statement, node)
    return ""


def _state(statement: ast.stmt, call: ast.Call) -> str:
    """The state by its name: `s` of s = get_state() and of set_state(s)."""
    if called(call) in ("get_state", "getstate") and isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0])
    return ", ".join([ast.unparse(a) for a in call.args] + [ast.unparse(k.value) for k in call.keywords])
