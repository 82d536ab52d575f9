"""Decode once: the uint8 pixels of a preparation on disk, found again by the content of the file.

Pixels are one growing file of rows. A row is written before the index that names it, and carries a checksum
that is tested when a process first reads it, so that neither a kill nor a damaged disk can give wrong pixels.
Nothing here raises where the disk fails: images are then decoded each time, and `trouble` says why.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from valscope.data.reading.cache_folder import (
    INDEX,
    cache_folder,
    default_budget,
    discard,
    room_for,
    store_name,
)
from valscope.data.reading.cache_index import Entry, Index
from valscope.nouns.preparation import Preparation

T = TypeVar("T")
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A freshly decoded file: its path, state on disk (None where it is too young to be trusted), sha256,
    pixels (None where they are stored already) and notes."""

    path: str
    signature: str | None
    sha: bytes
    pixels: Pixels | None
    notes: tuple[str, ...] = ()


class PixelCache:
    """Pixels of one preparation. May be used by several threads and several processes at once.

    budget_bytes  what all stores of the folder may take together; default the lesser of 8 GiB and a quarter of
                  what is free.
    folder        default `cache_folder()`.
    """

    def __init__(
        self,
        preparation: Preparation,
        budget_bytes: int | None = None,
        folder: str | os.PathLike[str] | None = None,
    ) -> None:
        self.preparation = preparation
        self.trouble = ""
        self._budget = budget_bytes
        self._folder = None if folder is None else Path(folder)
        self._lock = threading.RLock()
        self._index: Index | None = None
        self._pixels: FileIO | None = None
        self._room = self._used = 0
        self._row_bytes = int(np.prod(preparation.shape))

    def content(self, path: str, signature: str) -> bytes | None:
        """sha256 of an unchanged file, if it was read before."""
        return self._tried(lambda index: index.content(path, signature), None)

    def entry(self, sha: bytes) -> Entry | None:
        """What is stored for a content."""
        return self._tried(lambda index: index.entry(sha), None)

    @property
    def full(self) -> bool:
        """Whether no further row fits, or the cache cannot be used."""
        self._tried(lambda index: None, None)
        return bool(self.trouble) or (self._used + 1) * self._row_bytes > self._room

    def stale_rows(self, kept: int) -> int:
        """Rows that hold other contents than the `kept` ones of the caller."""
        return self._used - kept

    def restart(self) -> None:
        """Throw away everything stored."""
        with self._lock:
            self.close()
            discard(self._store())

    def add(self, items: Sequence[Item]) -> list[Entry]:
        """Store what fits, and remember all. One entry for each item; row None where it did not fit."""
        nowhere = [Entry(None, None, item.notes) for item in items]
        return self._tried(lambda index: self._add(index, items), nowhere)

    def read(self, row: int, out: Pixels) -> bool:
        """Fill `out` with a row. False where the row is not there."""
        with self._lock:
            if self._pixels is None:
                return False
            try:
                self._pixels.seek(row * self._row_bytes)
                return self._pixels.readinto(out.data.cast("B")) == self._row_bytes
            except OSError:
                return False

    def forget(self, sha: bytes) -> None:
        """Drop a content whose stored pixels are damaged."""
        self._tried(lambda index: index.forget(sha), None)

    def close(self) -> None:
        """Close the files; the next use opens them again."""
        with self._lock:
            if self._index is not None:
                self._index.close()
            if self._pixels is not None:
                self._pixels.close()
            self._index = self._pixels = None

    def _add(self, index: Index, items: Sequence[Item]) -> list[Entry]:
        entries: list[Entry] = []
        with index.writing():
            row = self._used = index.rows_used()
            fresh: dict[bytes, Entry] = {}
            for item in items:
                known = fresh.get(item.sha) or index.entry(item.sha)
                if item.pixels is not None and (known is None or known.row is None):
                    known = Entry(None, None, item.notes)
                    if (row + 1) * self._row_bytes <= self._room:
                        known = replace(known, row=row, crc=self._write(row, item.pixels))
                        row += 1
                    fresh[item.sha] = known
                entries.append(known or Entry(None, None, item.notes))
            self._flush()
            index.add_images(list(fresh.items()))
            index.add_files([(i.path, i.signature, i.sha) for i in items if i.signature])
        self._used = row
        return entries

    def _write(self, row: int, pixels: Pixels) -> int:
        assert self._pixels is not None
        data = np.ascontiguousarray(pixels).data.cast("B")
        with self._lock:
            self._pixels.seek(row * self._row_bytes)
            if self._pixels.write(data) != self._row_bytes:
                raise OSError("the disk is full")
        return zlib.crc32(data)

    def _flush(self) -> None:
        assert self._pixels is not None
        os.fsync(self._pixels.fileno())

    def _tried(self, ask: Callable[[Index], T], otherwise: T) -> T:
        """Ask the index; rebuild it once where it is damaged, do without it where that fails too."""
        with self._lock:
            for again in (True, False):
                if self.trouble:
                    return otherwise
                try:
                    return ask(self._index or self._open())
                except sqlite3.OperationalError as error:  # locked, read-only, full: nothing to rebuild
                    self._give_up(error)
                except sqlite3.DatabaseError as error:
                    self.close()
                    if again:
                        discard(self._store())
                    else:
                        self._give_up(error)
                except OSError as error:
                    self._give_up(error)
        return otherwise

    def _open(self) -> Index:
        store = self._store()
        store.mkdir(
            mode=0o700, parents=True, exist_ok=True
        )  # what was photographed is nobody else's business
        budget = default_budget(store.parent) if self._budget is None else self._budget
        self._room = room_for(store, budget)
        self._index = Index(store / INDEX)
        path = store / self._index.pixels_name
        path.touch()
        os.utime(store / INDEX)  # used now, as others that need room can see
        self._pixels = FileIO(path, "r+b")
        self._used = self._index.rows_used()
        return self._index

    def _store(self) -> Path:
        return (self._folder or cache_folder()) / store_name(self.preparation)

    def _give_up(self, error: Exception) -> None:
        self.trouble = f"{error}" or type(error).__name__
