"""From logits and labels to scores with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from valscope import stats
from valscope.nouns.result import ClassResult, Scores, Share

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def softmax(logits: NDArray[np.floating], temperature: float = 1.0) -> Floats:
    """Probabilities, shape (n, classes), of logits divided by `temperature`."""
    scaled = np.asarray(logits, np.float64) / temperature
    shifted = np.exp(scaled - scaled.max(1, keepdims=True))
    return np.asarray(shifted / shifted.sum(1, keepdims=True))


def share(k: int, n: int) -> Share:
    """k of n with its exact (Clopper-Pearson) interval."""
    low, high = stats.clopper_pearson(k, n)
    return Share(k / n if n else None, low, high, k, n)


def score(
    part: str,
    labels: Labels,
    probabilities: Floats,
    classes: Sequence[str],
    groups: Sequence[str] | None = None,
) -> Scores:
    """Scores of `probabilities` (n, classes) on items whose true class is known (labels >= 0).

    groups  one a item; with them the accuracy's interval counts groups, because pictures of one group are
            not independent.
    """
    known = labels >= 0
    if not known.all():
        groups = None if groups is None else [g for g, k in zip(groups, known, strict=True) if k]
        labels, probabilities = labels[known], probabilities[known]
    predicted = probabilities.argmax(1) if len(labels) else np.zeros(0, np.int64)
    table = stats.confusion(labels, predicted, len(classes))
    clipped = np.clip(probabilities[np.arange(len(labels)), labels], 1e-12, 1.0)
    balanced = stats.balanced_accuracy(table)
    low, high = stats.balanced_accuracy_interval(table)
    accuracy, count = _accuracy(predicted == labels, groups)
    return Scores(
        part=part,
        n=len(labels),
        accuracy=accuracy,
        balanced=Share(balanced, low, high, int(table.diagonal().sum()), len(labels)),
        per_class=tuple(_class_result(n, s) for n, s in zip(classes, stats.class_scores(table), strict=True)),
        confusion=tuple(tuple(int(v) for v in row) for row in table),
        groups=count,
        log_loss=float(-np.log(clipped).mean()) if len(labels) else None,
    )


def _accuracy(right: NDArray[np.bool_], groups: Sequence[str] | None) -> tuple[Share, int | None]:
    whole = share(int(right.sum()), len(right))
    if groups is None or len(set(groups)) == len(groups):
        return whole, None
    low, high = stats.cluster_interval(right, list(groups))
    return Share(whole.value, low, high, whole.k, whole.n), len(set(groups))


def _class_result(name: str, s: stats.ClassScore) -> ClassResult:
    return ClassResult(
        name,
        s.n,
        Share(s.recall, *s.recall_interval, s.right, s.n),
        Share(s.precision, *s.precision_interval, s.right, s.predicted),
    )
