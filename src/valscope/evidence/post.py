"""A text with anything in it, read into segments, runs, stated numbers and errors.

Segments are told by shape, never by language. The text is read as a stream: the lines of a log are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from valscope.errors import InputError
from valscope.evidence.errors_seen import read_errors, read_stopped
from valscope.evidence.logs import LogReader
from valscope.evidence.prose import read_stated
from valscope.evidence.segments import segments
from valscope.evidence.sources import HEAD, Again, kind_of
from valscope.evidence.text import Line, last_states, read_lines, text_lines
from valscope.nouns.post import Post, Segment

# Lines that are no log and are kept to be read as code and prose. A post is hundreds of lines long.
_MOST_LINES = 20_000
_MOST_CHARACTERS = 4_000_000
# Lines of a log that say more than epochs: a warning that the progress bar swallowed, "Train on 640 samples".
_BESIDE = re.compile(r"WARNING|rror|on [\d,]+ samples")
_MOST_BESIDE = 100


def read_post(stream: BinaryIO, file: str = "<stdin>") -> Post:
    """Read a post, a log, a script, a notebook, a saved web page or any mixture, from bytes.

    Raises InputError where the bytes are no text.
    """
    head = stream.read(HEAD)
    lines = read_lines(Again(head, stream), file)
    kind = kind_of(head, file)
    if kind == "notebook":
        return _read_notebook("\n".join(text for _, text in lines), file)
    if kind == "page":
        from valscope.evidence.page import page_lines

        lines = page_lines(lines)
    return _read_script(lines, file) if kind == "script" else read_post_lines(lines, file)


def read_post_file(path: Path) -> Post:
    """Read a file; see `read_post`."""
    with path.open("rb") as stream:
        return read_post(stream, str(path))


def read_post_lines(lines: Iterable[Line], file: str = "<stdin>", code: Iterable[Segment] = ()) -> Post:
    """Read lines that are already text; `code` are segments that are known to be code."""
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
    parts = [*segments(kept), *(Segment("log", first, last) for first, last in ranges), *code]
    parts.sort(key=lambda s: (s.first, s.kind))
    notices = found.notices
    if dropped:
        notices += (
            f"{dropped:,} lines of {file} beyond the first {len(kept):,} that are no log were not read.",
        )
    errors = tuple(read_errors(parts, file, beside))
    if not any(run.epochs for run in found.runs):
        errors += tuple(read_stopped(parts, file, errors))
    return Post(
        file, tuple(parts), found.runs, found.evaluations, tuple(read_stated(parts, file, beside)),
        errors, found.quotes, notices,
    )  # fmt: skip


def _read_script(lines: Iterable[Line], file: str) -> Post:
    """A script is code from end to end; a log that was pasted into its comments counts all the same."""
    log = LogReader(file)
    texts = []
    for line in lines:
        texts.append(line.text)
        comment = line.text.lstrip()
        if comment.startswith("#"):
            log.feed(Line(line.number, comment.lstrip("# ")))
    found = log.log()
    code = (Segment("code", 1, len(texts), "\n".join(texts)),) if any(t.strip() for t in texts) else ()
    return Post(file, code, found.runs, found.evaluations, quotes=found.quotes, notices=found.notices)


def _read_notebook(text: str, file: str) -> Post:
    """Code cells are code; outputs and markdown are read like any text."""
    from valscope.evidence.notebook import read_notebook

    try:
        notebook = read_notebook(text, file)
    except InputError:  # a text that only speaks of cells
        return read_post_lines(text_lines(text), file)
    code = [
        Segment("code", cell.lines[0], cell.lines[-1], cell.text)
        for cell in notebook.cells
        if cell.kind == "code" and cell.text.strip()
    ]
    post = read_post_lines(_printed(notebook.printed()), file, code)
    if notebook.whole:
        return post
    notice = f"{file} ends in the middle; it was read as far as it goes."
    return Post(
        post.file, post.segments, post.runs, post.evaluations, post.stated, post.errors, post.quotes,
        (*post.notices, notice),
    )  # fmt: skip


def _printed(lines: Iterable[tuple[int, str]]) -> list[Line]:
    """Printed lines in their last states. A notebook on one line has no lines of its own: they are counted."""
    states = [
        Line(number, state)
        for number, text in lines
        for state in (last_states(text) if "\r" in text or "\x08" in text else [text])
    ]
    if len({line.number for line in states}) == 1:
        return [Line(i, line.text) for i, line in enumerate(states, 1)]
    return states


def _extend(ranges: list[tuple[int, int]], number: int) -> None:
    if ranges and number <= ranges[-1][1] + 1:
        ranges[-1] = (ranges[-1][0], number)
    else:
        ranges.append((number, number))
