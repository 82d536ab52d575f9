"""Items of an array: images brought to a preparation's shape, or vectors as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.prepare import pixels
from valscope.nouns.dataset import Notice
from valscope.nouns.preparation import Preparation


class ArrayItems:
    """Rows of `values`; images (n, h, w, c) are prepared at each reading, which costs microseconds."""

    def __init__(
        self, values: NDArray[Any], preparation: Preparation | None, rows: NDArray[np.int64] | None = None
    ):
        self._values = values
        self._rows = np.arange(len(values)) if rows is None else rows
        self._preparation = None if values.ndim == 2 else preparation
        self.shape: tuple[int, ...] = (
            values.shape[1:] if self._preparation is None else self._preparation.shape
        )
        self.dtype = np.dtype(np.uint8 if values.dtype == np.uint8 and values.ndim > 2 else np.float32)
        self.damaged: dict[int, str] = {}

    def fill(self, rows: list[int], out: NDArray[Any]) -> dict[int, str]:
        """Write items to `out`; nothing can fail."""
        chosen = self._rows[rows]
        if self._preparation is None or self._preparation.leaves(self._values.shape[1:]):
            out[:] = self._values[chosen]
        else:
            for position, row in enumerate(chosen):
                out[position] = pixels(self._values[row], self._preparation)
        return {}

    def visit(self, on_item: Callable[[int, int], object]) -> None:
        """Nothing is to be decoded."""
        on_item(len(self._rows), len(self._rows))

    def hashes(self) -> tuple[str, ...]:
        """sha256 of each row's shape, type and bytes."""
        head = f"{self._values.dtype.str}{self._values.shape[1:]}".encode()
        rows = (np.ascontiguousarray(self._values[row]) for row in self._rows)
        return tuple(hashlib.sha256(head + row.tobytes()).hexdigest() for row in rows)

    def notices(self) -> tuple[Notice, ...]:
        """Arrays were looked through when they were opened."""
        return ()

    def take(self, rows: list[int]) -> ArrayItems:
        """Some rows, without copying."""
        return ArrayItems(self._values, self._preparation, self._rows[rows])
