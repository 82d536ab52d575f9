"""Passing a part of the data through a trained net: logits and embeddings, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats, Net
from valscope.training.feed import batches
from valscope.training.loop import Read
from valscope.training.observer import Observer
from valscope.training.prefetch import ahead

BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """logits (n, classes) and embeddings (n, d) of n items."""

    logits: Floats
    embeddings: Floats


def outputs(net: Net, read: Read, rows: NDArray[np.int64], name: str, observer: Observer) -> Outputs:
    """Logits and embeddings of the items `rows`, in that order."""
    observer.phase(name, len(rows))
    logits, embeddings = [], []
    for index, x in ahead(batches(rows, BATCH), read):
        logits.append(net.logits(x))
        embeddings.append(net.embed(x))
        observer.advance(len(index))
    if not logits:
        return Outputs(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32))
    return Outputs(np.concatenate(logits), np.concatenate(embeddings))
