"""Would more data help? The same recipe on a quarter, a half and all of the training images, with as many updates on each:
at equal epochs fewer images also mean fewer updates, and what those miss (BatchNorm's statistics, say) is no lack of images.

The gain of the last doubling bounds what the next is expected to bring: curves of this kind flatten. No power law is
fitted: extrapolations were confidently wrong (Viering and Loog, arXiv 2103.10948).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from valscope import stats
from valscope.lab.arms import Contrast, Right, contrast

SHARES = (0.25, 0.5, 1.0)
FLAT = 0.01  # less than a point for twice the images is not worth their collection


@dataclass(frozen=True, slots=True)
class GrowthResult:
    """accuracies  mean over the seeds on the probe images, one a share of SHARES.
    last        half against all of the training images;  helps  whether that doubling surely gained."""

    shares: tuple[float, ...]
    accuracies: tuple[float, ...]
    last: Contrast
    images: int

    @property
    def helps(self) -> bool:
        """Whether the last doubling gained beyond images and seeds, and more than a point."""
        return self.last.low > 0 and self.last.mean > FLAT

    @property
    def flat(self) -> bool:
        """Whether the last doubling surely gained less than three points."""
        return self.last.high < 3 * FLAT

    def learns(self, labels: Sequence[int]) -> bool:
        """Whether the whole training part gets more of these probe images right than their largest class gives."""
        n = len(labels)
        largest = max(labels.count(k) for k in set(labels)) / n
        return stats.binomial_test(round(self.accuracies[-1] * n), n, largest, "greater") < 0.01


def growth(
    run: Callable[[float], Sequence[Right]], images: int, groups: tuple[str, ...] | None
) -> GrowthResult:
    """run(share)  right-vectors of the trainings on that share of `images` training images, one a seed."""
    arms = [run(share) for share in SHARES]
    means = tuple(sum(float(r.mean()) for r in arm) / len(arm) for arm in arms)
    return GrowthResult(SHARES, means, contrast(arms[-2], arms[-1], groups), images)
