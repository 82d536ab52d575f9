"""Passing a part of the data through a trained net: logits and embeddings, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats, Net
from valscope.training.feed import batches
from valscope.training.observer import Observer
from valscope.training.parts import Read
from valscope.training.prefetch import ahead

BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """logits (n, classes) and embeddings (n, d) of n items."""

    logits: Floats
    embeddings: Floats


def outputs(net: Net, read: Read, n: int, name: str, observer: Observer) -> Outputs:
    """Logits and embeddings of `n` items; `read(index)` gives the inputs of some of them."""
    observer.phase(name, n)
    logits: list[Floats] = []
    embeddings: list[Floats] = []
    for index, x in ahead(batches(np.arange(n, dtype=np.int64), BATCH), read):
        for kept, values in zip((logits, embeddings), net.outputs(x), strict=True):
            kept.append(values)
        observer.advance(len(index))
    if not logits:
        return Outputs(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32))
    return Outputs(np.concatenate(logits), np.concatenate(embeddings))


def sample(rows: NDArray[np.int64], most: int = 5000) -> NDArray[np.int64]:
    """At most `most` rows, spread evenly: enough for a distance and a baseline."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(int)]
