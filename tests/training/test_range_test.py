"""The range test finds the region where the loss falls, whatever the batches do by chance."""

from __future__ import annotations

import numpy as np
import pytest

from valscope.training.range_test import HIGHEST, LOWEST, SMOOTHING, STEPS, find_rate

RATES = [LOWEST * (HIGHEST / LOWEST) ** (step / (STEPS - 1)) for step in range(STEPS)]


class Falling:
    """A net whose loss falls between `start` and `end` of the rate and blows up beyond, with noisy batches."""

    def __init__(self, start: float, end: float, noise: float, seed: int) -> None:
        self.start, self.end, self.noise = start, end, noise
        self.rng = np.random.default_rng(seed)
        self.rate, self.restored = 0.0, 0

    def state(self) -> dict[str, np.ndarray]:
        return {}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        self.restored += 1

    def set_rate(self, rate: float) -> None:
        self.rate = rate

    def train_batch(self, x: object, y: object, weight: object) -> tuple[float, float]:
        share = np.clip(np.log(self.rate / self.start) / np.log(self.end / self.start), 0, 1)
        blown = max(0.0, np.log(self.rate / self.end)) * 3
        return 1.1 - 0.7 * share + blown + self.rng.normal(0, self.noise), 0.5


def rate_for(seed: int, start: float, end: float, noise: float = 0.08, optimiser: str = "adam") -> float:
    net = Falling(start, end, noise, seed)
    found = find_rate(net, [(None, None, None)] * STEPS, optimiser, 1e-3)  # type: ignore[arg-type, list-item]
    assert net.restored == 1
    return found.rate


@pytest.mark.parametrize("seed", range(40))
def test_the_rate_lies_where_the_loss_falls(seed: int) -> None:
    assert 1e-4 <= rate_for(seed, start=3e-5, end=3e-2) <= 3e-3


@pytest.mark.parametrize("seed", range(20))
def test_a_loss_that_never_falls_gives_the_fallback_or_a_sane_rate(seed: int) -> None:
    net = Falling(10.0, 100.0, 0.0, seed)
    assert find_rate(net, [(None, None, None)] * STEPS, "adam", 1e-3).rate == 1e-3  # type: ignore[arg-type, list-item]


def test_plain_descent_may_take_larger_steps_than_adam() -> None:
    rates = {o: np.median([rate_for(s, 1e-3, 0.9, optimiser=o) for s in range(20)]) for o in ("sgd", "adam")}
    assert rates["sgd"] > rates["adam"] == 3e-3


def test_smoothing_is_mild_enough_for_eighty_batches() -> None:
    assert 1 / (1 - SMOOTHING) < STEPS / 10
