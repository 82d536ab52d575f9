"""A text as it was read: its segments by shape, its logs, and what it states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.fact import Fact, Source
from valscope.nouns.log import Evaluation, LoggedRun
from valscope.nouns.stated import Stated

SegmentKind = Literal["log", "code", "summary", "table", "numbers", "traceback", "prose"]


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines of one kind. Line i of `text` is line `first` + i of the file, cleaned of prompts, quote marks and
    line numbers; the text of a log is empty, because its runs hold it."""

    kind: SegmentKind
    first: int
    last: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class SeenError:
    """An exception or warning that the text shows.

    code         short and stable, such as "label_out_of_range".
    explanation  what it means, with its numbers.
    remedy       what to change.
    numbers      what the message itself says, by name.
    """

    code: str
    explanation: str
    remedy: str
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """Everything that was read from one text.

    quotes   lines of a log that only repeat an earlier one.
    notices  sentences about what was not read, and why.
    """

    file: str
    segments: tuple[Segment, ...] = ()
    runs: tuple[LoggedRun, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    stated: tuple[Fact[Stated], ...] = ()
    errors: tuple[Fact[SeenError], ...] = ()
    quotes: tuple[Source, ...] = ()
    notices: tuple[str, ...] = ()

    def of_kind(self, kind: SegmentKind) -> tuple[Segment, ...]:
        """The segments of one kind, in order."""
        return tuple(s for s in self.segments if s.kind == kind)
