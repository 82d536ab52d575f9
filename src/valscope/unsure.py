"""Which images are put aside as belonging to none of the classes, and how often that wrongs one that does.

Two signs: a low calibrated probability, and a large distance from the training images in feature space. The
distance is the larger of two, each in units of what known images reach: the Mahalanobis distance to the
nearest class mean (Lee et al. 2018), which sees pictures of quite another kind, and the distance to the fifth
nearest training image by angle in the same whitened space (after Sun et al. 2022), which sees new classes
that resemble the known ones. Measured on handwritten digits 0-7 at 1 % false alarms: of letters the first
caught 98 %, of the digits 8 and 9 the first caught 2 %, the second 24 %, the probability alone 13 %.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.stats import beta_quantile

Floats = NDArray[np.float64]

FALSE = 0.01  # of known images that each of the two signs may put aside
NEIGHBOUR = 5  # rank of the training image whose distance counts: one odd training image does not
MOST = 3000  # training images kept for comparison
BATCH = 512


@dataclass(frozen=True, slots=True, eq=False)
class UnsureRule:
    """An image is put aside below `probability` or beyond `distance` (1 is about what 99 % of known images
    stay within). The rest is what distances are computed from; `arrays` and `from_arrays` keep it in a file.

    n       images of the validation part that the two thresholds come from.
    whiten  (d, d) takes an embedding less `centre` (d,) to where classes spread equally in all directions.
    means   (classes, d) and  known  (m, d): class means and training images there, the latter of unit length.
    units   what the two distances are divided by.
    """

    probability: float
    distance: float
    n: int
    centre: Floats
    whiten: Floats
    means: Floats
    known: NDArray[np.float32]
    units: tuple[float, float]

    def distances(self, embeddings: NDArray[Any]) -> Floats:
        """Distance of each embedding (n, d) from the training images, (n,); infinite for one that is not finite."""
        parts = [self._distances(embeddings[i : i + BATCH]) for i in range(0, len(embeddings), BATCH)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def aside(self, embeddings: NDArray[Any], probabilities: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of the images to put aside: embeddings (n, d), calibrated probabilities (n, classes)."""
        sure = np.asarray(probabilities, dtype=np.float64).max(1, initial=0.0) >= self.probability
        return np.asarray(~(sure & (self.distances(embeddings) <= self.distance)))

    @property
    def expected(self) -> tuple[float, float, float]:
        """Share of known images that will be put aside, at most, and its interval at 95 %.

        A threshold at the r-th of n values wrongs a share of the Beta(n + 1 - r, r) distribution, whatever
        the values are distributed like. There are two thresholds, and their shares at most add up.
        """
        beyond = self.n + 1 - _rank(self.n)
        low, high = (beta_quantile(q, beyond, self.n + 1 - beyond) for q in (0.0125, 0.9875))
        return 2 * beyond / (self.n + 1), low, min(1.0, 2 * high)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What `from_arrays` needs, by name."""
        return {
            "rule": np.array([self.probability, self.distance, self.n, *self.units]),
            "centre": self.centre.astype(np.float32),
            "whiten": self.whiten.astype(np.float32),
            "means": self.means.astype(np.float32),
            "reference": self.known.astype(np.float16),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> UnsureRule:
        """The rule that `arrays` described."""
        probability, distance, n, *units = arrays["rule"].tolist()
        centre, whiten, means = (arrays[k].astype(np.float64) for k in ("centre", "whiten", "means"))
        known = arrays["reference"].astype(np.float32)
        return cls(probability, distance, int(n), centre, whiten, means, known, (units[0], units[1]))

    def _distances(self, embeddings: NDArray[Any]) -> Floats:
        raw = np.asarray(embeddings, dtype=np.float64)
        finite = np.asarray(np.isfinite(raw).all(axis=1))
        x = (np.where(finite[:, None], raw, 0.0) - self.centre) @ self.whiten
        mean, angle = _to_means(x, self.means), _to_known(x, self.known)
        return np.where(finite, np.maximum(mean / self.units[0], angle / self.units[1]), np.inf)


def fit_unsure(
    train_embeddings: NDArray[Any],
    val_embeddings: NDArray[Any],
    val_probabilities: NDArray[Any],
    train_labels: NDArray[np.int64] | None = None,
) -> UnsureRule:
    """The rule from embeddings (m, d) and labels (m,) of training images, and embeddings (n, d) and calibrated
    probabilities (n, classes) of held-out images that do belong to the classes; m and n at least 1. Without
    labels all training images count as one class, which sees less.

    Each threshold is the value that the 99th of 100 held-out images reaches, or the worst of fewer.
    """
    if not len(train_embeddings) or not len(val_embeddings):
        raise ValueError("needs at least one training and one held-out image")
    labels = np.zeros(len(train_embeddings)) if train_labels is None else train_labels
    kinds, y = np.unique(labels, return_inverse=True)
    rows = _sample(y)
    x = np.asarray(train_embeddings[rows], dtype=np.float64)
    y = y[rows]
    centre = _stored(x.mean(0))
    means = np.stack([x[y == k].mean(0) for k in range(len(kinds))])
    whiten = _stored(_whitening(x - means[y]))
    spread = (x - centre) @ whiten
    draft = UnsureRule(
        probability=_threshold(-np.asarray(val_probabilities, dtype=np.float64).max(1)) * -1,
        distance=1.0,
        n=len(val_embeddings),
        centre=centre,
        whiten=whiten,
        means=_stored((means - centre) @ whiten),
        known=_directions(spread).astype(np.float16).astype(np.float32),
        units=(1.0, 1.0),
    )
    return _scaled(draft, np.asarray(val_embeddings, dtype=np.float64))


def _scaled(draft: UnsureRule, val: Floats) -> UnsureRule:
    """The same rule with both distances in units of what held-out images reach, and its threshold."""
    x = (val - draft.centre) @ draft.whiten
    units = (_threshold(_to_means(x, draft.means)), _threshold(_to_known(x, draft.known)))
    rule = replace(draft, units=(max(units[0], 1e-9), max(units[1], 1e-9)))
    return replace(rule, distance=_threshold(rule.distances(val)))


def _stored(values: Floats) -> Floats:
    """Rounded as a file keeps them, so that a rule read back decides the same."""
    return values.astype(np.float32).astype(np.float64)


def _rank(n: int) -> int:
    return min(n, math.ceil((n + 1) * (1 - FALSE)))


def _threshold(values: Floats) -> float:
    """The value that a share of 1 - FALSE of further ones stays within, on average, or the largest seen."""
    return float(np.sort(values)[_rank(len(values)) - 1])


def _sample(y: NDArray[np.int64]) -> NDArray[np.int64]:
    """At most MOST rows, small classes whole."""
    if len(y) <= MOST:
        return np.arange(len(y))
    order = np.random.default_rng(0).permutation(len(y))
    within = np.empty(len(y), dtype=np.int64)  # how many of its class come before each row
    for k in range(int(y.max()) + 1):
        mine = order[y[order] == k]
        within[mine] = np.arange(len(mine))
    return np.sort(order[np.argsort(within[order], kind="stable")[:MOST]])


def _whitening(residuals: Floats) -> Floats:
    """(d, d) factor W of the inverse of the within-class covariance, W W' = inverse, shrunk towards a sphere
    as Ledoit & Wolf (2004) do, so that it exists with fewer images than dimensions."""
    from sklearn.covariance import ledoit_wolf

    d = residuals.shape[1]
    covariance = ledoit_wolf(residuals, assume_centered=True)[0] if len(residuals) > 1 else np.eye(d)
    covariance = covariance + np.eye(d) * max(1e-6 * float(np.trace(covariance)) / d, 1e-12)
    factor = np.linalg.cholesky(covariance)
    return np.asarray(np.linalg.solve(factor, np.eye(d)).T, dtype=np.float64)


def _directions(x: Floats) -> Floats:
    unit: Floats = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    return unit


def _to_means(x: Floats, means: Floats) -> Floats:
    square = (x**2).sum(1)[:, None] + (means**2).sum(1) - 2 * x @ means.T
    return np.asarray(np.sqrt(np.maximum(square, 0).min(1)))


def _to_known(x: Floats, known: NDArray[np.float32]) -> Floats:
    rank = min(NEIGHBOUR, len(known)) - 1
    apart = np.sqrt(np.maximum(0, 2 - 2 * _directions(x) @ known.T.astype(np.float64)))
    return np.asarray(np.partition(apart, rank, axis=1)[:, rank])
