"""Numbers that are called accuracy and count something else, for the same answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from valscope import stats
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Variant
from valscope.nouns.result import Share
from valscope.reconciling.board import Board, Hits
from valscope.reconciling.likelihood import probabilities_of

TOP = (3, 5)


def metric_variants(board: Board, reference: Pipeline, own: Hits) -> tuple[Variant, ...]:
    """The reference under other definitions of accuracy."""
    everything = board.parts.all
    classes = len(board.images.dataset.classes)
    probabilities = probabilities_of(board.outputs(reference, everything), board.served.about.head)
    if reference.order is not None and probabilities.shape[1] == len(reference.order):
        probabilities = probabilities[:, np.argsort(reference.order)]  # columns in the order of the classes
    labels = board.labels
    found = []
    if probabilities.shape[1] == classes:
        truth = np.eye(classes)[labels]
        each = ((probabilities > 0.5) == (truth > 0.5)).mean(1)
        if classes > 2:
            found.append(("metric: every output counted by itself (binary accuracy)", "elementwise", each))
        for k in TOP:
            if classes > 2 * k:
                best = np.argsort(-probabilities, axis=1)[:, :k]
                found.append(
                    (
                        f"metric: right class among the first {k}",
                        f"top {k}",
                        (best == labels[:, None]).any(1).astype(np.float64),
                    )
                )
    balanced = _balanced(own, labels, classes)
    if balanced is not None:
        found.append(("metric: mean over the classes (balanced accuracy)", "balanced", balanced))
    return tuple(_variant(name, metric, values, own, reference) for name, metric, values in found)


def _balanced(own: Hits, labels: NDArray[np.int64], classes: int) -> NDArray[np.float64] | None:
    """Values (n,) whose mean is the balanced accuracy; None where classes are equal in size."""
    counts = np.bincount(labels, minlength=classes)
    present = counts[counts > 0]
    if len(present) < 2 or present.max() <= 1.2 * present.min():
        return None
    return np.asarray(own * (len(labels) / len(present)) / counts[labels], np.float64)


def _variant(name: str, metric: str, values: NDArray[np.float64], own: Hits, reference: Pipeline) -> Variant:
    n, mean = len(values), float(values.mean())
    reach = stats.normal_quantile(0.975) * float(values.std(ddof=1)) / np.sqrt(n) if n > 1 else 1.0
    part = Share(mean, max(0.0, mean - reach), min(1.0, mean + reach), round(mean * n), n)
    gap = values - own
    difference = float(gap.mean())
    width = stats.normal_quantile(0.975) * float(gap.std(ddof=1)) / np.sqrt(n) if n > 1 else 1.0
    return Variant(
        name,
        (),
        reference,
        part,
        difference,
        float(difference - width),
        float(difference + width),
        metric=metric,
    )
