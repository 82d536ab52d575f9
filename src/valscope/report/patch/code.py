"""A script as tokens and statements, with the places of each in the text.

parso reads on after a mistake, so that the code in a pasted post, of Python 2 or with a bracket too few has
tokens too. Nothing is run or imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import parso

from valscope.report.patch.calls import Call, Token, calls_in


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
        return list(calls_in(statement.tokens))

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
