"""Images whose answer changes between two pipelines."""

from __future__ import annotations

import numpy as np

from valscope.nouns.dataset import Files
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Changed
from valscope.reconciling.board import Board

MOST = 24


def changed(board: Board, reference: Pipeline, served: Pipeline) -> tuple[Changed, ...]:
    """Images that the reference has right and `served` has wrong, at most MOST."""
    everything = board.parts.all
    first, second = board.answers(reference, everything), board.answers(served, everything)
    rows = np.flatnonzero(board.hits(reference, everything) & ~board.hits(served, everything))[:MOST]
    dataset = board.images.dataset
    paths = dataset.content.paths if isinstance(dataset.content, Files) else dataset.names

    def name(number: int) -> str:
        return dataset.classes[number] if 0 <= number < len(dataset.classes) else "no class"

    return tuple(
        Changed(
            dataset.names[i],
            paths[i],
            name(int(dataset.labels[i])),
            name(int(first[i])),
            name(int(second[i])),
        )
        for i in rows
    )
