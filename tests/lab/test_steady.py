"""When a pair gets more seeds: where three do not decide although there is something to decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from valscope.diagnosis.court import _steady
from valscope.lab.arms import Contrast
from valscope.lab.design import Pair, Suspect
from valscope.training.observer import Silent

SURE = Contrast(200, 0.10, 0.02, 0.18, 8, 28, 1e-4, 0.03, 0.02, True)
CASES = [
    (SURE, False),
    (replace(SURE, low=-0.01), True),  # beyond doubt on the images, and three seeds leave a wide interval
    (replace(SURE, low=-0.01, p=0.2), False),  # nothing to decide
    (replace(SURE, low=-0.01, mean=0.03), False),  # too little to be worth it
    (replace(SURE, low=-0.2, p=0.2, noise=0.3, apart=False), True),  # one seed is ruined
    (replace(SURE, mean=-0.10, low=-0.2, p=1e-4), False),  # surely no remedy
]


class Bench:
    """Counts what it is asked to repeat."""

    seeds, observer = 3, Silent()

    def __init__(self, time: bool) -> None:
        self.time = time
        self.asked: list[int | None] = []

    def affords(self, arms: int) -> bool:
        assert arms == 2
        return self.time

    def repetitions(self, recipe: str, seeds: int | None = None) -> list[None]:
        self.asked.append(seeds)
        return [None] * (seeds or 3)


@pytest.mark.parametrize(("found", "more"), CASES)
@pytest.mark.parametrize("time", [True, False])
def test_more_seeds_where_three_do_not_decide(found: Contrast, more: bool, time: bool) -> None:
    bench: Any = Bench(time)
    suspect: Suspect[str] = Suspect("G101", "overfitting", lambda x: x)
    _steady(bench, Pair(suspect, "with it", "mended", found, ()))  # type: ignore[arg-type]
    assert bench.asked.count(6) == (2 if more and time else 0)
