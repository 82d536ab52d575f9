"""Would more data help? The same recipe on half and on all of the training images, with as many updates on each: at
equal epochs fewer images also mean fewer updates, and what those miss (BatchNorm's statistics, say) is no lack of images.

The gain of the last doubling bounds what the next is expected to bring: curves of this kind flatten. No power law is
fitted: extrapolations were confidently wrong (Viering and Loog, arXiv 2103.10948). Fewer images are only trained on where
that can tell something: not where all of them teach nothing, nor where hardly an image is left to gain. A quarter is
tried where the last doubling gained, to show the curve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from valscope import stats
from valscope.lab.arms import Contrast, Right, contrast

FLAT = 0.01  # less than a point for twice the images is not worth their collection
LEFT = 0.05  # of the images wrong; where fewer are, no number of images gains more than that
SURE = 0.01


@dataclass(frozen=True, slots=True)
class GrowthResult:
    """shares, accuracies  mean over the seeds on the probe images, one a share of the training images that was tried,
                        all of them last.
    images      training images;  n  probe images.
    learns      whether all of them teach more than the share of the largest class.
    last        half against all of the training images; None where nothing is learned or little is left to gain.
    """

    shares: tuple[float, ...]
    accuracies: tuple[float, ...]
    images: int
    n: int
    learns: bool
    last: Contrast | None = None

    @property
    def left(self) -> float:
        """Share of the probe images that are wrong with all training images: no number of them gains more."""
        return 1 - self.accuracies[-1]

    @property
    def helps(self) -> bool:
        """Whether the last doubling gained beyond images and seeds, and more than a point."""
        return self.last is not None and self.last.low > 0 and self.last.mean > FLAT

    @property
    def flat(self) -> bool:
        """Whether the last doubling surely gained less than three points."""
        return self.last is not None and self.last.high < 3 * FLAT


def growth(
    run: Callable[[float], Sequence[Right]],
    images: int,
    labels: Sequence[int],
    groups: tuple[str, ...] | None,
    affords: Callable[[float], bool] = lambda share: True,
) -> GrowthResult | None:
    """None where the time does not suffice for half of the images.

    run      right-vectors of the trainings on a share of `images` training images, one a seed.
    labels, groups  of the probe images.
    affords  whether there is time for that share.
    """
    whole = run(1.0)
    found = GrowthResult((1.0,), (_mean(whole),), images, len(labels), _learns(whole, labels))
    if not found.learns or found.left < LEFT:
        return found
    if not affords(0.5):
        return None
    half = run(0.5)
    last = contrast(half, whole, groups)
    found = GrowthResult((0.5, 1.0), (_mean(half), _mean(whole)), images, len(labels), True, last)
    if not found.helps or not affords(0.25):
        return found
    shares, means = (0.25, *found.shares), (_mean(run(0.25)), *found.accuracies)
    return GrowthResult(shares, means, images, len(labels), True, last)


def _mean(arm: Sequence[Right]) -> float:
    return sum(float(r.mean()) for r in arm) / len(arm)


def _learns(arm: Sequence[Right], labels: Sequence[int]) -> bool:
    """Whether an arm gets more of these images right than their largest class gives."""
    n = len(labels)
    largest = max(labels.count(k) for k in set(labels)) / n
    return stats.binomial_test(round(_mean(arm) * n), n, largest, "greater") < SURE
