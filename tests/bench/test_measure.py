"""What the table of timings says: medians of pairs, turns that are really taken in turn."""

from __future__ import annotations

import time

import pytest

from bench import measure
from bench.measure import Clock, Row, Spent, compare
from bench.page import page
from bench.relay import Turn, relay


def spent(*walls: float) -> list[Spent]:
    return [Spent(wall, 2 * wall) for wall in walls]


def test_a_ratio_is_the_median_of_pairs_and_not_the_ratio_of_medians() -> None:
    row = compare("x", "y", spent(1, 1, 10), spent(2, 3, 5), goal=2.0)
    assert (row.ratio, row.low, row.high, row.pairs) == (2.0, 0.5, 3.0, 3)
    assert row.cpu == 2.0 and row.met
    assert not compare("x", "y", spent(1, 1, 10), spent(2, 1.9, 5), goal=2.0).met


def test_a_clock_adds_stretches_of_the_same_name_and_leaves_out_what_lies_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    for at, name in ((0, "work"), (3, "rest"), (4, "work"), (9, ""), (50, "work"), (51, "")):
        monkeypatch.setattr(measure, "now", lambda at=at: Spent(at, 2 * at))
        clock.start(name) if name else clock.stop()
    assert clock.spent == {"work": Spent(3 + 5 + 1, 18), "rest": Spent(1, 2)}
    assert clock.sum("work", "rest") == Spent(10, 20)


def test_contenders_take_turns_and_never_run_at_once() -> None:
    told: list[str] = []

    def contender(name: str, laps: int):
        def run(turn: Turn) -> None:
            for lap in range(laps):
                turn.clock.start(f"lap {lap}") if lap == 0 else turn.done(f"lap {lap}")
                told.append(name)
                time.sleep(0.01)

        return run

    clocks = relay({"a": contender("a", 3), "b": contender("b", 2)})
    assert told == ["a", "b", "a", "b", "a"]
    assert set(clocks["a"].spent) == {"lap 0", "lap 1", "lap 2"}
    assert all(s.wall >= 0.01 for s in clocks["a"].spent.values())
    told.clear()
    relay({"a": contender("a", 1), "b": contender("b", 1)}, backwards=True)
    assert told == ["b", "a"]


def test_a_contender_that_fails_ends_the_relay_with_its_error() -> None:
    def fails(turn: Turn) -> None:
        raise ValueError("no images")

    with pytest.raises(ValueError, match="no images"):
        relay({"a": fails, "b": lambda turn: turn.done("next")})


def test_the_page_says_what_was_missed() -> None:
    rows = [
        Row("fast", "slow", 1.0, 3.0, 3.0, 2.5, 3.5, 3, 2.9, 2.0),
        Row("late", "slow", 1.0, 1.1, 1.1, 0.9, 1.2, 3, 1.1, 1.5),
        Row("looking", "", 0.5, float("nan"), float("nan"), 0.4, 0.6, 3),
    ]
    text = page({"training": rows}, {"date": "2030-01-01", "machine": "m", "versions": "v"}, 0.2)
    assert "| fast | slow | 1.00 s | 3.00 s | **3.00** | 2.50, 3.50 (3 pairs) | 2.90 | 2: met |" in text
    assert "1.5: **missed**" in text and "* looking: 0.50 s (0.40 to 0.60)" in text
    assert "others were using" not in text
