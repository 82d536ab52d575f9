"""Which images make each batch, as a pure function of (feed, seed, epoch): nothing to save for a resume.

The faulty orders are here as well, because a recipe must be able to reproduce them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from valscope.nouns.recipe import Feed

Index = NDArray[np.int64]


def steps_per_epoch(n: int, feed: Feed) -> int:
    """Number of batches in an epoch of `n` images."""
    return feed.steps or -(-n // feed.batch)


def epoch_order(labels: Index, feed: Feed, seed: int, epoch: int) -> Index:
    """The images of one epoch in the order in which they are fed, shape (images an epoch,).

    labels  class numbers of the training images, in the order in which they are stored.
    epoch   counts from 0 over all stages.
    """
    n = len(labels)
    rng = np.random.default_rng([seed, epoch])
    wanted = n if feed.steps is None else feed.steps * feed.batch
    start = epoch * wanted if feed.carried_counter else 0
    if feed.balanced:
        return _balanced(labels, wanted, rng)
    if feed.order == "with_replacement":
        return rng.integers(0, n, wanted)
    if feed.order == "sequential":
        return np.arange(start, start + wanted, dtype=np.int64) % n
    if feed.order == "batches":
        return _by_batches(n, feed.batch, wanted, rng)
    if feed.order == "buffer":
        return _buffered(n, feed.buffer, rng)[np.arange(wanted) % n]
    rounds = [rng.permutation(n) for _ in range(-(-wanted // n))]
    return np.concatenate(rounds)[:wanted] if rounds else np.zeros(0, np.int64)


def validation_order(n: int, feed: Feed, epoch: int) -> Index:
    """The images scored after `epoch`: all of them once, unless the feed says otherwise."""
    if feed.val_steps is None and not feed.carried_counter:
        return np.arange(n, dtype=np.int64)
    wanted = (feed.val_steps or n // feed.batch) * feed.batch
    start = epoch * wanted if feed.carried_counter else 0
    return np.arange(start, start + wanted, dtype=np.int64) % n


def fed_labels(labels: Index, feed: Feed, seed: int, part: int) -> Index:
    """The labels that come with the images of part 0 (training) or 1 (validation): their own, unless the feed lost them."""
    if not feed.labels_apart:
        return labels
    return labels[np.random.default_rng([seed, part, 31]).permutation(len(labels))]


def batches(order: Index, size: int, first: int = 0) -> Iterator[Index]:
    """`order` cut into batches of `size`, starting with batch number `first`."""
    for start in range(first * size, len(order), size):
        yield order[start : start + size]


def _balanced(labels: Index, wanted: int, rng: np.random.Generator) -> Index:
    """Classes in equal shares: each class is permuted and repeated until its share is full."""
    present = np.unique(labels)
    shares = np.diff(np.linspace(0, wanted, len(present) + 1).astype(int))
    drawn = [
        np.resize(rng.permutation(np.flatnonzero(labels == label)), share)
        for label, share in zip(present, shares, strict=True)
    ]
    return np.asarray(rng.permutation(np.concatenate(drawn)), dtype=np.int64)


def _by_batches(n: int, size: int, wanted: int, rng: np.random.Generator) -> Index:
    """Whole batches in random order; a short one, where n is no multiple, stands wherever it falls."""
    drawn = [
        np.arange(b * size, min(n, (b + 1) * size), dtype=np.int64) for b in rng.permutation(-(-n // size))
    ]
    return np.concatenate(drawn)[np.arange(wanted) % n] if drawn else np.zeros(0, np.int64)


def _buffered(n: int, size: int, rng: np.random.Generator) -> Index:
    """As `tf.data`'s shuffle(size) does: a buffer is filled, a random place is emitted and refilled."""
    buffer = list(range(min(size, n)))
    out = np.empty(n, np.int64)
    for i in range(n):
        place = int(rng.integers(len(buffer)))
        out[i] = buffer[place]
        following = i + min(size, n)
        if following < n:
            buffer[place] = following
        else:
            buffer[place] = buffer[-1]
            buffer.pop()
    return out
