"""Whether mirroring a picture leaves its label true: asked of the data, not of the user.

Mirroring changes the sign of the odd coefficients of a picture, so a linear probe on them can be asked about
mirrored pictures without touching pixels. It is fitted on four fifths and asked about the rest, copies kept
together. If mirrored pictures of A are taken for B and those of B for A, mirroring swaps the two labels.
If the probe loses most of what it knew, and a second probe can tell the pictures of a class from their mirror
images, the class has a handedness, and it cannot be told whether that belongs to its meaning (digits, letters,
signs made by a right hand) or to the way it was photographed.

Unsafe on the project's sets: left and right arrows; letters (a mirrored C is taken for a D); digits (3 for 5).
Cannot tell: hand signs. Safe: photographs of leaves, refuse, animals, vehicles and things, filmed shapes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from valscope.data.alike.duplicates import Duplicates
from valscope.data.alike.thumbs import COLOUR, LOW, TURNS, Read, Thumbs, describe
from valscope.nouns.dataset import Notice
from valscope.stats import clopper_pearson, smallest_significant

Matrix = NDArray[np.float64]

FOLDS = 5
FEWEST = 10  # images of a class, below which the probe is not asked about it
MOST = 20_000  # images that the probe looks at
RIDGE = 0.05  # of the mean variance: 96 coefficients, often from a few hundred images
KEPT = 0.5  # of the first probe's knowledge survives mirroring; below it, handedness is asked about
HANDED = 0.8  # of mirror images recognised as such; photographs 0.5 to 0.7, digits, letters and hand signs 0.9 to 1
CLEAR = 0.75  # of two classes' pictures are told apart before mirroring, where a swap is named,
WRONG = 0.3  # and at most so many after: a real swap turns 0.95 into 0.05, a nuisance 0.7 into 0.4
ALPHA = 0.05  # chance of naming a swap where there is none, over all pairs of classes together


@dataclass(frozen=True, slots=True)
class FlipVerdict:
    """verdict  what the data say;  reason  a sentence with its numbers;  swapped  pairs of classes that
    mirroring exchanges.  before, after  balanced accuracy of the probe on pictures and on their mirror images."""

    verdict: Literal["safe", "unsafe", "cannot tell"]
    reason: str
    swapped: tuple[tuple[int, int], ...] = ()
    before: float | None = None
    after: float | None = None

    @property
    def safe(self) -> bool:
        """Whether a default may flip: only where the data say so."""
        return self.verdict == "safe"

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Nothing where flipping is safe, else the reason."""
        return () if self.safe else (Notice("flips", f"Not mirrored in training. {self.reason}"),)


def flip_safe(
    pictures: Read | Thumbs,
    labels: NDArray[np.int64],
    classes: Sequence[str],
    duplicates: Duplicates,
    direction: Literal["horizontal", "vertical"] = "horizontal",
) -> FlipVerdict:
    """Whether flipping in `direction` is known to leave labels true, known not to, or neither.

    pictures  as for `find_duplicates`; `duplicates.thumbs` saves a second reading.
    labels    (n,) as numbers into `classes`, -1 where unknown. See the module for how it is decided.
    """
    how = TURNS[2 if direction == "horizontal" else 1]
    if duplicates.changes_label(how):
        n = sum(t.other_label for t in duplicates.turned if t.how == how)
        reason = (
            f"Of two pictures that mirror each other the labels differ ({n} pairs): a flip changes the label."
        )
        return FlipVerdict("unsafe", reason)
    rows = _asked(labels)
    kinds, y = np.unique(labels[rows], return_inverse=True)
    if len(kinds) < 2:
        return FlipVerdict("cannot tell", f"Fewer than two classes have {FEWEST} images.")
    thumbs = pictures if isinstance(pictures, Thumbs) else describe(pictures, len(labels))
    features, sign = _features(thumbs.take(rows), direction)
    groups = duplicates.groups
    fold = _folds([groups[i] or str(i) for i in rows.tolist()])
    before, after = _ask(features, sign, y, fold)
    seen = _recognised(features[:, sign < 0], y, fold)
    return _judge(before, after, seen, y, [classes[k] for k in kinds.tolist()], kinds)


def _asked(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    sizes = np.bincount(labels[labels >= 0], minlength=1)
    rows = np.flatnonzero((labels >= 0) & (sizes[np.maximum(labels, 0)] >= FEWEST))
    return np.sort(np.random.default_rng(0).permutation(rows)[:MOST])


def _features(thumbs: Thumbs, direction: str) -> tuple[Matrix, Matrix]:
    """(n, 96) coefficients of brightness and colour, and the (96,) signs that mirroring gives them."""
    colour = thumbs.chroma.astype(np.float64) / np.maximum(thumbs.contrast, 4)[:, None, None, None]
    features = np.concatenate([thumbs.low.reshape(len(thumbs), -1), colour.reshape(len(thumbs), -1)], axis=1)
    signs = [_signs(LOW, direction), _signs(COLOUR, direction), _signs(COLOUR, direction)]
    return features, np.concatenate(signs)


def _signs(k: int, direction: str) -> Matrix:
    odd = np.where(np.arange(k) % 2, -1.0, 1.0)
    table = np.broadcast_to(odd if direction == "horizontal" else odd[:, None], (k, k))
    return table.ravel()


def _folds(keys: Sequence[str]) -> NDArray[np.int64]:
    return np.array([blake2b(key.encode(), digest_size=4).digest()[0] % FOLDS for key in keys])


def _ask(x: Matrix, sign: Matrix, y: NDArray[np.int64], fold: NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """Scores (n, classes) of held-out pictures and of their mirror images."""
    before, after = np.zeros((len(y), y.max() + 1)), np.zeros((len(y), y.max() + 1))
    for k in range(FOLDS):
        held = fold == k
        weights, bias = _ridge(x[~held], y[~held], before.shape[1])
        before[held] = x[held] @ weights + bias
        after[held] = (x[held] * sign) @ weights + bias
    return before, after


def _recognised(odd: Matrix, y: NDArray[np.int64], fold: NDArray[np.int64]) -> float:
    """Share of held-out pictures told from their own mirror image by a probe of their class; mean of classes.
    Mirroring negates `odd`, so the best direction is the one along which a class's mean lies off zero."""
    right = np.zeros(len(y), dtype=bool)
    for k in range(FOLDS):
        for c in range(y.max() + 1):
            fitted, held = odd[(fold != k) & (y == c)], (fold == k) & (y == c)
            spread = fitted.T @ fitted
            spread += RIDGE * max(np.trace(spread) / len(spread), 1e-12) * np.eye(len(spread))
            right[held] = odd[held] @ np.linalg.solve(spread, fitted.sum(0)) > 0
    return float(np.mean([right[y == c].mean() for c in range(y.max() + 1)]))


def _ridge(x: Matrix, y: NDArray[np.int64], k: int) -> tuple[Matrix, Matrix]:
    """Least squares on one-hot labels, all classes weighing the same."""
    weight = (1 / np.maximum(np.bincount(y, minlength=k), 1))[y]
    weight /= weight.sum()
    target = np.eye(k)[y]
    mean, level = weight @ x, weight @ target
    centred = (x - mean) * weight[:, None]
    spread = centred.T @ (x - mean)
    spread += RIDGE * max(np.trace(spread) / len(spread), 1e-12) * np.eye(len(spread))
    weights = np.asarray(np.linalg.solve(spread, centred.T @ (target - level)), dtype=np.float64)
    return weights, level - mean @ weights


def _judge(
    before: Matrix,
    after: Matrix,
    seen: float,
    y: NDArray[np.int64],
    names: Sequence[str],
    kinds: NDArray[np.int64],
) -> FlipVerdict:
    swapped = _swapped(_own(before, y), _own(after, y), np.bincount(y))
    first, second = _balanced(before, y), _balanced(after, y)
    numbers = f"a probe has {first:.0%} of the pictures right and {second:.0%} of their mirror images"
    if swapped:
        pairs = " and ".join(f"{names[a]!r} with {names[b]!r}" for a, b in swapped[:3])
        found = tuple((int(kinds[a]), int(kinds[b])) for a, b in swapped)
        return FlipVerdict("unsafe", f"Mirroring swaps {pairs}: {numbers}.", found, first, second)
    chance = 1 / len(names)
    enough = smallest_significant(len(y), chance, ALPHA) or math.inf
    lost = first * len(y) < enough or second - chance < KEPT * (first - chance)
    told = f"{seen:.0%} are told from their own mirror image"
    if lost and clopper_pearson(seen * len(y), len(y))[1] >= HANDED:
        why = f"{told}, which may be part of what the classes mean"
        return FlipVerdict(
            "cannot tell", f"Cannot tell whether labels survive: {numbers}; {why}.", (), first, second
        )
    if lost:
        return FlipVerdict("safe", f"Mirror images look like their class: only {told}.", (), first, second)
    return FlipVerdict("safe", f"Mirror images keep their class: {numbers}.", (), first, second)


def _balanced(scores: Matrix, y: NDArray[np.int64]) -> float:
    right = scores.argmax(1) == y
    return float(np.mean([right[y == k].mean() for k in range(scores.shape[1])]))


def _own(scores: Matrix, y: NDArray[np.int64]) -> NDArray[np.int64]:
    """(k, k): how many of the pictures of class a score higher for a than for b."""
    own = scores[np.arange(len(y)), y]
    return np.array([(own[y == k, None] > scores[y == k]).sum(0) for k in range(scores.shape[1])])


def _swapped(
    before: NDArray[np.int64], after: NDArray[np.int64], sizes: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Pairs of classes clearly told apart before and told the wrong way round after, both of them, and both
    significantly. A probe too weak for that leaves the question to handedness."""
    level = 1 - 2 * ALPHA / (len(sizes) * (len(sizes) - 1) / 2)

    def sure(a: int, b: int) -> bool:
        n, right, left = int(sizes[a]), int(before[a, b]), int(after[a, b])
        return clopper_pearson(right, n, level)[0] > 0.5 > clopper_pearson(left, n, level)[1]

    clear = (before >= CLEAR * sizes[:, None]) & (after <= WRONG * sizes[:, None])
    maybe = np.argwhere(np.triu(clear & clear.T, 1)).tolist()
    return [(a, b) for a, b in maybe if sure(a, b) and sure(b, a)]
