"""Brackets, strings and comments of code that may not parse, from parso's tokeniser, which goes on where
Python's own gives up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_BRACKETS = frozenset("()[]{}")


@dataclass(frozen=True, slots=True)
class Line:
    """Bracket signs of one physical line, and whether the next line belongs to it whatever they say."""

    signs: str = ""
    glued: bool = False


def closers(signs: str) -> str:
    """The brackets still open after these signs, as what closes them."""
    stack: list[str] = []
    for sign in signs:
        meet(stack, sign)
    return "".join(reversed(stack))


def meet(stack: list[str], sign: str) -> None:
    """Notes an opening or closing bracket; one that closes nothing is passed over."""
    if sign in _PAIRS:
        stack.append(_PAIRS[sign])
    elif stack and stack[-1] == sign:
        stack.pop()


def without_comment(line: str) -> str:
    """One physical line up to its comment."""
    for token in tokens(line):
        if "#" in token.prefix:
            return line[: token.start_pos[1] - len(token.prefix) + token.prefix.index("#")]
    return line


def table_of(lines: Sequence[str]) -> list[Line]:
    """For each line its brackets, and whether the next one belongs to it."""
    signs = [""] * len(lines)
    glued = [line.rstrip().endswith("\\") for line in lines]
    start = 0
    while start < len(lines):
        start = _note(lines, start, signs, glued)
    return [Line(sign, glue) for sign, glue in zip(signs, glued)]


def _note(lines: Sequence[str], start: int, signs: list[str], glued: list[bool]) -> int:
    """Notes brackets and strings over several lines from `start` on; stops after the line of a string that
    is never closed, so that what follows it is still read as code."""
    for token in tokens("\n".join(lines[start:])):
        row: int = start + token.start_pos[0] - 1
        inner = token.string.rstrip("\n").count("\n")
        if inner and token.type.name == "ERRORTOKEN":
            return row + 1
        if token.string in _BRACKETS:
            signs[row] += token.string
        for covered in range(row, min(row + inner, len(lines))):
            glued[covered] = True
    return len(lines)


def tokens(text: str) -> Iterator[Any]:
    """Parso's tokens, which never fail."""
    from parso.python.tokenize import tokenize
    from parso.utils import parse_version_string

    yield from tokenize(text, version_info=parse_version_string("3.11"))
