"""Writing a file row by row so that its name never stands for half of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from valscope.data.sources.raw import safe_name
from valscope.errors import UsageError

FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")  # a spreadsheet would run a cell that starts like this
_SPECIAL = re.compile('[,"\r\n]|^ | $')


@contextmanager
def partial(out: Path, quiet: bool = False) -> Iterator[TextIO]:
    """An open UTF-8 file that becomes `out` at the end; when the work is broken off, what is written stays in
    `out`.partial and standard error says so. Raises UsageError where it cannot be written."""
    unfinished = out.with_name(out.name + ".partial")
    try:
        file = unfinished.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror}); give --out another name.") from None
    try:
        with file:
            yield file
        unfinished.replace(out)
    except BaseException as error:
        if not quiet:
            print(f"Broken off: {unfinished} holds the rows so far.", file=sys.stderr)
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise UsageError(f"{out} cannot be written ({error.strerror}).") from None
        raise


def csv_line(values: Iterable[str]) -> str:
    """One line of CSV: valid UTF-8, quoted where needed (also for a lone carriage return, which Python's writer
    forgets before 3.13), and no cell that a spreadsheet takes for a formula: those get a leading apostrophe."""
    return ",".join(map(_cell, values)) + "\n"


def _cell(value: str) -> str:
    text = safe_name("'" + value if value.startswith(FORMULA) else value)
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text
