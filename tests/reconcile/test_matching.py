"""Classes that are numbered otherwise than in training: the preparation and the order are found together."""

from __future__ import annotations

import numpy as np
import pytest

import valscope
from valscope.nouns.dataset import Arrays, Dataset
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.served import Head, ServedModel

pytestmark = pytest.mark.slow

CLASSES = tuple("abcdefghij")
ORDER = (4, 2, 8, 1, 7, 3, 5, 6, 0, 9)  # ten words for the digits, sorted as text
UNIT = Pipeline(Preparation(4, 4, "grey", fast_decode=False))


class Levels:
    """Ten classes by grey level, for -1..1."""

    about = ServedModel("levels.keras", "keras", (4, 4, 1), Head("softmax", 10), inside="none")

    def outputs(self, x, mode="moving"):
        level = (x.mean((1, 2, 3)) + 1) * 5
        distance = np.abs(level[:, None] - 0.5 - np.arange(10))
        e = np.exp(-4 * (distance - distance.min(1, keepdims=True)))
        return (e / e.sum(1, keepdims=True)).astype(np.float32)

    def at(self, checkpoint):
        return self


def levels(n: int = 200, seed: int = 0) -> Dataset:
    """The network's own classes under the numbers that their names get in `ORDER`."""
    rng = np.random.default_rng(seed)
    shown = np.arange(n) % 10
    bright = np.clip(shown * 25.5 + 12.7 + rng.normal(0, 6, n), 0, 255)
    values = np.broadcast_to(bright[:, None, None, None], (n, 4, 4, 1)).astype(np.uint8)
    labels = np.asarray(ORDER)[shown].astype(np.int64)
    return Dataset(CLASSES, labels, Arrays(values), tuple(map(str, range(n))), "levels")


def test_preparation_and_order_are_found_together():
    found = valscope.reconcile(Levels(), levels())
    assert found.reference.preparation.scale == "symmetric"
    assert found.reference.order == ORDER
    assert found.variants[0].accuracy.value > 0.85
    first_three = next(v for v in found.variants if v.metric == "top 3")
    assert first_three.accuracy.value >= found.variants[0].accuracy.value, "counted under the same order"


def test_a_wrong_order_in_use_is_named_beside_a_wrong_scale():
    found = valscope.reconcile(Levels(), levels(), served=UNIT)
    assert found.verdict == "fault", found.sentence
    falls = {fall.step.axis: fall for fall in found.waterfalls[0].falls}
    assert set(falls) == {"scale", "class order"}
    assert falls["class order"].change == f"class_names = {list('ecibhdfgaj')}".replace("'", '"')
    assert falls["scale"].change == "x = x.astype('float32') / 127.5 - 1.0"


@pytest.mark.parametrize("seed", range(4))
def test_labels_without_any_order_are_not_explained_by_one(seed):
    images = levels()
    images = images.but(labels=np.random.default_rng(seed).permutation(images.labels))
    found = valscope.reconcile(Levels(), images, served=UNIT)
    assert found.reference.order is None and found.verdict == "unclear"
