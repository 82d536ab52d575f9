"""Edits of a text, and whether what they leave can still be read."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import parso


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces start..end (characters from the beginning) by `new`; start == end inserts."""

    start: int
    end: int
    new: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits; they must not overlap. Insertions at one place keep their order."""
    pieces, place = [], 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        pieces += [text[place : edit.start], edit.new]
        place = edit.end
    return "".join([*pieces, text[place:]])


def apart(edits: Sequence[Edit], others: Sequence[Edit]) -> bool:
    """Whether no edit of the one overlaps one of the other."""
    return not any(e.start < o.end and o.start < e.end for e in edits for o in others)


def still_valid(before: str, after: str) -> bool:
    """Whether a patch leaves readable code: as Python where it was Python, else with no mistake more than before."""
    if _parses(before):
        return _parses(after)
    return _mistakes(after) <= _mistakes(before)


def _parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in the user's strings is not our business
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


@lru_cache(maxsize=32)
def _mistakes(text: str) -> int:
    grammar = parso.load_grammar()
    return sum(1 for _ in grammar.iter_errors(grammar.parse(text)))
