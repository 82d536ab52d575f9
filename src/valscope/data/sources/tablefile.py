"""The columns of a CSV, TSV or Parquet file, or of a data frame, by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from valscope.data.pixels.decode_reasons import shown
from valscope.data.sources.columns import Column, looks_like_path
from valscope.errors import DataError, MissingExtra

Table = Mapping[str, Column]
SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".pq")
_DELIMITERS = (",", "\t", ";", "|")


def read_table_file(path: str) -> Table:
    """Columns of a CSV, TSV or Parquet file. Raises DataError where it is none."""
    if Path(path).suffix.lower() in (".parquet", ".pq"):
        return _parquet(path)
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{shown(path)} is not UTF-8 text ({error.reason}); save it as UTF-8.") from error
    except OSError as error:
        raise DataError(f"{shown(path)} cannot be read: {error.strerror}.") from error
    return _csv(text, path)


def frame_columns(frame: Any) -> Table:
    """Columns of a pandas or polars frame, or of a mapping."""
    return {str(name): list(frame[name]) for name in getattr(frame, "columns", frame)}


def _csv(text: str, path: str) -> Table:
    try:
        rows = [row for row in _parsed(text.splitlines(keepends=True), _delimiter(text)) if row]
    except csv.Error as error:
        raise DataError(f"{shown(path)} cannot be read as a table: {error}.") from error
    if not rows:
        raise DataError(f"{shown(path)} is empty; give a table with a path and a label in each row.")
    header = [cell.strip() for cell in rows[0]]
    headless = any(looks_like_path(cell) for cell in header)
    if headless:
        header = ["path", "label", *(f"column {i}" for i in range(3, len(header) + 1))][: len(header)]
    body = rows if headless else rows[1:]
    for number, row in enumerate(body, 1 if headless else 2):
        if len(row) != len(header):
            raise DataError(f"{shown(path)} has {len(header)} columns, but {len(row)} in row {number}.")
    return {name: [row[i].strip() for row in body] for i, name in enumerate(_unique(header))}


def _delimiter(text: str) -> str:
    """The first delimiter that cuts each of the first lines into the same number of cells, two at least."""
    head = list(islice(io.StringIO(text, newline=""), 50))
    for delimiter in _DELIMITERS:
        widths = {len(row) for row in _parsed(head, delimiter) if row}
        if len(widths) == 1 and widths != {1}:
            return delimiter
    return ","


def _parsed(lines: Iterable[str], delimiter: str) -> Iterable[list[str]]:
    return csv.reader(lines, delimiter=delimiter)


def _unique(names: list[str]) -> list[str]:
    return [
        name if name and names.index(name) == i else f"{name or 'column'} {i + 1}"
        for i, name in enumerate(names)
    ]


def _parquet(path: str) -> Table:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import read_table
    except ImportError as error:
        raise MissingExtra("Reading a Parquet table", "table") from error
    try:
        table = read_table(path)
    except (ArrowException, OSError) as error:
        raise DataError(f"{shown(path)} is no Parquet table: {str(error).splitlines()[0]}.") from error
    return {name: table[name].to_pylist() for name in table.column_names}
