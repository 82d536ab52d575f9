"""Numbers that are called accuracy: elementwise, among the first few, balanced."""

import numpy as np
import pytest

import valscope
from valscope.nouns.dataset import Arrays, Dataset
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.served import Head, ServedModel

CLASSES = tuple("abcdefghijkl")


class Levels:
    """Twelve classes by grey level; the right one is first in four images of five, else second."""

    about = ServedModel("levels.keras", "keras", (4, 4, 1), Head("softmax", 12), inside="none")

    def outputs(self, x, mode="moving"):
        level = x.mean((1, 2, 3)) * 12.75
        distance = np.abs(level[:, None] - 0.5 - np.arange(12))
        e = np.exp(-8 * (distance - distance.min(1, keepdims=True)))
        return (e / e.sum(1, keepdims=True)).astype(np.float32)

    def at(self, checkpoint):
        return self


def levels(n=240):
    labels = np.arange(n) % 12
    shown = np.where(np.arange(n) % 5 == 0, (labels + 1) % 12, labels)
    values = np.broadcast_to((shown * 20 + 10)[:, None, None, None], (n, 4, 4, 1)).astype(np.uint8)
    return Dataset(CLASSES, labels.astype(np.int64), Arrays(values), tuple(map(str, range(n))), "levels")


def test_each_definition_is_counted_as_it_says():
    true = Pipeline(Preparation(4, 4, "grey", fast_decode=False))
    found = valscope.reconcile(Levels(), levels(), trained=true, served=true)
    by = {v.metric: v for v in found.variants if v.metric}
    assert found.variants[0].accuracy.value == pytest.approx(0.8)
    assert by["elementwise"].accuracy.value > 0.95, "eleven of twelve outputs are right for nothing"
    assert by["top 3"].accuracy.value > 0.9 and by["top 5"].accuracy.value >= by["top 3"].accuracy.value
    assert "balanced" not in by, "equal classes need no balance"


def test_a_claim_of_the_elementwise_number_is_told_from_accuracy():
    found = valscope.reconcile(Levels(), levels(), claimed=[0.967])
    assert any(name.startswith("metric: every output") for name in found.claims[0].matches)
    assert "another definition of accuracy" in found.sentence and found.exit_code == 2
