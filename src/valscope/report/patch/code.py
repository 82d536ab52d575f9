"""A script as tokens, statements and calls, with the places of each in the text.

parso reads on after a mistake, so that the code in a pasted post, of Python 2 or with a bracket too few has
tokens too. Nothing is run or imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import parso

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


@dataclass(frozen=True, slots=True)
class Statement:
    """A logical line: its tokens, without the one that ends it."""

    tokens: tuple[Token, ...]

    @property
    def start(self) -> int:
        """Place of its first token."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Place after its last token."""
        return self.tokens[-1].end

    @property
    def target(self) -> str:
        """The plain name that it assigns to, "" where it does something else."""
        plain = len(self.tokens) > 2 and self.tokens[0].kind == "name" and self.tokens[1].text == "="
        return self.tokens[0].text if plain else ""


class Code:
    """The text of one file."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tuple(_tokens(text))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Logical lines in order."""
        found: list[Statement] = []
        held: list[Token] = []
        for token in self.tokens:
            if token.kind == "newline" or token.kind == "endmarker":
                found += [Statement(tuple(held))] if held else []
                held = []
            else:
                held.append(token)
        return tuple(found)

    def statement(self, line: int) -> Statement | None:
        """The logical line that a line of the file belongs to."""
        spans = ((s, s.tokens[0].line, _last_line(s.tokens[-1])) for s in self.statements)
        return next((s for s, first, last in spans if first <= line <= last), None)

    def calls(self, statement: Statement) -> list[Call]:
        """All calls of a logical line, outer ones first."""
        return list(_calls(statement.tokens))

    def indent(self, at: int) -> str | None:
        """The blanks before a place, None where something else stands before it on its line."""
        before = self.text[self.line_start(at) : at]
        return before if not before.strip() else None

    def line_start(self, at: int) -> int:
        """Where the line of a place begins."""
        return self.text.rfind("\n", 0, at) + 1

    @property
    def newline(self) -> str:
        """The line ending of the file."""
        return "\r\n" if "\r\n" in self.text else "\n"


@lru_cache(maxsize=8)
def code(text: str) -> Code:
    """The same text read once."""
    return Code(text)


def _tokens(text: str) -> Iterator[Token]:
    leaf = parso.parse(text).get_first_leaf()
    place = 0
    while leaf is not None:
        start = place + len(leaf.prefix)
        place = start + len(leaf.value)
        kind = "endmarker" if leaf.type == "endmarker" else leaf.type
        if leaf.value or kind == "endmarker":
            yield Token(kind, leaf.value, start, place, leaf.start_pos[0])
        leaf = leaf.get_next_leaf()


def _last_line(token: Token) -> int:
    return token.line + token.text.count("\n")


def _calls(tokens: tuple[Token, ...]) -> Iterator[Call]:
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
