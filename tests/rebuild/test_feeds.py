"""Orders and splits that only users write."""

from __future__ import annotations

import numpy as np

from valscope.data.splitting.split import split
from valscope.nouns.dataset import Arrays, Dataset
from valscope.nouns.recipe import Feed, Split
from valscope.training.feed import epoch_order


def test_whole_batches_change_places_and_rows_inside_do_not() -> None:
    labels = np.zeros(22, np.int64)
    feed = Feed(batch=5, order="batches")
    first, second = (epoch_order(labels, feed, 0, epoch) for epoch in (0, 1))
    assert sorted(first) == list(range(22)) and (first != second).any()
    starts = [i for i in range(1, 22) if first[i] != first[i - 1] + 1]
    assert all(first[i] % 5 == 0 for i in starts) and len(starts) <= 4


def test_the_first_rows_of_each_class_validate() -> None:
    labels = np.repeat([0, 1, 2], [10, 5, 3])
    names = tuple(f"row {i}" for i in range(18))
    data = Dataset(("a", "b", "c"), labels, Arrays(np.zeros((18, 2), np.float32)), names, "drawn")
    parts = split(data, Split("class_head", 0.2, 0.0, "none")).parts
    assert [i for i, part in enumerate(parts) if part == "val"] == [0, 1, 10] and "test" not in parts
