"""JSON that may end in the middle: what stands before the cut, each string with its place."""

from __future__ import annotations

import re
from json import JSONDecodeError, loads
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

_DEEPEST = 100  # nesting of a notebook's JSON; widgets reach about 20
_SPACE = " \t\r\n"
_LITERAL = re.compile(r"-?\d[\d.eE+-]*|true|false|null|NaN|-?Infinity")


class _CutOffError(Exception):
    """The text ends within a value."""


class Placed(str):
    """A string of the file with the offset at which it starts."""

    __slots__ = ("at",)
    at: int


def parse(text: str) -> tuple[Any, bool]:
    """The JSON value as far as it goes, and whether it is whole."""
    holder: list[Any] = []
    try:
        _value(text, 0, holder, 0)
    except (_CutOffError, RecursionError):
        return (holder[0] if holder else None), False
    return holder[0], True


def _value(text: str, at: int, into: list[Any], depth: int) -> int:
    """Reads a value at `at`, appends it to `into` and returns where it ends. What a cut leaves of it stays."""
    at = _skip(text, at)
    if depth > _DEEPEST:
        raise _CutOffError
    if text[at] == "{":
        return _object(text, at + 1, into, depth)
    if text[at] == "[":
        inner: list[Any] = []
        into.append(inner)
        return _members(text, at + 1, "]", lambda place: _value(text, place, inner, depth + 1))
    if text[at] == '"':
        return _string(text, at, into)
    found = _LITERAL.match(text, at)
    if found is None:
        raise _CutOffError
    into.append(None)  # numbers and the like play no part in a notebook's text
    return found.end()


def _object(text: str, at: int, into: list[Any], depth: int) -> int:
    found: dict[str, Any] = {}
    into.append(found)

    def member(place: int) -> int:
        key: list[Any] = []
        place = _skip(text, _string(text, _skip(text, place), key))
        if text[place] != ":":
            raise _CutOffError
        value: list[Any] = []
        try:
            return _value(text, place + 1, value, depth + 1)
        finally:
            if value:
                found[key[0]] = value[0]

    return _members(text, at, "}", member)


def _members(text: str, at: int, end: str, member: Any) -> int:
    at = _skip(text, at)
    while text[at] != end:
        at = _skip(text, member(at))
        if text[at] == ",":
            at = _skip(text, at + 1)
        elif text[at] != end:
            raise _CutOffError
    return at + 1


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    if at >= len(text):
        raise _CutOffError
    return at


def _string(text: str, at: int, into: list[Any]) -> int:
    if text[at] != '"':
        raise _CutOffError
    try:
        value, end = scanstring(text, at + 1, False)
    except JSONDecodeError:
        into.append(_placed(_beginning(text[at + 1 :]), at))
        raise _CutOffError from None
    into.append(_placed(value, at))
    return int(end)


def _placed(value: str, at: int) -> Placed:
    placed = Placed(value)
    placed.at = at
    return placed


def _beginning(rest: str) -> str:
    """What is left of a string that was cut, perhaps within an escape."""
    for shorter in range(7):
        try:
            return str(loads(f'"{rest[: len(rest) - shorter]}"', strict=False))
        except ValueError:
            continue
    return ""
