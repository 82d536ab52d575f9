"""The class order that explains the answers best: an assignment on the confusion matrix."""

from __future__ import annotations

import math

import numpy as np

from valscope import stats
from valscope.engines import Labels
from valscope.nouns.pipeline import Pipeline
from valscope.reconciling.board import Board


def fitted_order(board: Board, pipeline: Pipeline, upto: int) -> tuple[int, ...] | None:
    """The order under which most answers of the first `upto` images are right, or None where the pipeline's own
    does as well within chance."""
    classes = len(board.images.dataset.classes)
    if classes < 2 or board.served.about.classes:
        return None
    plain = board.answers(pipeline.but(order=None), upto)
    labels = board.labels[:upto]
    order = assignment(plain, labels, classes)
    own = board.hits(pipeline, upto)
    new = np.asarray(order)[np.clip(plain, 0, classes - 1)] == labels
    gained, lost = int((new & ~own).sum()), int((own & ~new).sum())
    # an order is fitted with K! choices, and by chance explains some more answers than the right one
    choices = math.factorial(min(classes, 12))
    better = gained > lost and stats.mcnemar_exact(gained, lost) * choices < 0.05
    identity = order == tuple(range(classes))
    return None if identity or not better else order


def assignment(answers: Labels, labels: Labels, classes: int) -> tuple[int, ...]:
    """order[output] = class, by the best assignment on the confusion matrix."""
    from scipy.optimize import linear_sum_assignment

    table = np.zeros((classes, classes), np.int64)
    known = (answers >= 0) & (answers < classes)
    np.add.at(table, (answers[known], labels[known]), 1)
    # equal counts keep their own place
    rows, columns = linear_sum_assignment(table + 1e-6 * np.eye(classes), maximize=True)
    order = np.arange(classes)
    order[rows] = columns
    return tuple(int(i) for i in order)
