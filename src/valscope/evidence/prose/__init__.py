"""Numbers that a text states in any language, each with its line; what is ambiguous stays a candidate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from valscope.evidence.prose.arrays import arrays, lists
from valscope.evidence.prose.claims import claims
from valscope.evidence.prose.counts import counts
from valscope.evidence.prose.printed import is_printed, named_number, printed
from valscope.evidence.prose.reports import reports
from valscope.evidence.prose.tables import tables
from valscope.evidence.text import Line, plain
from valscope.nouns.fact import Fact, Source
from valscope.nouns.post import Segment
from valscope.nouns.stated import Stated

__all__ = ["read_stated"]

_NUMBER = re.compile(r"\d+")
_LITERAL = re.compile(r"\s*(?:(?:Counter|OrderedDict)\()?\{[^{}]*\}\)?\s*")
# A page pasted as one line is read sentence by sentence; longer ones are dumps, and so are those with more
# numbers than anyone reads.
_LONG, _LONGEST, _MOST_NUMBERS = 400, 1200, 40
_END = re.compile(r"(?<=[。！？；;])|(?<=[.!?])\s+(?=[^\d\s])")


def read_stated(
    segments: Sequence[Segment], file: str, beside: Sequence[Line] = ()
) -> Iterator[Fact[Stated]]:
    """What all segments state. Code, logs and summaries have their own readers; `beside` are lines of logs
    that say how many samples there are."""
    for line in beside:
        for stated in printed(line.text):
            yield Fact(stated, Source(file, line.number, line.text.strip()))
    for segment in segments:
        if segment.kind in ("log", "summary", "traceback"):
            continue
        lines = [Line(segment.first + i, text) for i, text in enumerate(segment.text.split("\n"))]
        found = list(_literals(lines) if segment.kind == "code" else _block(lines, segment.kind == "numbers"))
        found.sort(key=lambda pair: pair[0].number)
        for line, stated in found:
            yield Fact(stated, Source(file, line.number, line.text.strip()))


def _block(lines: Sequence[Line], numeric: bool) -> Iterator[tuple[Line, Stated]]:
    if numeric:
        yield from arrays(lines)
        return
    yield from reports(lines)
    yield from tables(lines)
    for line in lines:
        for sentence in _sentences(line.text):
            for stated in _sentence(plain(sentence)):
                yield line, stated


def _sentences(text: str) -> Iterator[str]:
    pieces = _END.split(text) if len(text) > _LONG else [text]
    for piece in pieces:
        if piece and len(piece) <= _LONGEST and 0 < len(_NUMBER.findall(piece)) <= _MOST_NUMBERS:
            yield piece


def _literals(lines: Sequence[Line]) -> Iterator[tuple[Line, Stated]]:
    """Printed dictionaries, which look like code: "Counter({0: 2135, 1: 1472})"."""
    for line in lines:
        if len(line.text) <= _LONGEST and _LITERAL.fullmatch(line.text):
            for stated in printed(plain(line.text)):
                yield line, stated


def _sentence(text: str) -> Iterator[Stated]:
    yield from printed(text)
    if is_printed(text):
        return
    named = named_number(text)
    if named is not None:
        yield named
    yield from lists(text)
    yield from counts(text)
    yield from claims(text)
