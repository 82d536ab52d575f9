"""Items that are image files: decoded by a few threads, kept in the cache, checked against their hashes."""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.decode import open_image, read_bytes
from valscope.data.pixels.resize import resize_image
from valscope.data.reading.cache import Item, PixelCache
from valscope.data.reading.cache_index import Entry
from valscope.data.reading.parallel import Threads
from valscope.data.reading.scan_notices import scan_notices
from valscope.data.reading.signature import signature_of
from valscope.errors import DataError
from valscope.nouns.dataset import Notice
from valscope.nouns.preparation import Preparation

Pixels = NDArray[np.uint8]
UNKNOWN, STORED, LOOSE, DAMAGED = range(4)
# Decoded pixels that wait for one transaction of the index; also what a kill can cost.
BATCH_BYTES = 32 * 2**20


class FileItems:
    """Per item a state, a row in the cache, a sha256 and a checksum: 46 bytes beside its path and name."""

    def __init__(
        self,
        paths: Sequence[str],
        names: Sequence[str],
        preparation: Preparation,
        cache: PixelCache | None,
        threads: Threads | None = None,
    ) -> None:
        self._paths, self._names, self._preparation, self._cache = paths, names, preparation, cache
        self._threads = threads or Threads(None, int(np.prod(preparation.shape)))
        self.shape: tuple[int, ...] = preparation.shape
        self.dtype = np.dtype(np.uint8)
        self.damaged: dict[int, str] = {}
        self._notes: dict[str, list[int]] = defaultdict(list)
        self._state = np.zeros(len(paths), np.int8)
        self._rows = np.full(len(paths), -1, np.int64)
        self._shas = np.zeros((len(paths), 32), np.uint8)
        self._crcs = np.full(len(paths), -1, np.int64)  # -1 once it was tested in this process

    def fill(self, rows: list[int], out: Pixels) -> dict[int, str]:
        """Write each row's pixels to `out`; positions that failed, with the reason."""
        if self._cache is not None:
            self._learn([row for row in dict.fromkeys(rows) if self._state[row] == UNKNOWN], _ignore)
        failed = {at: self.damaged[row] for at, row in enumerate(rows) if row in self.damaged}
        misses = [at for at, row in enumerate(rows) if at not in failed and not self._stored(row, out[at])]
        for at, found in self._threads.each(misses, lambda at: self._decoded(rows[at])):
            if isinstance(found, DataError):
                failed[at] = str(found)
            else:
                out[at] = found
        return failed

    def visit(self, on_item: Callable[[int, int], object]) -> None:
        """Read every item once."""
        everything = range(len(self._paths))
        self._learn([row for row in everything if self._state[row] == UNKNOWN], on_item)
        loose, stored = int((self._state == LOOSE).sum()), int((self._state == STORED).sum())
        if self._cache is not None and loose and self._cache.stale_rows(stored) > max(loose, stored):
            self._cache.restart()
            self._notes.clear()
            self._state[self._state != DAMAGED] = UNKNOWN
            self._learn([row for row in everything if self._state[row] == UNKNOWN], _ignore)

    def hashes(self) -> tuple[str, ...]:
        """sha256 of each file as hex; "" where it cannot be read."""
        return tuple(self._hash(row) for row in range(len(self._paths)))

    def notices(self) -> tuple[Notice, ...]:
        """What the visit noticed."""
        loose = int((self._state == LOOSE).sum()) if self._cache is not None else 0
        trouble = "" if self._cache is None else self._cache.trouble
        return scan_notices(self.damaged, self._notes, self._names, loose, trouble)

    def take(self, rows: list[int]) -> FileItems:
        """Some of the items, with what is known of them."""
        paths, names = [self._paths[row] for row in rows], [self._names[row] for row in rows]
        taken = FileItems(paths, names, self._preparation, self._cache, self._threads)
        for name in ("_state", "_rows", "_shas", "_crcs"):
            setattr(taken, name, getattr(self, name)[rows])
        new = {row: i for i, row in enumerate(rows)}
        taken.damaged = {new[row]: why for row, why in self.damaged.items() if row in new}
        for code, noted in self._notes.items():
            taken._notes[code] = [new[row] for row in noted if row in new]
        return taken

    def _learn(self, rows: list[int], on_item: Callable[[int, int], object]) -> None:
        """Look each item up, decode those that are new, and store them in batches."""
        unsure = [row for row in rows if not self._recalled(row)]
        done = len(rows) - len(unsure)
        if done:
            on_item(done, len(rows))
        waiting: list[tuple[int, Item]] = []
        room = BATCH_BYTES // int(np.prod(self.shape)) + 1
        try:
            for row, found in self._threads.each(unsure, self._loaded):
                if isinstance(found, DataError):
                    self._state[row], self.damaged[row] = DAMAGED, str(found)
                else:
                    waiting.append((row, found))
                if len(waiting) >= room:
                    self._keep(waiting)
                done += 1
                on_item(done, len(rows))
        finally:
            self._keep(waiting)

    def _keep(self, waiting: list[tuple[int, Item]]) -> None:
        items = [item for _, item in waiting]
        entries = self._cache.add(items) if self._cache else [Entry(None, None, item.notes) for item in items]
        for (row, item), entry in zip(waiting, entries):
            self._known(row, item.sha, entry)
        waiting.clear()

    def _known(self, row: int, sha: bytes, entry: Entry) -> None:
        self._shas[row] = np.frombuffer(sha, np.uint8)
        self._state[row] = LOOSE if entry.row is None else STORED
        if entry.row is not None:
            self._rows[row], self._crcs[row] = entry.row, entry.crc or 0
        for note in entry.notes:
            self._notes[note].append(row)

    def _recalled(self, row: int) -> bool:
        """Whether the cache knows the file as it is now."""
        signature = signature_of(self._paths[row]) if self._cache else None
        if self._cache is None or signature is None:
            return False
        sha = self._cache.content(self._paths[row], signature)
        entry = None if sha is None else self._cache.entry(sha)
        if sha is None or entry is None or self._could_store(entry):
            return False
        self._known(row, sha, entry)
        return True

    def _could_store(self, entry: Entry) -> bool:
        """Whether a content that once did not fit would fit now."""
        return entry.row is None and self._cache is not None and not self._cache.full

    def _loaded(self, row: int) -> Item:
        """The file's hash, and its pixels unless they are stored. Runs in a thread of the pool."""
        path = self._paths[row]
        signature = signature_of(path)
        data = read_bytes(path)
        sha = hashlib.sha256(data).digest()
        entry = self._cache.entry(sha) if self._cache else None
        if entry is not None and not self._could_store(entry):
            return Item(path, signature, sha, None, entry.notes)
        decoded = open_image(data, self._preparation, self._names[row])
        return Item(path, signature, sha, resize_image(decoded.image, self._preparation), decoded.notes)

    def _decoded(self, row: int) -> Pixels:
        """Pixels of an item that is not stored. Runs in a thread of the pool."""
        data = read_bytes(self._paths[row])
        if self._state[row] != UNKNOWN and hashlib.sha256(data).digest() != self._shas[row].tobytes():
            raise DataError(
                f"{self._names[row]} has changed since it was first read; start again to read it anew."
            )
        return resize_image(open_image(data, self._preparation, self._names[row]).image, self._preparation)

    def _stored(self, row: int, out: Pixels) -> bool:
        """Fill `out` from the cache. Pixels that fail their checksum are dropped and decoded anew."""
        if self._state[row] != STORED or self._cache is None:
            return False
        there = self._cache.read(int(self._rows[row]), out)
        if there and (self._crcs[row] < 0 or zlib.crc32(out.data) == self._crcs[row]):
            self._crcs[row] = -1
            return True
        self._cache.forget(self._shas[row].tobytes())
        self._state[row] = LOOSE
        return False

    def _hash(self, row: int) -> str:
        if self._state[row] in (STORED, LOOSE):
            return bytes(self._shas[row]).hex()
        try:
            return str(hashlib.sha256(read_bytes(self._paths[row])).hexdigest())
        except DataError:
            return ""


def _ignore(done: int, total: int) -> None:
    pass
