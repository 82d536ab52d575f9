"""Labelled images whose pixels are kept by preparation, so that what changes only the scale reads nothing again."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.decode import decode, open_image, read_bytes
from valscope.data.pixels.prepare import pixels
from valscope.data.pixels.resize import resize_image
from valscope.data.reading.parallel import Threads
from valscope.engines import Labels
from valscope.errors import DataError
from valscope.nouns.dataset import Arrays, Dataset
from valscope.nouns.preparation import Preparation

Rows = NDArray[np.integer[Any]] | list[int]
KEPT_BYTES = 400 * 2**20  # pixels held in memory; beyond this the preparation that was used longest ago goes


class Images:
    """Images of a dataset as any preparation wants them. Each file is decoded once for all preparations that
    are asked for together.

    Float arrays whose values are whole 255ths are taken back to bytes, so that they can be scaled in other ways.
    """

    def __init__(self, dataset: Dataset, kept_bytes: int = KEPT_BYTES) -> None:
        if isinstance(dataset.content, Arrays) and dataset.content.vectors:
            raise DataError(f"{dataset.origin} holds feature vectors; pipelines are about images.")
        self.dataset = dataset
        self._values = _as_bytes(dataset.content.values) if isinstance(dataset.content, Arrays) else None
        self._kept: OrderedDict[Hashable, tuple[NDArray[Any], NDArray[np.bool_]]] = OrderedDict()
        self._room = kept_bytes
        self._threads = Threads()

    def __len__(self) -> int:
        return len(self.dataset)

    @property
    def labels(self) -> Labels:
        """Class numbers (n,)."""
        return self.dataset.labels

    @property
    def bytes(self) -> bool:
        """Whether pixels are 0..255, so that a scale can be chosen. Other floats keep their owner's."""
        return self._values is None or self._values.dtype == np.uint8

    def take(self, rows: Rows) -> Images:
        """Some of the images, without what is known of their pixels."""
        return Images(self.dataset.take(np.asarray(rows, np.int64)), self._room)

    def pixels(self, preparation: Preparation, rows: Rows | None = None) -> NDArray[Any]:
        """uint8 (n, height, width, channels); DataError where an image cannot be read."""
        chosen = np.arange(len(self)) if rows is None else np.asarray(rows, np.int64)
        failed = self.fetch([preparation], chosen)
        if failed:
            raise DataError(next(iter(failed.values())))
        values, _ = self._kept[preparation.pixels_key()]
        return np.asarray(values[chosen])

    def pixels_of_one(self, row: int) -> NDArray[Any]:
        """One image as it is stored, (height, width, channels)."""
        if self._values is not None:
            return np.asarray(self._values[row])
        content = self.dataset.content
        assert not isinstance(content, Arrays)
        return decode(content.paths[row], Preparation(1, 1, fast_decode=False))

    def fetch(
        self,
        preparations: Iterable[Preparation],
        rows: Rows | None = None,
        on_image: Callable[[int], object] = lambda count: None,
    ) -> dict[int, str]:
        """Make the pixels of all these preparations ready; rows that cannot be read, with the reason."""
        chosen = np.arange(len(self)) if rows is None else np.asarray(rows, np.int64)
        failed: dict[int, str] = {}
        for group in _by_decoding(preparations):
            places = [self._place(preparation) for preparation in group]
            missing = [int(r) for r in chosen if not all(filled[r] for _, filled in places)]
            for row, found in self._threads.each(missing, lambda row, group=group: self._made(row, group)):  # type: ignore[misc]
                on_image(1)
                if isinstance(found, DataError):
                    failed[row] = str(found)
                    continue
                for (values, filled), one in zip(places, found, strict=True):
                    values[row], filled[row] = one, True
        self._make_room({p.pixels_key() for p in preparations})
        return failed

    def _place(self, preparation: Preparation) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        key = preparation.pixels_key()
        if key not in self._kept:
            kind = np.uint8 if self.bytes else np.float32
            shape = (len(self), *preparation.shape)
            self._kept[key] = np.zeros(shape, kind), np.zeros(len(self), np.bool_)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _made(self, row: int, group: list[Preparation]) -> list[NDArray[Any]]:
        """One image in all ways of a group. Runs in a thread."""
        if self._values is not None:
            return [pixels(self._values[row], preparation) for preparation in group]
        content = self.dataset.content
        assert not isinstance(content, Arrays)
        image = open_image(read_bytes(content.paths[row]), group[0], self.dataset.names[row]).image
        return [resize_image(image, preparation) for preparation in group]

    def _make_room(self, wanted: set[tuple[object, ...]]) -> None:
        size = {key: int(filled.sum()) * values[:1].nbytes for key, (values, filled) in self._kept.items()}
        for key in list(self._kept):
            if sum(size.values()) <= self._room:
                return
            if key not in wanted:
                del self._kept[key], size[key]


def _by_decoding(preparations: Iterable[Preparation]) -> list[list[Preparation]]:
    """Preparations that start from the same decoded image, each once."""
    groups: dict[Hashable, dict[Hashable, Preparation]] = defaultdict(dict)
    for p in preparations:
        averaging = p.fast_decode and p.antialias and p.kernel != "nearest"
        reduced = (p.height, p.width, p.geometry, p.axes) if averaging else None
        groups[(p.colour, p.exif, p.alpha, reduced)][p.pixels_key()] = p
    return [list(group.values()) for group in groups.values()]


def _as_bytes(values: NDArray[Any]) -> NDArray[Any]:
    """Floats that are whole 255ths of 0..1, or whole numbers of 0..255, as uint8; others as float32."""
    if values.dtype == np.uint8:
        return values
    low, high = float(values.min(initial=0)), float(values.max(initial=0))
    if low >= 0 and high <= 255:
        levels = values * 255.0 if high <= 1.0 and np.issubdtype(values.dtype, np.floating) else values
        whole = np.rint(levels)
        if np.abs(levels - whole).max(initial=0) < 1e-3:
            return whole.astype(np.uint8)
    return values.astype(np.float32)
