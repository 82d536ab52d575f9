"""What a printed number allows: the interval of true values, and which fractions print like it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from valscope.nouns.log import Reading

FLOAT32 = 2e-7  # metrics are float32 sums: unit roundoff 6e-8, a few operations deep


def bounds(reading: Reading) -> tuple[float, float]:
    """Smallest and largest true value that a float32 metric printed like this may have."""
    slack = FLOAT32 * max(1.0, abs(reading.value))
    return reading.low - slack, reading.high + slack


def width(reading: Reading) -> float:
    """Length of `bounds`."""
    low, high = bounds(reading)
    return high - low


def numerator(reading: Reading, n: int) -> int | None:
    """The k nearest to the reading for which k / n prints like it, or None."""
    if not 0 <= reading.value <= 1:  # nan and inf too
        return None
    k = round(reading.value * n)
    low, high = bounds(reading)
    return k if 0 <= k <= n and low <= k / n <= high else None


def numerators(reading: Reading, n: int) -> range:
    """Every k in 0..n for which k / n prints like the reading; none for nan and inf."""
    if not math.isfinite(reading.value):
        return range(0)
    low, high = bounds(reading)
    return range(max(0, math.ceil(low * n)), min(n, math.floor(high * n)) + 1)


def distinct(readings: Iterable[Reading | None]) -> tuple[Reading, ...]:
    """The different finite readings, in order of first appearance."""
    seen: dict[str, Reading] = {}
    for reading in readings:
        if reading is not None and math.isfinite(reading.value):
            seen.setdefault(reading.text, reading)
    return tuple(seen.values())


def decimals(reading: Reading) -> int:
    """Digits after the point of the printed number (0.9107 has 4), 0 for whole numbers."""
    return max(0, round(-math.log10(2 * reading.half))) if reading.half > 0 else 0
