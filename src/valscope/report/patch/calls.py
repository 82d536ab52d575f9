"""Calls in a row of tokens: names, brackets, arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

OPEN, CLOSE = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Token:
    """text stands at start..end (characters from the beginning), on a line from 1."""

    kind: str
    text: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Argument:
    """keyword "" for a positional one; `tokens` are those of its value, never empty."""

    keyword: str
    start: int
    tokens: tuple[Token, ...]

    @property
    def end(self) -> int:
        """Where the value ends."""
        return self.tokens[-1].end

    @property
    def value_start(self) -> int:
        """Where the value begins."""
        return self.tokens[0].start


@dataclass(frozen=True, slots=True)
class Call:
    """name as written, with dots; `opens` and `closes` are the places of its brackets."""

    name: str
    start: int
    opens: int
    closes: int
    arguments: tuple[Argument, ...]

    @property
    def last(self) -> str:
        """The name after the last dot."""
        return self.name.rsplit(".", 1)[-1]

    @property
    def positional(self) -> tuple[Argument, ...]:
        """Arguments without a keyword."""
        return tuple(a for a in self.arguments if not a.keyword)

    def argument(self, *names: str) -> Argument | None:
        """The argument with one of these keywords."""
        return next((a for a in self.arguments if a.keyword in names), None)


def calls_in(tokens: tuple[Token, ...]) -> Iterator[Call]:
    """All calls, outer ones first; one whose bracket never closes is none."""
    for i, token in enumerate(tokens):
        if token.text == "(" and i and tokens[i - 1].kind == "name":
            close = closing(tokens, i)
            if close is not None:
                first = _dotted(tokens, i - 1)
                name = "".join(t.text for t in tokens[first:i])
                yield Call(
                    name, tokens[first].start, token.start, tokens[close].start,
                    tuple(_arguments(tokens[i + 1 : close])),
                )  # fmt: skip


def closing(tokens: tuple[Token, ...], opens: int) -> int | None:
    """Position of the bracket that closes the one at `opens`; None where none does."""
    depth = 0
    for i in range(opens, len(tokens)):
        depth += (tokens[i].text in OPEN) - (tokens[i].text in CLOSE) if len(tokens[i].text) == 1 else 0
        if depth == 0:
            return i
    return None


def _dotted(tokens: tuple[Token, ...], last: int) -> int:
    """Where the dotted name begins that ends at `last`."""
    first = last
    while first >= 2 and tokens[first - 1].text == "." and tokens[first - 2].kind == "name":
        first -= 2
    return first


def _arguments(tokens: tuple[Token, ...]) -> Iterator[Argument]:
    for held in split_at_commas(tokens):
        named = len(held) > 2 and held[0].kind == "name" and held[1].text == "="
        yield Argument(held[0].text if named else "", held[0].start, held[2:] if named else held)


def split_at_commas(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """The pieces between the commas of the outermost level; empty ones are left out."""
    depth = 0
    held: list[Token] = []
    for token in tokens:
        if len(token.text) == 1:
            depth += (token.text in OPEN) - (token.text in CLOSE)
        if token.text == "," and depth == 0:
            if held:
                yield tuple(held)
            held = []
        else:
            held.append(token)
    if held:
        yield tuple(held)
