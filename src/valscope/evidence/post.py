"""A text with anything in it, read into segments, runs, stated numbers and errors.

Segments are told by shape, never by language. The text is read as a stream: the lines of a log are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from valscope.evidence.errors_seen import read_errors
from valscope.evidence.logs import LogReader
from valscope.evidence.prose import read_stated
from valscope.evidence.segments import segments
from valscope.evidence.sources import source_lines
from valscope.evidence.text import Line
from valscope.nouns.post import Post, Segment

# Lines that are no log and are kept to be read as code and prose. A post is hundreds of lines long.
_MOST_LINES = 20_000
_MOST_CHARACTERS = 4_000_000
# Lines of a log that say more than epochs: a warning that the progress bar swallowed, "Train on 640 samples".
_BESIDE = re.compile(r"WARNING|rror|on [\d,]+ samples")
_MOST_BESIDE = 100


def read_post(stream: BinaryIO, file: str = "<stdin>") -> Post:
    """Read a post, a log, or any mixture, from bytes.

    Raises InputError where the bytes are no text.
    """
    return read_post_lines(source_lines(stream, file), file)


def read_post_file(path: Path) -> Post:
    """Read a file; see `read_post`."""
    with path.open("rb") as stream:
        return read_post(stream, str(path))


def read_post_lines(lines: Iterable[Line], file: str = "<stdin>") -> Post:
    """Read lines that are already text."""
    log = LogReader(file)
    kept: list[Line] = []
    ranges: list[tuple[int, int]] = []
    beside: list[Line] = []
    size = dropped = 0
    for line in lines:
        if log.feed(line):
            _extend(ranges, line.number)
            if _BESIDE.search(line.text) and len(beside) < _MOST_BESIDE:
                beside.append(line)
        elif len(kept) < _MOST_LINES and size < _MOST_CHARACTERS:
            kept.append(line)
            size += len(line.text)
        else:
            dropped += 1
    found = log.log()
    parts = [*segments(kept), *(Segment("log", first, last) for first, last in ranges)]
    parts.sort(key=lambda s: (s.first, s.kind))
    notices = found.notices
    if dropped:
        notices += (
            f"{dropped:,} lines of {file} beyond the first {len(kept):,} that are no log were not read.",
        )
    return Post(
        file, tuple(parts), found.runs, found.evaluations, tuple(read_stated(parts, file, beside)),
        tuple(read_errors(parts, file, beside)), found.quotes, notices,
    )  # fmt: skip


def _extend(ranges: list[tuple[int, int]], number: int) -> None:
    if ranges and number <= ranges[-1][1] + 1:
        ranges[-1] = (ranges[-1][0], number)
    else:
        ranges.append((number, number))
