"""What a comparison decides about a suspect."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from valscope import stats
from valscope.lab.arms import LEAST, Contrast
from valscope.nouns.training import Reported
from valscope.nouns.trial import Ruling

ALPHA = 0.05  # after Holm, over all trials of the case
QUARTER = 0.25  # of the trouble: an effect that surely stays below is not its cause
SURE = 2.58  # standard errors within which a repetition shows the reported number (99 %)


def ruled(
    contrast: Contrast, p_holm: float, gap: float, reproduced: bool | None, residual: float | None = None
) -> Ruling:
    """CONFIRMED where mending surely helps and the control is the reported training; REFUTED where the 95 %
    interval of its effect stays below a quarter of the trouble, or 2 points; SUSPECTED where the trial was too weak.

    gap        the trouble of the reported training, 0..1.
    residual   the trouble of this control, in which the other suspects are mended: a second fault must explain a
               quarter of what is left without the first. None where nothing else is mended.
    A control that does not show the reported number confirms nothing: something else differs.
    """
    trouble = gap if residual is None else min(gap, residual)
    helps = (
        p_holm < ALPHA
        and contrast.low > 0
        and contrast.apart
        and contrast.mean > contrast.treated_noise
        and contrast.mean >= max(QUARTER * trouble, LEAST)
    )
    if helps and reproduced is not False:
        return "CONFIRMED"
    if contrast.high < max(QUARTER * gap, LEAST):
        return "REFUTED"
    return "SUSPECTED"


def reproduces(values: Sequence[float], n: int, reported: Reported) -> bool | None:
    """Whether repetitions that validated `n` images with these accuracies show the reported one: within the 99 % reach of
    both samples and the 95 % reach of one more seed, added in squares. None where nothing can be compared."""
    known = [v for v in values if math.isfinite(v)]
    if not known or n == 0:
        return None
    mean = sum(known) / len(known)
    theirs = reported.n or n
    variance = _variance(reported.value, theirs) + _variance(mean, n)
    return abs(mean - reported.value) <= math.hypot(SURE * math.sqrt(variance), _one_more(known))


def _one_more(values: Sequence[float]) -> float:
    """Half a 95 % interval for the next of some values that vary as seeds do (Student's prediction interval)."""
    count = len(values)
    if count < 2:
        return 0.0
    return stats.t_quantile(0.975, count - 1) * statistics.stdev(values) * math.sqrt(1 + 1 / count)


def _variance(p: float, n: int) -> float:
    """Of a share, with one success and one failure added so that 0 and 1 are not certain."""
    p = (p * n + 1) / (n + 2)
    return p * (1 - p) / n
