"""What a table of labels and predictions says: confusion, per class, balanced, each with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from valscope.stats.intervals import Interval, clopper_pearson


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class's scores. A share over nothing is None, and its interval (0, 1).

    n          scored items of this class;  right  of them, predicted as this class.
    predicted  items predicted as this class, of whatever class they are.
    """

    n: int
    right: int
    predicted: int
    recall: float | None
    recall_interval: Interval
    precision: float | None
    precision_interval: Interval


def confusion(labels: ArrayLike, predictions: ArrayLike, k: int) -> NDArray[np.int64]:
    """Counts, shape (k, k): true class in rows, predicted in columns. Unknown labels (-1) are left out."""
    true = np.asarray(labels, dtype=np.int64)
    found = np.asarray(predictions, dtype=np.int64)
    known = true >= 0
    if (
        true.shape != found.shape
        or true.max(initial=-1) >= k
        or not ((found >= 0) & (found < k))[known].all()
    ):
        raise ValueError(f"needs labels and predictions of one length, in 0..{k - 1}")
    flat = true[known] * k + found[known]
    return np.bincount(flat, minlength=k * k).reshape(k, k).astype(np.int64)


def class_scores(table: NDArray[np.int64], level: float = 0.95) -> tuple[ClassScore, ...]:
    """Recall and precision of each class with exact intervals, from a confusion table."""
    rows, columns, right = table.sum(1).tolist(), table.sum(0).tolist(), table.diagonal().tolist()
    return tuple(
        ClassScore(
            n=n,
            right=hit,
            predicted=found,
            recall=hit / n if n else None,
            recall_interval=clopper_pearson(hit, n, level),
            precision=hit / found if found else None,
            precision_interval=clopper_pearson(hit, found, level),
        )
        for n, found, hit in zip(rows, columns, right)
    )


def balanced_accuracy(table: NDArray[np.int64]) -> float | None:
    """Mean recall over the classes that were scored at all; None when none was."""
    n = table.sum(1)
    scored = n > 0
    return float((table.diagonal()[scored] / n[scored]).mean()) if scored.any() else None


def balanced_accuracy_interval(table: NDArray[np.int64], level: float = 0.95) -> Interval:
    """Interval for the mean recall over the scored classes; (0, 1) when none was scored.

    The distances of each class's Clopper-Pearson limits from its recall are added as squares: the MOVER of
    Zou & Donner, Statistics in Medicine 27 (2008) 1693. Closed form, and it always holds the estimate. The
    posterior of Brodersen (2010) was measured beside it and dropped: its flat prior pulls each class towards
    one half, so with ten classes of 20 images at a true recall of 0.98 it never held the truth (this: 92 %).
    """
    pairs = [(k, n) for k, n in zip(table.diagonal().tolist(), table.sum(1).tolist()) if n]
    if not pairs:
        return 0.0, 1.0
    limits = [(k / n, *clopper_pearson(k, n, level)) for k, n in pairs]
    centre = sum(p for p, _, _ in limits) / len(limits)
    below = math.sqrt(sum((p - low) ** 2 for p, low, _ in limits)) / len(limits)
    above = math.sqrt(sum((high - p) ** 2 for p, _, high in limits)) / len(limits)
    return max(0.0, centre - below), min(1.0, centre + above)
