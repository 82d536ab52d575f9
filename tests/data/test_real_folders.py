import os
from pathlib import Path

import numpy as np
import pytest

from valscope.data.reading.cache import PixelCache
from valscope.data.reading.reader import Reader
from valscope.data.sources.open import open_dataset
from valscope.nouns.preparation import Preparation

DATA = os.environ.get("VALSCOPE_DATA")
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA, reason="VALSCOPE_DATA names no folder of images"),
]


@pytest.mark.parametrize(
    ("name", "items", "classes", "parts"),
    [
        ("arrows_lr/gray115x45", 574, 2, {"train", "val"}),
        ("cherry_mildew", 2002, 2, {"train", "val", "test"}),
        ("cifar10", 15000, 10, {"train", "test"}),
        ("letters4", 2400, 4, None),
        ("mnist/mnist.npz", 70000, 10, {"train", "test"}),
        ("potato_leaf", 952, 3, {"train", "val", "test"}),
        ("sign_digits", 2062, 10, None),
        ("trashnet", 2527, 6, None),
    ],
)
def test_real_sources_open_as_they_are(name, items, classes, parts):
    dataset = open_dataset(Path(DATA) / name)
    assert (len(dataset), len(dataset.classes)) == (items, classes)
    assert (None if dataset.parts is None else set(dataset.parts)) == parts
    assert dataset.labels.min() == 0
    assert dataset.labels.max() == classes - 1


@pytest.mark.parametrize("name", ["cherry_mildew", "sign_digits", "trashnet"])
def test_real_photographs_are_read_alike_with_and_without_the_cache(name, tmp_path):
    dataset = open_dataset(Path(DATA) / name)
    dataset = dataset.take(np.arange(0, len(dataset), 40))
    preparation = Preparation(64, 64)
    reader = Reader(dataset, preparation, PixelCache(preparation, None, tmp_path))
    assert reader.scan().damaged == {}
    everything = np.arange(len(dataset))
    np.testing.assert_array_equal(reader.read(everything), Reader(dataset, preparation).read(everything))
    assert "" not in reader.hashes()
