"""What the readers of single log families hand over, before it becomes runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from valscope.evidence.text import Line
from valscope.nouns.fact import Source
from valscope.nouns.log import Evaluation, LoggedRun


@dataclass(frozen=True, slots=True)
class Row:
    """One epoch as a family read it: canonical metric name to printed text.

    `extra` holds those of the values that came from a later line than the epoch's own.
    """

    form: str
    values: Mapping[str, str]
    source: Source
    number: int | None = None
    total: int | None = None
    steps: int | None = None
    seconds: float | None = None
    per_step: float | None = None
    samples: bool | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    extra_source: Source | None = None

    def but(self, values: Mapping[str, str]) -> Row:
        """The same row with other values."""
        return replace(self, values=values)


@dataclass(frozen=True, slots=True)
class Event:
    """A line between epochs that is part of the log but no epoch. `opening` ones begin a run."""

    source: Source
    opening: bool = False


class Header(NamedTuple):
    """ "Epoch 3/10" on a line of its own."""

    number: int
    total: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Gap:
    """A line that is no part of any log."""

    text: str


Item = Row | Event | Gap | Evaluation


class Reader(Protocol):
    """One family of logs, fed line by line."""

    def feed(self, line: Line) -> list[Item] | None:
        """What the line completes; None where it is no line of this family."""

    def gap(self, line: Line) -> list[Item]:
        """What is complete now that a line of no family stands in between, and the gap itself."""

    def close(self) -> list[Item]:
        """What is complete now that another family goes on, or the text ends."""


@dataclass(frozen=True, slots=True)
class Log:
    """Everything that was read from the log lines of one text, in order."""

    runs: tuple[LoggedRun, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    quotes: tuple[Source, ...] = ()
    notices: tuple[str, ...] = ()
