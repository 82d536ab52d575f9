"""Probabilities that mean what they say, and a rule for images that belong to none of the classes.

Temperature scaling: Guo et al. 2017, arXiv 1706.04599. The distance is that of the nearest training images in
the network's feature space: Sun et al. 2022, arXiv 2204.06507.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Labels = NDArray[np.int64]

LOWEST, HIGHEST = 0.05, 20.0  # a separable validation part would otherwise drive the temperature to 0
BINS = 15  # of equal numbers of images, as the literature uses
NEIGHBOURS = 5  # nearest training images averaged; one alone may be an outlier itself
KNOWN = 0.99  # share of known images that each half of the unsure rule lets through


def fit_temperature(logits: Floats, labels: Labels) -> float:
    """The temperature in LOWEST..HIGHEST that makes the labels most likely; 1 for no items.

    logits  (n, classes) of items that did not train.
    """
    if len(labels) == 0:
        return 1.0
    z = np.asarray(logits, np.float64)

    def loss(log_temperature: float) -> float:
        scaled = z / np.exp(log_temperature)
        top = scaled.max(1)
        return float(
            (
                np.log(np.exp(scaled - top[:, None]).sum(1)) + top - scaled[np.arange(len(labels)), labels]
            ).mean()
        )

    low, high = np.log(LOWEST), np.log(HIGHEST)
    ratio = (5**0.5 - 1) / 2  # golden-section search: the loss has one minimum in the inverse temperature
    for _ in range(60):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Items of similar stated probability: its mean, how many were right, of how many."""

    confidence: float
    right: int
    n: int


def reliability(probabilities: Floats, labels: Labels, bins: int = BINS) -> Iterator[ReliabilityBin]:
    """Bins of equally many items by the probability of the predicted class, lowest first."""
    confidence = np.asarray(probabilities, np.float64).max(1) if len(labels) else np.zeros(0)
    right = probabilities.argmax(1) == labels if len(labels) else np.zeros(0, bool)
    for rows in np.array_split(np.argsort(confidence, kind="stable"), min(bins, max(1, len(labels) // 10))):
        if len(rows):
            yield ReliabilityBin(float(confidence[rows].mean()), int(right[rows].sum()), len(rows))


def expected_calibration_error(probabilities: Floats, labels: Labels, bins: int = BINS) -> float | None:
    """Mean distance between stated and true accuracy over bins of equally many items, 0..1.

    Binning alone makes a perfect model look wrong by chance; that expected amount is taken off each bin's
    square (the debiased estimator of Kumar et al. 2019, arXiv 1909.10155), so the square root of the mean
    square is returned. None for fewer than 20 items.
    """
    if len(labels) < 20:
        return None
    total, n = 0.0, 0
    for b in reliability(probabilities, labels, bins):
        share = b.right / b.n
        chance = share * (1 - share) / max(1, b.n - 1)
        total += b.n * ((b.confidence - share) ** 2 - chance)
        n += b.n
    return float(np.sqrt(max(0.0, total / n)))


@dataclass(frozen=True, slots=True, eq=False)
class UnsureRule:
    """An image is put aside when its calibrated probability is below `probability`, or when its mean distance
    to its NEIGHBOURS nearest training images is beyond `distance`.

    reference  unit-length embeddings of training images, float16, shape (m, d).
    """

    probability: float
    distance: float
    reference: NDArray[np.float16]

    def distances(self, embeddings: Floats) -> NDArray[np.float64]:
        """Distance of each embedding (n, d) from the training images, 0..2."""
        return _distances(self.reference, embeddings)

    def aside(self, embeddings: Floats, probabilities: Floats) -> NDArray[np.bool_]:
        """Whether each item is put aside."""
        weak = np.asarray(probabilities, np.float64).max(1) < self.probability
        return np.asarray(weak | (self.distances(embeddings) > self.distance))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What a run keeps of the rule."""
        return {
            "probability": np.array(self.probability),
            "distance": np.array(self.distance),
            "reference": self.reference,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> UnsureRule:
        """The rule that `arrays` came from."""
        return cls(float(arrays["probability"]), float(arrays["distance"]), arrays["reference"])


def fit_unsure(train_embeddings: Floats, val_embeddings: Floats, val_probabilities: Floats) -> UnsureRule:
    """The rule that lets KNOWN of the validation part through each of its halves.

    train_embeddings  (m, d) of training images;  val_embeddings  (n, d) and val_probabilities  (n, classes),
    calibrated, of images that did not train.
    """
    reference = _unit(train_embeddings).astype(np.float16)
    confidence = np.asarray(val_probabilities, np.float64).max(1)
    return UnsureRule(
        probability=float(np.quantile(confidence, 1 - KNOWN, method="lower")),
        distance=float(np.quantile(_distances(reference, val_embeddings), KNOWN, method="higher")),
        reference=reference,
    )


def _unit(values: Floats) -> NDArray[np.float32]:
    wide = np.asarray(values, np.float32)
    return np.asarray(wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-12), np.float32)


def _distances(reference: NDArray[np.float16], embeddings: Floats) -> NDArray[np.float64]:
    near = reference.astype(np.float32)
    found = []
    for start in range(0, len(embeddings), 1024):  # bounds the table of similarities to 1024 x m
        similar = _unit(embeddings[start : start + 1024]) @ near.T
        k = min(NEIGHBOURS, similar.shape[1])
        best = np.partition(similar, -k, axis=1)[:, -k:]
        found.append(np.sqrt(np.maximum(0.0, 2 - 2 * best)).mean(1))
    return np.concatenate(found).astype(np.float64) if found else np.zeros(0)
