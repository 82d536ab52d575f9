"""The order of images is a pure function of (feed, seed, epoch), faults included."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from valscope.nouns.recipe import Feed
from valscope.training.feed import batches, epoch_order, steps_per_epoch, validation_order

LABELS = np.repeat(np.arange(3), [50, 30, 20])


def test_a_permuted_epoch_holds_every_image_once_and_differs_from_the_next() -> None:
    first, second = (epoch_order(LABELS, Feed(), seed=1, epoch=e) for e in (0, 1))
    assert sorted(first) == sorted(second) == list(range(100))
    assert (first != second).any()
    assert (epoch_order(LABELS, Feed(), seed=1, epoch=0) == first).all()


def test_sampling_with_replacement_shows_63_percent_of_the_images() -> None:
    labels = np.zeros(5000, np.int64)
    shown = len(np.unique(epoch_order(labels, Feed(order="with_replacement"), seed=0, epoch=0))) / 5000
    assert abs(shown - (1 - np.exp(-1))) < 0.02


def test_a_small_shuffle_buffer_leaves_sorted_rows_nearly_sorted() -> None:
    labels = np.repeat([0, 1], 1000)
    order = epoch_order(labels, Feed(order="buffer", buffer=50), seed=0, epoch=0)
    assert sorted(order) == list(range(2000))
    assert labels[order[:800]].mean() == 0
    whole = epoch_order(labels, Feed(order="buffer", buffer=2000), seed=0, epoch=0)
    assert 0.3 < labels[whole[:800]].mean() < 0.7


def test_a_counter_that_is_never_reset_shifts_the_validated_images() -> None:
    feed = Feed(batch=8, carried_counter=True)
    first, second = validation_order(100, feed, 0), validation_order(100, feed, 1)
    assert len(first) == 96
    assert second[0] == 96
    assert (validation_order(100, Feed(batch=8), 5) == np.arange(100)).all()


def test_balanced_drawing_gives_equal_shares() -> None:
    order = epoch_order(LABELS, Feed(balanced=True), seed=0, epoch=0)
    assert abs(np.bincount(LABELS[order]) - 100 / 3).max() < 1


@given(st.integers(1, 200), st.integers(1, 64), st.integers(0, 12), st.integers(0, 5))
def test_batches_after_a_resume_are_the_rest_of_the_same_epoch(
    n: int, size: int, done: int, epoch: int
) -> None:
    order = epoch_order(np.zeros(n, np.int64), Feed(batch=size), 3, epoch)
    whole = list(batches(order, size))
    assert len(whole) == steps_per_epoch(n, Feed(batch=size))
    rest = list(batches(order, size, first=done))
    assert [b.tolist() for b in rest] == [b.tolist() for b in whole[done:]]
