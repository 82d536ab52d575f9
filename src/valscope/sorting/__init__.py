"""Sorting images into folders, and taking it back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from valscope.nouns.prediction import Prediction
from valscope.sorting.sorter import By, Placed, Sorter
from valscope.sorting.undo import Undone, undo

__all__ = ["By", "Placed", "Sorter", "Undone", "sort_into", "undo"]


def sort_into(
    folder: str | os.PathLike[str],
    predictions: Iterable[Prediction],
    classes: Sequence[str],
    by: By = "copy",
    dry_run: bool = False,
) -> Iterator[Placed]:
    """Put each predicted image into a folder of its class below `folder`, as they come; see `Sorter`.

    Images that could not be read are left where they are. `undo(folder)` takes everything back.
    """
    with Sorter(folder, classes, by, dry_run=dry_run) as sorter:
        for prediction in predictions:
            placed = sorter.place(prediction)
            if placed is not None:
                yield placed
