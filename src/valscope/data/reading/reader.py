"""Prepared pixels (or vectors) of a dataset's items by number: one way to read, whatever the items are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from valscope.data.reading.array_items import ArrayItems
from valscope.data.reading.cache import PixelCache
from valscope.data.reading.file_items import FileItems
from valscope.data.reading.parallel import Threads
from valscope.errors import DataError
from valscope.nouns.dataset import Arrays, Dataset, Notice
from valscope.nouns.preparation import Preparation

Index = NDArray[np.integer[Any]]
OnItem = Callable[[int, int], object]


class Items(Protocol):
    """Where items come from: files or arrays."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    damaged: dict[int, str]

    def fill(self, rows: list[int], out: NDArray[Any]) -> dict[int, str]:
        """Write each row's item to `out`; positions that failed, with the reason."""
        ...

    def visit(self, on_item: OnItem) -> None:
        """Read every item once."""
        ...

    def hashes(self) -> tuple[str, ...]:
        """sha256 of each item as hex."""
        ...

    def notices(self) -> tuple[Notice, ...]:
        """What the visit noticed."""
        ...

    def take(self, rows: list[int]) -> Items:
        """Some of the items, in that order."""
        ...


@dataclass(frozen=True, slots=True)
class Scan:
    """Items that cannot be used, with the reason, by row; and what was noticed."""

    damaged: Mapping[int, str]
    notices: tuple[Notice, ...]


class Reader:
    """Reads a dataset's items as its preparation wants them.

    preparation  None for feature vectors, and for arrays that are taken as they are.
    cache        decoded pixels are kept there; without one, files are decoded at each reading.
    threads      that decode files; default one a core.
    """

    def __init__(
        self,
        dataset: Dataset,
        preparation: Preparation | None = None,
        cache: PixelCache | None = None,
        threads: int | None = None,
    ) -> None:
        if isinstance(dataset.content, Arrays):
            self._items: Items = ArrayItems(dataset.content.values, preparation)
        elif preparation is None:
            raise DataError(f"{dataset.origin} holds image files, which need a preparation to become arrays.")
        else:
            pool = Threads(threads, int(np.prod(preparation.shape)))
            self._items = FileItems(dataset.content.paths, dataset.names, preparation, cache, pool)
        self._count = len(dataset)

    def __len__(self) -> int:
        return self._count

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one item: (height, width, channels) or (d,)."""
        return self._items.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """uint8 for pixels; float32 for vectors and for arrays that keep their owner's scale."""
        return self._items.dtype

    def scan(self, on_item: OnItem = lambda done, total: None) -> Scan:
        """Read every item once: fills the cache, hashes, and finds what is damaged.

        on_item  called with (done, total) after each item.
        """
        self._items.visit(on_item)
        return Scan(dict(self._items.damaged), self._items.notices())

    def read(self, indices: Index | list[int]) -> NDArray[Any]:
        """Items (b, ...) in the order of `indices`. Raises DataError where one of them cannot be read."""
        values, failed = self.read_some(indices)
        if failed:
            raise DataError(next(iter(failed.values())))
        return values

    def read_some(self, indices: Index | list[int]) -> tuple[NDArray[Any], dict[int, str]]:
        """As `read`, but items that cannot be read are zeros and named: position in `indices` to reason."""
        rows = [int(i) for i in indices]
        if rows and not (min(rows) >= 0 and max(rows) < self._count):
            raise IndexError(f"rows must lie in 0..{self._count - 1}; got {min(rows)}..{max(rows)}")
        out = np.zeros((len(rows), *self.shape), self.dtype)
        return out, self._items.fill(rows, out)

    def hashes(self) -> tuple[str, ...]:
        """sha256 of each item's content as hex; "" where it cannot be read. Reads what no scan has read."""
        return self._items.hashes()

    def damaged(self) -> dict[int, str]:
        """Items found unusable so far, by row."""
        return dict(self._items.damaged)

    def take(self, indices: Index | list[int]) -> Reader:
        """A reader of some of the items, in that order, that knows what this one knows."""
        rows = [int(i) for i in indices]
        taken = object.__new__(Reader)
        taken._items, taken._count = self._items.take(rows), len(rows)
        return taken
