"""Labelled images whose pixels are kept by preparation, so that what changes only the scale reads nothing again."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
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
KEPT_BYTES = 300 * 2**20  # pixels held in memory; beyond this those that were made first go
AT_ONCE = 64  # images made ready before they are handed out


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
        self._kept: OrderedDict[tuple[Hashable, int], NDArray[Any]] = OrderedDict()
        self._bytes = 0
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
        found = np.zeros((len(chosen), *preparation.shape), np.uint8 if self.bytes else np.float32)
        key = preparation.pixels_key()
        for start in range(0, len(chosen), AT_ONCE):
            part = chosen[start : start + AT_ONCE]
            failed = self.fetch([preparation], part)
            if failed:
                raise DataError(next(iter(failed.values())))
            for at, row in enumerate(part, start):
                found[at] = self._kept[key, int(row)]
            self._make_room()
        return found

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
            keys = [preparation.pixels_key() for preparation in group]
            missing = [int(row) for row in chosen if not all((key, int(row)) in self._kept for key in keys)]
            for row, found in self._each(missing, group):
                on_image(1)
                if isinstance(found, DataError):
                    failed[row] = str(found)
                    continue
                for key, one in zip(keys, found, strict=True):
                    self._keep((key, row), one)
        return failed

    def _each(
        self, rows: list[int], group: list[Preparation]
    ) -> Iterator[tuple[int, list[NDArray[Any]] | DataError]]:
        """Arrays are at hand; files are decoded in a few threads."""
        if self._values is not None:
            return ((row, self._made(row, group)) for row in rows)
        return self._threads.each(rows, lambda row: self._made(row, group))

    def _keep(self, place: tuple[Hashable, int], pixels: NDArray[Any]) -> None:
        if place not in self._kept:
            self._kept[place] = pixels
            self._bytes += pixels.nbytes

    def _made(self, row: int, group: list[Preparation]) -> list[NDArray[Any]]:
        """One image in all ways of a group. Runs in a thread."""
        if self._values is not None:
            return [pixels(self._values[row], preparation) for preparation in group]
        content = self.dataset.content
        assert not isinstance(content, Arrays)
        image = open_image(read_bytes(content.paths[row]), group[0], self.dataset.names[row]).image
        return [resize_image(image, preparation) for preparation in group]

    def _make_room(self) -> None:
        """Let go of the pixels that were kept first."""
        while self._bytes > self._room:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.nbytes


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
