"""Facts: values with the place they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read.

    file   path as given, or "<stdin>".
    line   1-based, None where lines have no meaning.
    quote  the text itself, shortened by renderers only.
    """

    file: str
    line: int | None = None
    quote: str = ""


def lines_of(sources: Sequence[Source]) -> str:
    """Where sources stand, for a sentence: "line 4", "lines 4 and 9", or the file where there are no lines."""
    lines = [str(n) for n in dict.fromkeys(s.line for s in sources if s.line)]
    if not lines:
        return sources[0].file if sources else "the files given"
    head = ", ".join(lines[:-1])
    return f"lines {head} and {lines[-1]}" if head else f"line {lines[0]}"


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """A value and where it was read, or "measured" from files or a model."""

    value: T
    source: Source


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """A fact that is not known, why, and what would settle it. It is false, so `if fact:` asks whether it is known."""

    reason: str
    would_settle: str

    def __bool__(self) -> Literal[False]:
        return False
