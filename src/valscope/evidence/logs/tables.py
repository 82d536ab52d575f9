"""Logs as tables with a header line: CSVLogger, fastai, skorch, Hugging Face notebooks, printed data frames."""

from __future__ import annotations

import re
from dataclasses import dataclass

from valscope.evidence.logs.names import columns
from valscope.evidence.logs.number import NUMBER
from valscope.evidence.logs.rows import Gap, Item, Row
from valscope.evidence.text import Line, plain
from valscope.evidence.words import EPOCH, meaning
from valscope.nouns.fact import Source

_HEADER_HINT = re.compile(r"loss|acc|error|损失|率|精度", re.I)
_LONGEST_HEAD = 2000
_CELL = re.compile(rf"(?:{NUMBER})%?")
_TIME = re.compile(r"\d+:\d\d(?::\d\d)?(?:\.\d+)?|\d+(?:\.\d+)?\s?s")
_RULE = re.compile(r"[\s|+\-=:_]+")
_EMPTY = frozenset(("", "no log", "nan", "none", "-", "n/a", "na"))
# Columns that count or time and measure nothing.
_INDEX = frozenset((*EPOCH, "step", "iter", "time", "dur", "seconds", "cp", "lr_step"))


@dataclass(frozen=True, slots=True)
class _Head:
    """A table's header: how cells are parted and what the columns are."""

    part: str | None
    names: tuple[str, ...]
    indexed: bool = False

    def cells(self, text: str) -> list[str]:
        """The cells of a row, or an empty list where the row has another number of them."""
        cells = _split(text, self.part)
        if self.indexed and len(cells) == len(self.names) + 1:
            return cells
        return cells if len(cells) == len(self.names) else []


class TableReader:
    """Feed lines, get one row a line."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._head: _Head | None = None
        self._coming: _Head | None = None
        self._row: Row | None = None

    def feed(self, line: Line) -> list[Item] | None:
        """The rows that the line completes; None where it is no line of a table of epochs."""
        text = plain(line.text)
        items: list[Item] = []
        if self._coming is not None:
            old, self._head, self._coming = self._head, self._coming, None
            if _RULE.fullmatch(text) or self._read(text, line) is not None:
                items = [] if self._row is None else [self._row]
                self._row = None
            else:
                self._head = old
        if self._head is not None:
            if _RULE.fullmatch(text):
                return items
            row = self._read(text, line)
            if row is not None:
                return [*items, *self._add(row)]
        head = _head(text) if len(text) <= _LONGEST_HEAD and _HEADER_HINT.search(text) else None
        if head is None:
            return None
        self._coming = head  # a table only if a row follows; until then the line belongs to its surroundings
        return None

    @property
    def expecting(self) -> bool:
        """Whether a table is open."""
        return self._head is not None or self._coming is not None

    def gap(self, line: Line) -> list[Item]:
        """Other text ends the table."""
        return [*self.close(), Gap(line.text)]

    def close(self) -> list[Item]:
        """The last epoch."""
        row, self._row, self._head = self._row, None, None
        return [] if row is None else [row]

    def _add(self, row: Row) -> list[Item]:
        old = self._row
        same = old is not None and row.number is not None and row.number == old.number
        if old is not None and same and not set(old.values) & set(row.values):
            self._row = old.but(
                {**old.values, **row.values}
            )  # Lightning writes training and validation apart
            return []
        self._row = row
        return [] if old is None else [old]

    def _read(self, text: str, line: Line) -> Row | None:
        assert self._head is not None
        cells = self._head.cells(text)
        if not cells or not all(_plausible(c) for c in cells):
            return None
        names = self._head.names
        number = None
        if len(cells) > len(names):
            number, cells = int(cells[0]) if cells[0].isdigit() else None, cells[1:]
        values, seconds = {}, None
        for name, cell in zip(names, cells, strict=True):
            if name.lower() in EPOCH or name == "":
                number = int(float(cell)) if re.fullmatch(r"\d+(?:\.0*)?", cell) else number
            elif name.lower() in _INDEX:
                seconds = _seconds(cell) if name.lower() in ("time", "dur", "seconds") else seconds
            elif _CELL.fullmatch(cell):
                values[name] = cell
        if not values:
            return None
        all_names = tuple(n for n in names if n.lower() not in _INDEX and n)
        canonical = dict(zip(all_names, columns(all_names), strict=True))
        source = Source(self._file, line.number, line.text.strip())
        fastai = (
            names[0].lower() == "epoch" and {"train_loss", "valid_loss"} <= set(names) and "dur" not in names
        )
        form = "fastai" if fastai else "csv" if self._head.part in (",", ";") else "table"
        return Row(form, {canonical[n]: v for n, v in values.items()}, source, number, seconds=seconds)


def _head(text: str) -> _Head | None:
    """The header of a table of epochs, or None."""
    for part in (",", ";", "\t", "|", None):
        if part is not None and part not in text:
            continue
        cells = _split(text, part)
        measures = [c for c in cells if meaning(c)[1] in ("loss", "accuracy", "error_rate")]
        if len(cells) < 2 or len(set(cells)) < len(cells) or not measures:
            continue
        if any(_CELL.fullmatch(c) or len(c) > 40 or ":" in c or "=" in c for c in cells):
            continue
        counted = cells[0] == "" or any(c.lower() in EPOCH for c in cells)
        if counted or (len(measures) >= 2 and any(meaning(c)[1] == "loss" for c in cells)):
            return _Head(part, tuple(cells), indexed=not counted and part is None)
    return None


def _split(text: str, part: str | None) -> list[str]:
    if part is None:
        return text.split()
    body = text.strip("| \n") if part == "|" else text.rstrip("\n")
    return [cell.strip().strip("\"'*` ") for cell in body.split(part)]


def _plausible(cell: str) -> bool:
    return bool(_CELL.fullmatch(cell) or _TIME.fullmatch(cell)) or cell.lower() in _EMPTY


def _seconds(cell: str) -> float | None:
    if ":" in cell:
        total = 0.0
        for piece in cell.split(":"):
            total = 60 * total + float(piece)
        return total
    return float(cell.rstrip("s ")) if _TIME.fullmatch(cell) or _CELL.fullmatch(cell) else None
