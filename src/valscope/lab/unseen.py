"""Which of the user's images a saved model is scored on: those that did not train it, where that is known."""

from __future__ import annotations

import numpy as np

from valscope.nouns.dataset import Dataset

FEWEST = 40  # images of validation and test parts, below which all are scored
MAY_KNOW = "The saved model may have been trained on some of the images that it is scored on here."


def unseen(dataset: Dataset) -> tuple[Dataset, tuple[str, ...]]:
    """The parts that did not train, where the data come in parts; else all, and what then has to be assumed."""
    if dataset.parts is not None:
        rows = np.flatnonzero(np.asarray(dataset.parts) != "train")
        if len(rows) >= FEWEST:
            return dataset.take(rows), ()
    return dataset, (MAY_KNOW,)
