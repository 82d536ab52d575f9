"""An array that grows batch by batch, in memory while it is small and in an unnamed file when it is large."""

from __future__ import annotations

import tempfile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from valscope.errors import DataError

# From this size on the batches go to disk: about what a few thousand photographs take at 224 pixels.
IN_MEMORY = 2**30


class Spool:
    """Batches of one item shape, in order. `count` items and `bytes` so far."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self.count = 0
        self._limit = in_memory
        self._batches: list[NDArray[Any]] = []
        self._first: NDArray[Any] | None = None
        self._file: IO[bytes] | None = None
        self.bytes = 0

    def add(self, batch: NDArray[Any], kind: str) -> None:
        """Append a batch (b, ...). Raises DataError where its items have another shape than those before."""
        if batch.dtype == np.float64:
            batch = batch.astype(np.float32)
        if self._first is None:
            self._first = batch
        if batch.shape[1:] != self._first.shape[1:] or batch.dtype == object:
            shapes = f"{self._first.shape[1:]} and {batch.shape[1:]}"
            raise DataError(f"The {kind} gives items of different shapes, {shapes}; resize them to one.")
        self.count += len(batch)
        self.bytes += batch.nbytes
        self._batches.append(batch.astype(self._first.dtype, copy=False))
        if self.bytes > self._limit:
            self._to_disk()

    def array(self) -> NDArray[Any]:
        """All items (n, ...)."""
        assert self._first is not None
        if self._file is None:
            return np.concatenate(self._batches)
        self._to_disk()
        self._file.flush()
        return np.memmap(self._file, self._first.dtype, "r+", shape=(self.count, *self._first.shape[1:]))

    def _to_disk(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="valscope-")  # noqa: SIM115 (lives as long as its array)
        for batch in self._batches:
            self._file.write(np.ascontiguousarray(batch).data)
        self._batches.clear()
