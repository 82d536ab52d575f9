"""Whether stated probabilities are right as often as they say, and the one number that mends most of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.stats import Interval, clopper_pearson
from valscope.unsure import UnsureRule, fit_unsure

__all__ = [
    "ReliabilityBin",
    "UnsureRule",
    "expected_calibration_error",
    "fit_temperature",
    "fit_unsure",
    "nll",
    "reliability",
]

BINS = 15
FEWEST = 10  # images in a bin, below which its share of right answers says next to nothing
WIDEST = math.log(20)  # a temperature stays within 1/20 and 20
DOUBT = 1.0  # standard deviation of ln T before any image was seen, worth less than one image's evidence


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Images with about the same stated probability: its mean, and how many of them were right."""

    confidence: float
    n: int
    right: int

    @property
    def interval(self) -> Interval:
        """Exact interval for the share that is right."""
        return clopper_pearson(self.right, self.n)


def nll(logits: NDArray[Any], labels: NDArray[np.int64], temperature: float = 1.0) -> float:
    """Mean negative log-likelihood in nats of labels (n,) under softmax(logits / temperature), logits
    (n, classes). Unknown labels (-1) are left out; 0 when none is left."""
    known = labels >= 0
    scaled = np.asarray(logits, dtype=np.float64)[known] / temperature
    if not len(scaled):
        return 0.0
    top = scaled.max(1)
    total = top + np.log(np.exp(scaled - top[:, None]).sum(1))
    return float((total - scaled[np.arange(len(scaled)), labels[known]]).mean())


def fit_temperature(logits: NDArray[Any], labels: NDArray[np.int64]) -> float:
    """Temperature that the logits (n, classes) of held-out images are to be divided by (Guo et al. 2017).

    The most probable one under a weak belief in 1, so that it stays finite where all images are right (then
    the likelihood alone would drive it to 0) and is 1 where there are none. Never outside 1/20 .. 20.
    """
    from scipy.optimize import minimize_scalar

    n = int((labels >= 0).sum())

    def cost(log_t: float) -> float:
        return n * nll(logits, labels, math.exp(log_t)) + (log_t / DOUBT) ** 2 / 2

    # an even grid first, because the cost is flat far out and a bounded search can stop there
    start = min(np.linspace(-WIDEST, WIDEST, 13).tolist(), key=cost)
    step = WIDEST / 6
    bounds = (max(-WIDEST, start - step), min(WIDEST, start + step))
    found = minimize_scalar(cost, bounds=bounds, method="bounded", options={"xatol": 1e-4})
    return math.exp(float(found.x))


def reliability(
    probabilities: NDArray[Any], labels: NDArray[np.int64], bins: int = BINS
) -> tuple[ReliabilityBin, ...]:
    """The reliability diagram of the named classes: bins of equal numbers of images, by rising probability.

    probabilities (n, classes), labels (n,), unknown ones (-1) left out. At most `bins` bins, fewer so that each
    holds ten images; none for no images.
    """
    stated = np.asarray(probabilities, dtype=np.float64)[labels >= 0]
    if not len(stated):
        return ()
    confidence = stated.max(1)
    right = stated.argmax(1) == labels[labels >= 0]
    order = np.argsort(confidence, kind="stable")
    parts = np.array_split(order, max(1, min(bins, len(order) // FEWEST)))
    return tuple(ReliabilityBin(float(confidence[p].mean()), len(p), int(right[p].sum())) for p in parts)


def expected_calibration_error(
    probabilities: NDArray[Any], labels: NDArray[np.int64], bins: int = BINS
) -> float | None:
    """How far stated probabilities lie from the share that is right, root mean square over equal bins, 0..1.

    Debiased: what chance alone would put between the two in each bin is taken off the square (Kumar, Liang &
    Ma 2019). The usual mean of absolute differences is 0.07 for 200 images of a *perfectly* calibrated
    classifier; this is 0.02, and it is as near the truth for bad ones. None for fewer than twenty images.
    """
    found = reliability(probabilities, labels, bins)
    n = sum(b.n for b in found)
    if n < 2 * FEWEST:
        return None
    total = 0.0
    for b in found:
        share = b.right / b.n
        total += b.n / n * ((b.confidence - share) ** 2 - share * (1 - share) / (b.n - 1))
    return math.sqrt(max(0.0, total))
