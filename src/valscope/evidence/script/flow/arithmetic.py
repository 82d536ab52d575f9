"""What can be computed from what the text gives: numbers, lengths, short lists. Sizes are bounded, because
a script may say 10 ** 10 ** 10."""

from __future__ import annotations

import math
import operator
import posixpath
from collections.abc import Callable
from typing import Any

_LONGEST = 10_000  # items or signs that a folded value may have
_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge, "is": operator.is_, "is not": operator.is_not,
}  # fmt: skip
_UNARY: dict[str, Callable[[Any], Any]] = {"-": operator.neg, "+": operator.pos, "not": operator.not_}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "int": int, "float": float, "round": round, "abs": abs, "min": min, "max": max, "str": str, "bool": bool,
    "math.ceil": math.ceil, "math.floor": math.floor, "ceil": math.ceil, "floor": math.floor,
    "numpy.ceil": lambda x: float(math.ceil(x)), "numpy.floor": lambda x: float(math.floor(x)),
    "math.sqrt": math.sqrt, "numpy.sqrt": math.sqrt, "sum": sum, "len": len,
    "os.path.join": posixpath.join,
    "os.environ.get": lambda name, default: default, "os.getenv": lambda name, default: default,
}  # fmt: skip
_FAILURES = (TypeError, ValueError, ZeroDivisionError, OverflowError, ArithmeticError)


def binary(sign: str, left: Any, right: Any, python2: bool) -> tuple[Any, bool] | None:
    """The result and whether Python 2 dropped a fraction; None when it cannot be computed."""
    try:
        if sign == "**":
            return (left**right, False) if _small(left) and _small(right, 64) else None
        if sign == "*" and not _product_fits(left, right):
            return None
        if sign == "in":
            return (left in right, False)
        if python2 and sign == "/" and type(left) is int and type(right) is int:
            return (left // right, left % right != 0)
        result = _BINARY[sign](left, right) if sign in _BINARY else None
    except _FAILURES:
        return None
    return None if result is None or _large(result) else (result, False)


def unary(sign: str, value: Any) -> Any:
    """The result, None when it cannot be computed."""
    try:
        return _UNARY[sign](value) if sign in _UNARY else None
    except _FAILURES:
        return None


def call(name: str, arguments: list[Any]) -> Any:
    """The result of a plain function of constants, None when it is not one."""
    function = _FUNCTIONS.get(name)
    if function is None or not arguments:
        return None
    try:
        result = function(*arguments)
    except _FAILURES:
        return None
    return None if _large(result) else result


def _small(value: Any, most: float = 1e6) -> bool:
    return isinstance(value, int | float) and abs(value) <= most


def _product_fits(left: Any, right: Any) -> bool:
    for many, times in ((left, right), (right, left)):
        if isinstance(many, str | bytes | tuple | list) and isinstance(times, int):
            return len(many) * times <= _LONGEST
    return True


def _large(value: Any) -> bool:
    if isinstance(value, int):
        return value.bit_length() > 200
    return isinstance(value, str | bytes | tuple | list) and len(value) > _LONGEST
