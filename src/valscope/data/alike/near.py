"""Which pictures are nearer to each other than unrelated pictures of the same set ever come by chance.

The distance of two pictures is that of their low coefficients, both of unit length, under the best of the
eight turns and flips: 0 for the same, about 0.01 to 0.1 after resaving, up to 1.4 for unrelated ones. How near
unrelated ones come differs from set to set (photographs 0.5, handwritten ones 0.1), and within a set, so
no fixed threshold can serve. Around each picture the number of unrelated ones within a distance d grows like
d^m, where m is the local dimension. Its m is measured from its 10th to 40th nearest neighbours, too far out
for copies, and the expected number of chance pairs at the distance seen follows (an a-contrario test).
On sets without duplicates the p-values were exact or conservative down to 1e-5 (docs/evidence-duplicates.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valscope.data.alike.thumbs import TURNS, Floats, Thumbs, turned

Ints = NDArray[np.int64]

CHANCE_PAIRS = 0.1  # expected number of pairs of unrelated pictures that are called near, in a whole set
FARTHEST = 0.28  # resaved at quality 30 or brightened with clipping, copies stay below in 99 %
FARTHEST_FINE = 0.30  # the same for 16 x 16 coefficients: above it the eye sees another picture
COLOUR_APART = 18.0  # levels; recoloured pictures are others (jpeg and brightening change at most half of it)
INDISTINCT = 0.03  # what resaving at quality 30 does to photographs: nearer pictures are one to the eye
LONELY = 0.5  # but only where the neighbours are at least twice as far, else the whole set is like that
FLAT = 2.0  # levels of contrast, below which only noise would be compared
OUTER = 40  # rank of the farthest neighbour that the local dimension is measured from
FEWEST = 20  # pictures, below which there is no neighbourhood to measure
SAMPLE = 2048  # pictures that stand for the rest when neighbours are ranked
ROWS, COLUMNS = 512, 8192  # of a block of the all-pairs search: 16 MB


@dataclass(frozen=True, slots=True)
class Pair:
    """Rows `first` < `second` show the same, the second turned or flipped by `turn` (an index into TURNS)."""

    first: int
    second: int
    turn: int
    distance: float

    @property
    def how(self) -> str:
        """The turn or flip in words, "same" for none."""
        return TURNS[self.turn]


@dataclass(frozen=True, slots=True)
class Near:
    """pairs  of near-duplicates;  flat  rows too flat to compare;  crowd  rows with a neighbour as near as
    a resaved copy, but among so many that copies cannot be told from the rest (frames of a film, drawings)."""

    pairs: tuple[Pair, ...]
    crowd: tuple[int, ...] = ()
    flat: tuple[int, ...] = ()


def near_pairs(thumbs: Thumbs) -> Near:
    """All pairs of near-duplicates, ordered by row. All pairs are compared: 100,000 pictures take about a
    minute on two cores, in bounded memory."""
    usable = np.flatnonzero(thumbs.contrast >= FLAT)
    low = thumbs.low[usable]
    reach, nearest = reaches(low)
    found = [
        Pair(int(i), int(j), int(t), float(d))
        for rows, columns in _candidates(_invariant(low), reach)
        for i, j, t, d in _verified(
            thumbs, usable[rows], usable[columns], np.minimum(reach[rows], reach[columns])
        )
    ]
    paired = {i for pair in found for i in (pair.first, pair.second)}
    crowd = [i for i in usable[nearest <= INDISTINCT].tolist() if i not in paired]
    found.sort(key=lambda pair: (pair.first, pair.second))
    return Near(tuple(found), crowd=tuple(crowd), flat=tuple(np.flatnonzero(thumbs.contrast < FLAT).tolist()))


def reaches(low: Floats) -> tuple[Floats, Floats]:
    """How far a copy of each picture may lie before chance explains it, and how near the nearest lies.

    low (n, 8, 8); both results (n,). The nearest is sought in a sample of the others when n is large.
    """
    n = len(low)
    if n < FEWEST:
        return np.full(n, INDISTINCT, dtype=np.float32), np.full(n, np.inf, dtype=np.float32)
    ranked, size = _neighbours(low)
    outer = ranked.shape[1]
    inner = outer // 4
    m = _dimension(ranked, inner)
    m = np.minimum(m, np.median(m))
    reach = np.zeros(n)
    for rank in (inner, outer // 2, outer):
        # of n(n-1)/2 pairs, a share of rank/size (d/radius)^m lies within d
        share = CHANCE_PAIRS / (n * (n - 1) / 2) * size / rank
        radius = ranked[:, rank - 1]
        reach = np.maximum(reach, share ** (1 / m) * radius)
        reach = np.maximum(reach, np.minimum(INDISTINCT, LONELY * radius))
    return np.minimum(reach, FARTHEST).astype(np.float32), ranked[:, 0]


def distances(a: Floats, b: Floats) -> Floats:
    """Distances (len(a), len(b)) of low coefficients under the best turn or flip."""
    flat = a.reshape(len(a), -1)
    best = np.full((len(a), len(b)), -1, dtype=np.float32)
    for c in turned(b):
        np.maximum(best, flat @ c.reshape(len(b), -1).T, out=best)
    apart: Floats = np.sqrt(np.maximum(0, 2 - 2 * best))
    return apart


def _neighbours(low: Floats) -> tuple[Floats, int]:
    """Distances to the nearest of a sample of the other pictures, ascending, and how many were sampled."""
    n = len(low)
    rows = np.sort(np.random.default_rng(0).permutation(n)[:SAMPLE])
    size = min(n - 1, SAMPLE)
    outer = min(OUTER, size // 2)
    ranked = np.empty((n, outer), dtype=np.float32)
    for start in range(0, n, ROWS):
        block = distances(low[start : start + ROWS], low[rows])
        own = np.searchsorted(rows, np.arange(start, start + len(block)))
        inside = own < len(rows)
        inside[inside] = rows[own[inside]] == np.flatnonzero(inside) + start
        block[np.flatnonzero(inside), own[inside]] = np.inf
        ranked[start : start + len(block)] = np.sort(
            np.partition(block, outer - 1, axis=1)[:, :outer], axis=1
        )
    return np.maximum(ranked, 1e-6), size


def _dimension(ranked: Floats, inner: int) -> NDArray[np.float64]:
    """Local dimension from the distances of ranks inner..outer: in a ball that is filled evenly in m
    dimensions ln(r_outer / r_j) has the mean (1/j + ... + 1/(outer - 1)) / m (after Levina & Bickel 2004)."""
    outer = ranked.shape[1]
    spread = np.log(ranked[:, -1:] / ranked[:, inner - 1 : -1]).sum(1, dtype=np.float64)
    steps = 1 / np.arange(inner, outer)
    return np.asarray(np.cumsum(steps[::-1]).sum() / np.maximum(spread, 1e-6))


def _invariant(low: Floats) -> Floats:
    """(n, 64) numbers that no turn or flip changes and that lie no farther apart than the pictures do:
    the sizes of the coefficients, each pair (u, v) and (v, u) in order."""
    size = np.abs(low)
    mirror = np.swapaxes(size, 1, 2)
    upper = np.triu(np.ones(low.shape[1:], dtype=bool))
    sorted_: Floats = np.where(upper, np.maximum(size, mirror), np.minimum(size, mirror))
    return sorted_.reshape(len(low), low.shape[1] * low.shape[2])


def _candidates(invariant: Floats, reach: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Pairs i < j whose invariants are within both reaches, block by block."""
    bar = 1 - reach**2 / 2 - 1e-5  # 1e-5 for the rounding of float32
    n = len(invariant)
    for top in range(0, n, ROWS):
        rows = slice(top, min(top + ROWS, n))
        for left in range(top, n, COLUMNS):
            alike = invariant[rows] @ invariant[left : left + COLUMNS].T
            flat = np.flatnonzero(alike >= bar[rows, None])
            i, j = np.divmod(flat, alike.shape[1])
            i, j = i + top, j + left
            keep = (i < j) & (alike.ravel()[flat] >= bar[j])
            if keep.any():
                yield i[keep], j[keep]


def _verified(thumbs: Thumbs, i: Ints, j: Ints, reach: Floats) -> Iterator[tuple[int, int, int, float]]:
    """The candidates that hold: coarse and fine distance and colour, all under one turn."""
    for start in range(0, len(i), COLUMNS):
        part = slice(start, start + COLUMNS)
        a, b, limit = i[part], j[part], reach[part]
        apart = np.stack([_apart(thumbs.low[a], c) for c in turned(thumbs.low[b])])
        turn = _plainest(apart)
        d = apart[turn, np.arange(len(a))]
        near = d <= limit
        a, b, turn, d = a[near], b[near], turn[near], d[near]
        fine = _under(turn, thumbs.high[b].astype(np.float32))
        keep = _apart(thumbs.high[a].astype(np.float32), fine) <= FARTHEST_FINE
        tint = _under(turn, thumbs.chroma[b].astype(np.float32)) - thumbs.chroma[a]
        keep &= np.sqrt((tint**2).sum((1, 2, 3))) <= COLOUR_APART
        yield from zip(a[keep], b[keep], turn[keep], d[keep])


def _apart(a: NDArray[np.floating], b: NDArray[np.floating]) -> Floats:
    apart: Floats = np.sqrt(((a - b) ** 2).sum((-2, -1)))
    return apart


def _under(turn: Ints, coefficients: Floats) -> Floats:
    """Each item of (m, ..., k, k) under its own turn."""
    result = coefficients.copy()
    for t, c in enumerate(turned(coefficients)):
        result[turn == t] = c[turn == t]
    return result


def _plainest(apart: Floats) -> Ints:
    """The best turn of each column of (8, m), "same" where that is as good: symmetric pictures fit several."""
    best: Ints = apart.argmin(0)
    same = apart[0] <= apart.min(0) * 1.1 + 0.005
    return np.where(same, 0, best)
