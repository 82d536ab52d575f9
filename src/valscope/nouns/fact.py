"""Facts: values with the place they come from."""

from __future__ import annotations

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
