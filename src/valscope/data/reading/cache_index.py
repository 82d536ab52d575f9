"""The cache's index: which row holds the pixels of which content, and which file has which content.

SQLite keeps it whole through a kill at any moment and through several processes at once.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Other processes hold the lock only while they write one batch of some 32 MB.
_PATIENCE = 60.0
_TABLES = """
CREATE TABLE IF NOT EXISTS store (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS images
    (sha BLOB PRIMARY KEY, row INTEGER UNIQUE, crc INTEGER, notes TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, signature TEXT NOT NULL, sha BLOB NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one content: its row and checksum (None where it did not fit), and its notes."""

    row: int | None
    crc: int | None
    notes: tuple[str, ...]


class Index:
    """One SQLite file. Every method may raise sqlite3.Error."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            self._db.executescript(_TABLES)
            with self.writing():
                name = f"pixels-{secrets.token_hex(4)}.bin"
                self._db.execute("INSERT OR IGNORE INTO store VALUES ('pixels', ?)", (name,))
            self.pixels_name: str = self._db.execute(
                "SELECT value FROM store WHERE name = 'pixels'"
            ).fetchone()[0]
        except BaseException:
            self._db.close()
            raise

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that no other process can write beside; undone where the block raises."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def rows_used(self) -> int:
        """Number of rows that hold pixels, or did."""
        with self._lock:
            found = self._db.execute("SELECT MAX(row) FROM images").fetchone()[0]
        return 0 if found is None else int(found) + 1

    def content(self, path: str, signature: str) -> bytes | None:
        """sha256 of a file that is unchanged since it was last read."""
        with self._lock:
            found = self._db.execute(
                "SELECT sha FROM files WHERE path = ? AND signature = ?", (os.fsencode(path), signature)
            ).fetchone()
        return None if found is None else bytes(found[0])

    def entry(self, sha: bytes) -> Entry | None:
        """What is known of a content."""
        with self._lock:
            found = self._db.execute("SELECT row, crc, notes FROM images WHERE sha = ?", (sha,)).fetchone()
        return None if found is None else Entry(found[0], found[1], tuple(found[2].split()))

    def add_images(self, entries: Sequence[tuple[bytes, Entry]]) -> None:
        """Remember contents; within `writing`."""
        self._db.executemany(
            "INSERT INTO images VALUES (?, ?, ?, ?) ON CONFLICT (sha) DO UPDATE "
            "SET row = excluded.row, crc = excluded.crc, notes = excluded.notes",
            [(sha, entry.row, entry.crc, " ".join(entry.notes)) for sha, entry in entries],
        )

    def add_files(self, files: Sequence[tuple[str, str, bytes]]) -> None:
        """Remember (path, signature, sha); within `writing`."""
        rows = [(os.fsencode(path), signature, sha) for path, signature, sha in files]
        self._db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", rows)

    def forget(self, sha: bytes) -> None:
        """Drop a content whose pixels turned out to be damaged."""
        with self.writing():
            self._db.execute("DELETE FROM images WHERE sha = ?", (sha,))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
