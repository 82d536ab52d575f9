"""Percentages that whole-number division printed: k / (n / 100) with both divisions cut off."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CutOff:
    """k of n printed as `printed` per cent, which is k // (n // 100); the true share is `share`."""

    k: int
    n: int
    printed: int
    share: float


def cut_off(k: int, n: int, printed: int) -> CutOff | None:
    """k // (n // 100) where that is what was printed and no rounding of 100 k / n gives it; else None."""
    if n < 100 or not 0 <= k <= n:
        return None
    share = 100 * k / n
    return (
        CutOff(k, n, printed, share / 100)
        if k // (n // 100) == printed and abs(printed - share) >= 1
        else None
    )
