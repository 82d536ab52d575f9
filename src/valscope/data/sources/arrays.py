"""A pair of arrays, items and labels, in whatever form they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.sources.raw import Raw
from valscope.data.sources.tidy import tidy_items
from valscope.errors import DataError
from valscope.nouns.dataset import Arrays, Notice


def read_pair(items: Any, labels: Any, origin: str) -> Raw:
    """Items with their labels. `labels` holds whole numbers, names, or one-hot rows of shape (n, classes).

    Raises DataError where the two do not fit or an item has several labels.
    """
    values, notices = tidy_items(as_array(items, origin), origin)
    plain, more = plain_labels(as_array(labels, origin), origin)
    if len(values) != len(plain):
        raise DataError(
            f"{origin} has {len(values):,} items but {len(plain):,} labels; give one label an item."
        )
    names = tuple(f"row {i + 1}" for i in range(len(values)))
    return Raw(Arrays(values), names, plain, origin, notices=notices + more)


def as_array(value: Any, origin: str) -> NDArray[Any]:
    """A list, tensor or frame column as an array. Raises DataError where its items differ in shape."""
    if hasattr(value, "detach"):  # a torch tensor, possibly on another device
        value = value.detach().cpu()
    try:
        return np.asarray(value)
    except ValueError as error:
        raise DataError(f"{origin} holds items of different shapes; resize them to one.") from error


def plain_labels(labels: NDArray[Any], origin: str) -> tuple[Sequence[object], tuple[Notice, ...]]:
    """One label an item: one-hot rows become the number of their one."""
    if labels.ndim == 2 and labels.shape[1] > 1:
        return _from_one_hot(labels, origin)
    if labels.size == 0 or labels.ndim not in (1, 2):
        raise DataError(
            f"{origin} has labels of the shape {labels.shape}; give (n,) or one-hot (n, classes)."
        )
    return labels.ravel().tolist(), ()


def _from_one_hot(labels: NDArray[Any], origin: str) -> tuple[Sequence[object], tuple[Notice, ...]]:
    if labels.dtype.kind not in "buif":
        raise DataError(
            f"{origin} has several labels an item; this is multi-label data, give one label an item."
        )
    rows = labels.astype(np.float64)
    sums = rows.sum(axis=1)
    if np.isin(rows, (0.0, 1.0)).all():
        if (sums > 1).any():
            row = int(np.argmax(sums > 1))
            raise DataError(
                f"{origin} has {int(sums[row])} labels on row {row + 1}: this is multi-label data, and valscope gives "
                f"each item one class; choose one label an item, or train one run for each label."
            )
        if (sums == 0).any():
            row = int(np.argmax(sums == 0))
            raise DataError(f"{origin} has no label on row {row + 1}: its one-hot row holds only zeros.")
        return rows.argmax(axis=1).tolist(), ()
    if (rows >= 0).all() and np.allclose(sums, 1.0, atol=1e-3):
        text = "Labels are shares that add to 1 (soft labels); the largest share of each item was taken."
        return rows.argmax(axis=1).tolist(), (Notice("soft_labels", text),)
    raise DataError(
        f"{origin} has labels of the shape {labels.shape} that are not one-hot; give one label an item."
    )
