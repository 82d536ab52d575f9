"""A learning rate from a range test (Smith 2017, arXiv 1506.01186).

The rate grows geometrically from batch to batch until the loss blows up; the net is put back afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from valscope.engines import Floats, Labels, Net

LOWEST, HIGHEST = 1e-6, 1.0
STEPS = 80  # batches; shorter sweeps jump past the good region on small networks
SMOOTHING = 0.8  # of the exponential mean over batches
BLOWN_UP = 4.0  # times the best smoothed loss: the sweep ends
# The rate of the lowest loss is already unstable over an epoch; a tenth of it is the usual choice.
BELOW_MINIMUM = 10.0
WINDOW = 5
# Adaptive optimisers survive a short sweep at rates that stall or collapse within epochs (Adam at 0.01 is the
# fault of a published case); a sweep may choose at most this.
CEILING = {"sgd": 0.3, "adadelta": 1.0, "adagrad": 0.1}
ADAPTIVE_CEILING = 3e-3


@dataclass(frozen=True, slots=True)
class RateTest:
    """The sweep and its answer. `rates` and smoothed `losses` have one entry a batch."""

    rate: float
    rates: tuple[float, ...]
    losses: tuple[float, ...]


def find_rate(
    net: Net, batches: Iterable[tuple[Floats, Labels, Floats | None]], optimiser: str, fallback: float
) -> RateTest:
    """The rate of the steepest fall, at most a tenth of the rate of the lowest loss and at most the
    optimiser's ceiling; `fallback` when the sweep never improves. Leaves the net exactly as it was.
    """
    before = net.state()
    rates: list[float] = []
    losses: list[float] = []
    mean, best = 0.0, math.inf
    try:
        for step, (x, y, weight) in enumerate(batches):
            if step >= STEPS:
                break
            rate = LOWEST * (HIGHEST / LOWEST) ** (step / (STEPS - 1))
            net.set_rate(rate)
            loss, _ = net.train_batch(x, y, weight)
            if not math.isfinite(loss):
                break
            mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
            smooth = mean / (1 - SMOOTHING ** (step + 1))
            rates.append(rate)
            losses.append(smooth)
            best = min(best, smooth)
            if step > STEPS // 8 and smooth > BLOWN_UP * best:
                break
    finally:
        net.restore(before)
    return RateTest(
        _choose(rates, losses, CEILING.get(optimiser, ADAPTIVE_CEILING), fallback),
        tuple(rates),
        tuple(losses),
    )


def _choose(rates: list[float], losses: list[float], ceiling: float, fallback: float) -> float:
    if not losses:
        return fallback
    lowest = min(range(len(losses)), key=losses.__getitem__)
    if losses[lowest] > 0.98 * losses[0]:
        return fallback
    # Slopes over WINDOW batches on either side, because batches differ; the first batches only jitter, so
    # nothing below a hundredth of the rate of the lowest loss is a candidate.
    inside = [i for i in range(WINDOW, lowest - WINDOW) if rates[i] >= rates[lowest] / BELOW_MINIMUM**2]
    steepest = min(inside, key=lambda i: losses[i + WINDOW] - losses[i - WINDOW], default=lowest)
    return float(f"{min(rates[steepest], rates[lowest] / BELOW_MINIMUM, ceiling):.1e}")
