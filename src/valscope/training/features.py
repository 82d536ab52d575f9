"""A frozen backbone's features, computed once: the head then trains on them in seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Net
from valscope.training.feed import batches
from valscope.training.observer import Observer
from valscope.training.parts import Part, Read
from valscope.training.prefetch import ahead

BATCH = 64


def features_part(
    net: Net, read: Read, labels: NDArray[np.int64], path: Path, name: str, observer: Observer
) -> Part:
    """The part whose inputs are `net.features` of `read`, kept in the file `path` (float32, one row an item)
    so that memory does not grow with the data, and computed again only if the file is not whole."""
    if not path.is_file():
        _compute(net, read, len(labels), path, name, observer)
    values: NDArray[Any] = np.load(path, mmap_mode="r")
    return Part(lambda index: np.asarray(values[index], np.float32), labels)


def _compute(net: Net, read: Read, n: int, path: Path, name: str, observer: Observer) -> None:
    observer.phase(f"Backbone features of {name}", n)
    unfinished = path.with_name(f".{path.name}.tmp.npy")
    rows: np.memmap[Any, np.dtype[np.float32]] | None = None
    for index, x in ahead(batches(np.arange(n, dtype=np.int64), BATCH), read):
        block = net.features(x)
        if rows is None:
            rows = np.lib.format.open_memmap(unfinished, "w+", np.float32, (n, *block.shape[1:]))
        rows[index] = block
        observer.advance(len(index))
    if rows is None:
        np.save(unfinished, np.zeros((0, 1), np.float32))
    else:
        rows.flush()
    unfinished.replace(path)
