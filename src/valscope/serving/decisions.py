"""Outputs to class numbers, as a `Pipeline` says; with the faults that it can express."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats, Labels
from valscope.errors import UsageError
from valscope.nouns.pipeline import Decision, Pipeline

SHUFFLE = 2011  # seed of the order in which misaligned labels come


def decide(outputs: Floats, pipeline: Pipeline) -> Labels:
    """Class numbers (n,) of outputs (n, k). Outputs that are not finite are no class: -1."""
    numbers = _numbers(outputs, pipeline.decision)
    if pipeline.decision.inverted:
        numbers = np.where((numbers == 0) | (numbers == 1), 1 - numbers, numbers)
    if pipeline.order is not None:
        order = np.asarray([*pipeline.order, -1], np.int64)
        numbers = order[np.where((numbers >= 0) & (numbers < len(pipeline.order)), numbers, -1)]
    return np.where(np.isfinite(outputs).all(1), numbers, -1).astype(np.int64)


def right(numbers: Labels, labels: Labels, pipeline: Pipeline) -> NDArray[np.bool_]:
    """Which of the class numbers are right, as the pipeline counts: against labels in another order where it
    is not aligned."""
    if not pipeline.aligned:
        labels = labels[np.random.default_rng(SHUFFLE).permutation(len(labels))]
    return np.asarray(numbers == labels, np.bool_)


def _numbers(outputs: Floats, decision: Decision) -> Labels:
    if decision.rule in ("argmax", "argmin") and decision.column is None:
        scores = outputs if decision.rule == "argmax" else -outputs
        return np.asarray(np.nan_to_num(scores, nan=-np.inf).argmax(1), np.int64)
    score = outputs[:, _column(outputs.shape[1], decision)]
    if decision.rule == "threshold":
        return np.asarray(score >= decision.value, np.int64)
    if decision.rule == "equals":
        return np.asarray(score == decision.value, np.int64)
    if decision.rule == "truncated":
        return np.asarray(np.clip(np.nan_to_num(np.trunc(score)), -1e6, 1e6), np.int64)
    raise UsageError(f"A decision by {decision.rule} looks at all outputs; leave its column out.")


def _column(outputs: int, decision: Decision) -> int:
    """Class 1's column unless told: the only one, or the second."""
    column = min(1, outputs - 1) if decision.column is None else decision.column
    if not -outputs <= column < outputs:
        raise UsageError(f"The decision looks at output {column}, but the model has {outputs}.")
    return column
