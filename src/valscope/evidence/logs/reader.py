"""All families of logs at once, fast enough for logs of a hundred megabytes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from valscope.evidence.logs.dicts import DictReader
from valscope.evidence.logs.keras import KerasReader
from valscope.evidence.logs.rows import Gap, Item, Log, Reader, Row
from valscope.evidence.logs.runs import to_log
from valscope.evidence.logs.sheets import SheetReader
from valscope.evidence.logs.tables import TableReader
from valscope.evidence.text import Line

_SILENT = re.compile(r"[\s\-=_*#.~+|─━]*")
_NUMBER = re.compile(r"\d+")
# Epochs that are kept, of all runs together: more are no training of images, and memory must stay bounded.
_MOST_EPOCHS = 50_000
# Shapes of lines that are remembered as no log.
_MOST_SHAPES = 4096
# Lines between two epochs that say all that is needed: that something stands there, and what.
_MOST_GAPS = 3


class LogReader:
    """Feed lines; `log` gives the runs at the end."""

    def __init__(self, file: str) -> None:
        self._keras, self._dicts = KerasReader(file), DictReader(file)
        self._tables, self._sheets = TableReader(file), SheetReader(file)
        self._readers: tuple[Reader, ...] = (self._keras, self._dicts, self._tables, self._sheets)
        self._active: Reader | None = None
        self._items: list[Item] = []
        self._in_log = self._unfinished = False
        self._epochs = self._dropped = self._gaps = 0
        self._no_log: set[str] = set()
        self._log: set[str] = set()

    def feed(self, line: Line) -> bool:
        """Whether the line is part of a log. Empty lines and rulers are part of whatever surrounds them."""
        self._unfinished = bool(line.text)  # a text that ends with a line end has an empty line after it
        if self._keras.skips(line) or self._sheets.skips(line):
            return True
        if _SILENT.fullmatch(line.text):
            return self._in_log
        shape = _NUMBER.sub("0", line.text)
        if self._dropped and shape in self._log:
            return True
        self._in_log = False
        if shape in self._no_log and not self._expecting():
            return self._gap(line)
        if self._read(line):
            self._in_log = True
            if self._epochs >= _MOST_EPOCHS and len(self._log) < _MOST_SHAPES:
                self._log.add(shape)
            return True
        if len(self._no_log) < _MOST_SHAPES and not self._expecting():
            self._no_log.add(shape)
        return self._gap(line)

    def log(self) -> Log:
        """The runs and evaluations of all lines so far."""
        if self._active is not None:
            self._add(self._active.close())
        notices: tuple[str, ...] = ()
        if self._dropped:
            notices = (f"Only the first {_MOST_EPOCHS:,} epochs were read; the text has more.",)
        return to_log(self._items, notices, cut=self._unfinished)

    def _expecting(self) -> bool:
        """Whether a line may be part of a log because of the line before it."""
        return self._keras.expecting or self._dicts.expecting or self._tables.expecting

    def _read(self, line: Line) -> bool:
        self._sheets.header = self._keras.header
        for reader in self._readers:
            found = reader.feed(line)
            if found is not None:
                self._switch(reader)
                self._add(found)
                return True
        return False

    def _gap(self, line: Line) -> bool:
        self._add(self._active.gap(line) if self._active else [Gap(line.text)])
        return False

    def _add(self, items: list[Item]) -> None:
        for item in items:
            if isinstance(item, Gap):
                self._gaps += 1
                if self._gaps > _MOST_GAPS:
                    continue
            elif isinstance(item, Row):
                self._epochs += 1
                self._dropped += self._epochs > _MOST_EPOCHS
                self._gaps = 0
            if not self._dropped:
                self._items.append(item)

    def _switch(self, reader: Reader) -> None:
        if reader is self._sheets and self._keras.header is not None:
            self._keras.drop_header()
        if reader is self._active or (reader is self._keras and self._keras.waits):
            return
        if self._active is not None:
            self._add(self._active.close())
        self._active = reader


def read_log(lines: Iterable[Line], file: str = "<stdin>") -> Log:
    """All runs in the lines; lines that are no log are passed over, and part runs from one another."""
    reader = LogReader(file)
    for line in lines:
        reader.feed(line)
    return reader.log()
