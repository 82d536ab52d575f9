"""Frozen dataclasses to JSON and back, checked field by field.

A recipe read from a file may be years old or edited by hand, so an unknown field, a missing field or a
wrong type is an `InputError` that names it.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from valscope.errors import InputError

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Dataclasses, tuples and NumPy scalars as dicts, lists and plain numbers that `json` accepts."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(v) for v in value]
    if hasattr(value, "tolist"):
        return to_plain(value.tolist())
    if isinstance(value, Path):
        return str(value)
    return value


def to_json(value: Any, indent: int | None = 2) -> str:
    """JSON text; NaN and infinities become null, because JSON has none."""
    return json.dumps(_finite(to_plain(value)), indent=indent, ensure_ascii=False, allow_nan=False)


def from_plain(cls: type[T], data: Any, where: str = "") -> T:
    """An instance of the dataclass `cls` from what `to_plain` made.

    Raises InputError naming the field that does not fit.
    """
    return typing.cast(T, _read(cls, data, where or cls.__name__))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_finite(v) for v in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value


def _read(kind: Any, data: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if kind is Any:
        return data
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _read_dataclass(kind, data, where)
    if origin is typing.Literal:
        if data not in typing.get_args(kind):
            choices = ", ".join(map(str, typing.get_args(kind)))
            raise InputError(f"{where} must be one of {choices}; got {data!r}.")
        return data
    if origin in (typing.Union, types.UnionType):
        return _read_union(kind, data, where)
    if origin is tuple:
        if not isinstance(data, list | tuple):
            raise InputError(f"{where} must be a list; got {data!r}.")
        return _read_tuple(typing.get_args(kind), data, where)
    if dataclasses.is_dataclass(origin) and isinstance(origin, type):
        return _read_dataclass(origin, data, where, typing.get_args(kind))
    if origin is not None and isinstance(data, Mapping):
        item = typing.get_args(kind)[1]
        return {k: _read(item, v, f"{where}.{k}") for k, v in data.items()}
    return _read_scalar(kind, data, where)


def _read_tuple(items: tuple[Any, ...], data: Any, where: str) -> tuple[Any, ...]:
    if len(items) == 2 and items[1] is Ellipsis:
        items = (items[0],) * len(data)
    if len(items) != len(data):
        raise InputError(f"{where} must have {len(items)} entries; got {len(data)}.")
    return tuple(_read(item, v, f"{where}[{i}]") for i, (item, v) in enumerate(zip(items, data)))


def _read_union(kind: Any, data: Any, where: str) -> Any:
    options = typing.get_args(kind)
    if data is None and type(None) in options:
        return None
    reasons = []
    for option in options:
        if option is type(None):
            continue
        try:
            return _read(option, data, where)
        except InputError as error:
            reasons.append(str(error))
    raise InputError(reasons[0])


def _read_dataclass(cls: type[Any], data: Any, where: str, arguments: tuple[Any, ...] = ()) -> Any:
    if not isinstance(data, Mapping):
        raise InputError(f"{where} must be an object with fields; got {data!r}.")
    bound = dict(zip(getattr(cls, "__parameters__", ()), arguments))  # Fact[int] is a Fact whose T is int
    hints = {name: bound.get(hint, hint) for name, hint in typing.get_type_hints(cls).items()}
    fields = {f.name: f for f in dataclasses.fields(cls)}
    unknown = sorted(set(data) - set(fields))
    if unknown:
        raise InputError(f"{where} has no field {unknown[0]!r}; it has {', '.join(fields)}.")
    missing = [
        n for n, f in fields.items()
        if n not in data and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    ]  # fmt: skip
    if missing:
        raise InputError(f"{where} lacks the field {missing[0]!r}.")
    return cls(**{name: _read(hints[name], value, f"{where}.{name}") for name, value in data.items()})


def _read_scalar(kind: Any, data: Any, where: str) -> Any:
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if isinstance(kind, type) and isinstance(data, kind) and not (kind is int and isinstance(data, bool)):
        return data
    raise InputError(f"{where} must be {getattr(kind, '__name__', kind)}; got {data!r}.")
