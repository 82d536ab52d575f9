"""From what was given on a command line to image paths: files, folders, globs, tables, lists."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from valscope.data.pixels.decode import shown
from valscope.data.sources.columns import looks_like_path
from valscope.data.sources.raw import safe_name
from valscope.data.sources.tablefile import Table, read_table_file
from valscope.data.sources.walk import Walk
from valscope.errors import DataError
from valscope.nouns.dataset import Notice

TABLES = (".csv", ".tsv", ".parquet", ".pq")
LISTS = (".txt", ".lst", ".list")
_COLUMNS = ("path", "file", "filename", "filepath", "image", "img", "name")
LOOKED_AT = 200  # rows from which the folder that a table's paths start from is told


@dataclass(slots=True)
class Paths:
    """Collects paths in the order in which they are found, each file once.

    skip  a folder whose images are left out where a folder around it was given: what was sorted before.
    A path that cannot be opened is kept: it becomes a row that says so.
    """

    skip: Path | None = None
    column: str | None = None
    found: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def add_argument(self, text: str, alone: bool = False) -> None:
        """A file, folder, glob, table or list. `alone`: there is no other, so a table that is none is an error."""
        path = Path(text)
        suffix = path.suffix.lower()
        matches = sorted(glob.glob(text, recursive=True)) if _is_glob(text) else []  # noqa: PTH207
        if matches:
            for match in matches:
                self.add_argument(match)
        elif suffix in TABLES and path.is_file():
            self._add_table(text, alone)
        elif suffix in LISTS and path.is_file():
            self._add_list(text, alone)
        else:
            self.add(text)

    def add(self, text: str) -> None:
        """A file or a folder."""
        if Path(text).is_dir():
            self._add_folder(text)
            return
        whole = os.path.normpath(text if os.path.isabs(text) else os.path.join(os.getcwd(), text))  # noqa: PTH109, PTH117, PTH118
        if whole in self._seen:
            self.twice.append(safe_name(text))
            return
        self._seen.add(whole)
        self.found.append(text)

    def add_column(self, table: Table, origin: str) -> None:
        """The paths in a data frame, relative to the current folder."""
        for text in self._path_column(table, origin):
            self.add(text)

    def add_lines(self, data: bytes) -> None:
        """Paths separated by NUL, if there is one, else by line breaks."""
        separator = b"\0" if b"\0" in data else b"\n"
        for line in data.split(separator):
            text = os.fsdecode(line if separator == b"\0" else line.rstrip(b"\r"))
            if text.strip():
                self.add(text)

    def said(self) -> tuple[Notice, ...]:
        """What a person should know about what was taken."""
        more = []
        if self.twice:
            more.append(
                Notice(
                    "given_twice",
                    f"{len(self.twice):,} files were given twice and count once.",
                    tuple(self.twice),
                )
            )
        if self.skipped:
            text = f"{len(self.skipped):,} images in {shown(self.skip)} were sorted before and are left out."
            more.append(Notice("sorted_before", text, tuple(self.skipped)))
        return (*self.notices, *more)

    def _add_folder(self, folder: str) -> None:
        walk = _Everything(folder)
        inside = self.skip is not None and self.skip in (
            Path(folder).resolve(),
            *Path(folder).resolve().parents,
        )
        for path in walk.images(folder):
            if self.skip is not None and not inside and self.skip in Path(path).resolve().parents:
                self.skipped.append(safe_name(path))
            else:
                self.add(path)
        self.notices += walk.notices()

    def _add_list(self, path: str, alone: bool) -> None:
        data = Path(path).read_bytes()
        before = len(self.found)
        lines = [line for line in data.replace(b"\0", b"\n").splitlines() if line.strip()]
        if any(os.path.exists(os.fsdecode(line)) for line in lines[:LOOKED_AT]):  # noqa: PTH110
            self.add_lines(data)
        elif alone:
            raise DataError(
                f"{shown(path)} is no list of images: none of its lines names a file that exists."
            )
        else:
            self.found[before:] = [path]

    def _add_table(self, path: str, alone: bool) -> None:
        try:
            column = self._path_column(read_table_file(path), path)
        except DataError:
            if alone or self.column:
                raise
            self.found.append(path)
            return
        base = _base(column, Path(path).parent)
        for text in column:
            self.add(os.path.join(base, text))  # noqa: PTH118

    def _path_column(self, table: Table, path: str) -> list[str]:
        name = self.column or next(
            (n for n, c in table.items() if len(c) and all(map(looks_like_path, c[:20]))), None
        )
        name = name or next((n for n in table if n.strip().lower() in _COLUMNS), None)
        if name is None or name not in table:
            wanted = f"the column {shown(name)}" if name else "a column of image paths"
            raise DataError(
                f"{shown(path)} lacks {wanted}; it has {', '.join(map(shown, table))}. Name it with --path-column."
            )
        texts = [value for value in table[name] if isinstance(value, str) and value]
        left_out = len(table[name]) - len(texts)
        if left_out:
            text = f"{left_out:,} rows of {shown(path)} name no file and are left out."
            self.notices.append(Notice("no_path", text))
        return texts


def _is_glob(text: str) -> bool:
    return not os.path.lexists(text) and glob.has_magic(text)


class _Everything(Walk):
    """Takes empty and unreadable image files too, so that each gets a row that says what is wrong with it."""

    def is_image(self, path: str) -> bool:
        """Whether the file gets a row."""
        before = len(self.empty), len(self.unreadable)
        if super().is_image(path):
            return True
        odd = (len(self.empty), len(self.unreadable)) != before
        if odd:
            del self.empty[before[0] :], self.unreadable[before[1] :]
        return odd


def _base(column: Iterable[str], folder: Path) -> str:
    """The folder that relative paths start from: the table's own, or the current one where more exist there."""
    sample = list(column)[:LOOKED_AT]

    def hits(base: Path) -> int:
        return sum((base / text).exists() for text in sample)

    return "" if folder == Path() or hits(Path()) > hits(folder) else str(folder)
