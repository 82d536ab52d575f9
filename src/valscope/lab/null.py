"""Is there anything to learn? The same probe on the true labels and on labels that were dealt out anew.

Ojala and Garriga, JMLR 11 (2010) 1833; p = (1 + as good) / (m + 1), Phipson and Smyth 2010. Labels are permuted as
wholes of groups where pictures come in groups. It speaks about this probe: what it cannot learn, another might.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]

FOLDS, SHUFFLES = 5, 199
RIDGE = 1.0  # of the mean variance of standardised features: as many weights as images
MOST_FEATURES = 1500
RARE = 0.01


@dataclass(frozen=True, slots=True)
class NullResult:
    """score  cross-validated accuracy on the true labels, of `n` images;  chance  mean over dealt labels.
    critical  99 % of dealt labels score at most this: what the test would have seen.
    p         at least 1 / (shuffles + 1);  balanced  scores are means over classes."""

    score: float
    chance: float
    critical: float
    p: float
    n: int
    shuffles: int
    probe: str

    @property
    def open(self) -> bool:
        """Whether the true labels are learned a little better than most dealt ones: neither one nor the other is sure."""
        return RARE < self.p <= 0.05

    @property
    def learnable(self) -> bool:
        """Whether the true labels are surely learned better than dealt ones, of which one in a hundred is called so."""
        return self.p <= RARE


def null_test(
    features: Matrix, labels: Labels, groups: tuple[str, ...] | None, probe: str, shuffles: int = SHUFFLES
) -> NullResult:
    """Ridge regression on one-hot labels, five folds with groups kept whole; balanced accuracy."""
    x = reduced(features)
    rng = np.random.default_rng(0)
    keys = np.arange(len(labels)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    fold = dealt_folds(keys, rng)
    maps = [predictor(x[fold != f], x[fold == f]) for f in range(FOLDS)]

    def scored(y: Labels) -> float:
        guessed = np.empty_like(y)
        one_hot = np.eye(int(labels.max()) + 1)[y]
        for f, (mapping, _) in enumerate(maps):
            rows = fold != f
            shares = one_hot[rows].mean(0)
            # classes weigh the same: least squares on indicators favours the large ones
            guessed[fold == f] = ((mapping @ (one_hot[rows] - shares)) / np.maximum(1e-9, shares)).argmax(1)
        return balanced(y, guessed)

    true = scored(labels)
    null = np.array([scored(_dealt(labels, keys, rng)) for _ in range(shuffles)])
    p = (1 + int((null >= true - 1e-12).sum())) / (shuffles + 1)
    return NullResult(
        true, float(null.mean()), float(np.quantile(null, 1 - RARE)), p, len(labels), shuffles, probe
    )


def balanced(labels: Labels, guessed: Labels) -> float:
    """Mean recall over the classes that occur."""
    return float(np.mean([(guessed[labels == k] == k).mean() for k in np.unique(labels)]))


def dealt_folds(keys: Labels, rng: np.random.Generator) -> Labels:
    """A fold for each item, groups whole."""
    return np.asarray(rng.permutation(np.arange(int(keys.max()) + 1) % FOLDS)[keys], np.int64)


def _dealt(labels: Labels, keys: Labels, rng: np.random.Generator) -> Labels:
    """Labels of groups dealt to other groups where each group has one label; else those of items, for groups of
    several labels, such as an image and its mirror image, tell nothing about their members' labels."""
    _, first = np.unique(keys, return_index=True)
    if len(first) == len(keys) or (labels != labels[first][keys]).any():
        return np.asarray(rng.permutation(labels), np.int64)
    return np.asarray(rng.permutation(labels[first])[keys], np.int64)


def reduced(features: Matrix) -> Matrix:
    """Standardised; projected at random onto MOST_FEATURES where there are more."""
    x = features - features.mean(0)
    x = x / np.maximum(1e-9, x.std(0))
    if x.shape[1] > MOST_FEATURES:
        rng = np.random.default_rng(1)
        x = x @ rng.normal(size=(x.shape[1], MOST_FEATURES)) / np.sqrt(MOST_FEATURES)
    return np.asarray(np.concatenate([x, np.ones((len(x), 1))], 1))


def predictor(train: Matrix, test: Matrix) -> tuple[Matrix, float]:
    """The matrix that turns training targets into predictions for `test`: labels change, it does not."""
    strength = RIDGE * float((train**2).sum(0).mean())
    if train.shape[0] <= train.shape[1]:
        kernel = train @ train.T + strength * np.eye(len(train))
        return np.asarray(np.linalg.solve(kernel, train @ test.T).T), strength
    inner = train.T @ train + strength * np.eye(train.shape[1])
    return np.asarray(test @ np.linalg.solve(inner, train.T)), strength
