"""Training logs as text: lines in, runs out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from valscope.evidence.logs.dicts import DictReader
from valscope.evidence.logs.keras import KerasReader
from valscope.evidence.logs.rows import Evaluation, Gap, Item, Log, Reader
from valscope.evidence.logs.runs import to_log
from valscope.evidence.logs.sheets import SheetReader
from valscope.evidence.logs.tables import TableReader
from valscope.evidence.text import Line

__all__ = ["Evaluation", "Log", "LogReader", "read_log"]

_SILENT = re.compile(r"[\s\-=_*#.~+|─━]*")


class LogReader:
    """All families at once. Feed lines; `log` gives the runs at the end."""

    def __init__(self, file: str) -> None:
        self._keras, self._sheets = KerasReader(file), SheetReader(file)
        self._readers: tuple[Reader, ...] = (self._keras, DictReader(file), TableReader(file), self._sheets)
        self._active: Reader | None = None
        self._items: list[Item] = []

    def feed(self, line: Line) -> bool:
        """Whether the line is part of a log. Empty lines and rulers are part of whatever surrounds them."""
        if _SILENT.fullmatch(line.text):
            return self._active is not None
        self._sheets.header = self._keras.header
        for reader in self._readers:
            found = reader.feed(line)
            if found is not None:
                self._switch(reader)
                self._items += found
                return True
        self._items += self._active.gap(line) if self._active else [Gap(line.text)]
        return False

    def log(self) -> Log:
        """The runs and evaluations of all lines so far."""
        if self._active is not None:
            self._items += self._active.close()
        return to_log(self._items)

    def _switch(self, reader: Reader) -> None:
        if reader is self._sheets and self._keras.header is not None:
            self._keras.drop_header()
        if reader is self._active or (reader is self._keras and self._keras.waits):
            return
        if self._active is not None:
            self._items += self._active.close()
        self._active = reader


def read_log(lines: Iterable[Line], file: str = "<stdin>") -> Log:
    """All runs in the lines; lines that are no log are passed over, and part runs from one another."""
    reader = LogReader(file)
    for line in lines:
        reader.feed(line)
    return reader.log()
