"""How much probability the outputs give to the true classes: a finer measure than right answers on few images."""

from __future__ import annotations

import numpy as np

from valscope.engines import Floats, Labels
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.served import Head

FLOOR = 1e-7


def log_loss(outputs: Floats, labels: Labels, head: Head, pipeline: Pipeline) -> float:
    """Mean negative logarithm of the true class's probability, floored at FLOOR; infinite without numbers."""
    if not np.isfinite(outputs).all():
        return float("inf")
    probabilities = probabilities_of(outputs, head)
    places = labels
    if pipeline.order is not None:
        inverse = np.zeros(probabilities.shape[1], np.int64)
        for output, number in enumerate(pipeline.order):
            if number >= 0:  # an output that stands for no class of these
                inverse[number] = output
        places = inverse[labels]
    if pipeline.decision.inverted and probabilities.shape[1] == 2:
        places = 1 - places
    return float(-np.log(np.maximum(probabilities[np.arange(len(labels)), places], FLOOR)).mean())


def probabilities_of(outputs: Floats, head: Head) -> Floats:
    """Probabilities (n, classes); two columns for a single score."""
    values = outputs.astype(np.float64)
    if head.outputs == 1:
        one = 1 / (1 + np.exp(-np.clip(values[:, 0], -50, 50))) if head.kind == "logit" else values[:, 0]
        return np.stack([1 - one, one], 1).astype(np.float32)
    if head.kind == "logits":
        shifted = np.exp(values - values.max(1, keepdims=True))
        return np.asarray(shifted / shifted.sum(1, keepdims=True), np.float32)
    total = np.maximum(values.sum(1, keepdims=True), FLOOR)
    return np.asarray(values / total if head.kind == "sigmoids" else values, np.float32)
