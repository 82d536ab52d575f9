"""What a log shows by itself, though no code, data or sentence tells how many classes there are."""

from __future__ import annotations

import pytest

from valscope.case import Case
from valscope.case.inputs import Given
from valscope.diagnosis import diagnose
from valscope.nouns.finding import Finding
from valscope.worlds.logs import Row, log

# BatchNorm whose statistics never arrive: ten classes, 250 validated images.
MODE = [
    (2.6132, 0.1967, 2.2970, 25), (1.5869, 0.4511, 2.2948, 25), (1.1613, 0.6089, 2.2956, 38), (0.8956, 0.7267, 2.2976, 25),
    (0.7589, 0.7789, 2.3031, 33), (0.5929, 0.8589, 2.3085, 25), (0.5220, 0.8900, 2.3148, 29), (0.4317, 0.9178, 2.3185, 25),
]  # fmt: skip
# Labels apart from their images: two classes, 150 validated images.
APART = [
    (0.7273, 0.5111, 0.6934, 72), (0.6933, 0.4800, 0.6941, 74), (0.6904, 0.5711, 0.6934, 78), (0.6837, 0.6044, 0.6946, 71),
    (0.6814, 0.5667, 0.7011, 72), (0.6696, 0.6200, 0.7068, 73), (0.6604, 0.6044, 0.7276, 75), (0.6504, 0.6044, 0.7206, 73),
    (0.6277, 0.6422, 0.7717, 70), (0.6255, 0.6689, 0.7311, 67), (0.6128, 0.6778, 0.7515, 71), (0.5996, 0.6622, 0.7654, 71),
]  # fmt: skip
# Rows class by class behind a small buffer: four classes, 240 validated images.
IN_ORDER = [
    (1.6274, 0.2250, 1.3863, 60), (1.3889, 0.2500, 1.3863, 60), (1.3700, 0.3604, 1.5106, 59), (1.5211, 0.1562, 1.3862, 60),
    (1.4539, 0.2125, 1.3867, 61), (1.4028, 0.1615, 1.3850, 60), (1.4019, 0.0573, 1.3849, 94), (1.4085, 0.2125, 1.3862, 60),
    (1.3883, 0.0708, 1.3862, 62), (1.3880, 0.1000, 1.3854, 87), (1.3886, 0.0812, 1.3861, 65), (1.4018, 0.1531, 1.3800, 59),
]  # fmt: skip


def told(rows: list[tuple[float, float, float, int]], n: int) -> list[Finding]:
    made: list[Row] = [(a, b, c, k / n) for a, b, c, k in rows]
    case = Case((Given("train.log", "text", content=log(made, form="keras3").encode()),))
    return [f for f in diagnose(case).findings if not f.minor]


@pytest.mark.parametrize(
    ("rows", "n", "classes", "learned"), [(MODE, 250, 10, "88.9%"), (APART, 150, 2, "67.0%")]
)
def test_a_validation_that_never_leaves_the_guess_is_told_without_the_number_of_classes(
    rows: list[tuple[float, float, float, int]], n: int, classes: int, learned: str
) -> None:
    (finding,) = told(rows, n)
    assert (finding.code, finding.verdict) == ("L209", "SUSPECTED")
    assert f"learned to {learned}" in finding.claim
    assert f"ln {classes} is" in finding.claim


def test_a_training_worse_than_guessing_points_at_the_order_of_the_images() -> None:
    (finding,) = told(IN_ORDER, 240)
    assert (finding.code, finding.numbers["classes"]) == ("L201", 4)
    assert "17.0% on average, less than guessing" in finding.claim
    assert "Shuffle" in finding.remedy


def test_a_training_that_stays_at_the_guess_says_nothing_of_order() -> None:
    rows = [(a, 0.25 + 0.01 * (i % 3 - 1), c, k) for i, (a, _, c, k) in enumerate(IN_ORDER)]
    (finding,) = told(rows, 240)
    assert finding.code == "L201"
    assert "less than guessing" not in finding.claim


def test_many_classes_learned_a_little_are_no_guess() -> None:
    """15 % of a hundred classes; the best val_loss, 3.9, names 49 classes, and of those 15 % is no guess."""
    rows = [(4.4 - 0.5 * i, 0.1 + 0.1 * i, 3.9 + 0.1 * i, 36 + i) for i in range(8)]
    assert not [f for f in told(rows, 250) if f.code in ("L201", "L209")]


def test_a_validation_that_was_better_once_is_none_of_these() -> None:
    """The same training; in three epochs validation knew more than guessing."""
    better = [
        (a, b, c - 0.25 if i in (2, 3, 4) else c, k + 60 * (i in (2, 3, 4)))
        for i, (a, b, c, k) in enumerate(MODE)
    ]
    assert not [f for f in told(better, 250) if f.code in ("L201", "L209")]


def test_a_slight_gap_of_few_epochs_is_chance() -> None:
    assert not told(APART[:9], 150)


def test_a_slow_beginning_is_no_standstill() -> None:
    """Losses that hold ln K for nine epochs and then fall."""
    rows = [*IN_ORDER[:9], (1.30, 0.35, 1.31, 90), (1.15, 0.45, 1.18, 110), (1.0, 0.55, 1.05, 130)]
    assert not [f for f in told(rows, 240) if f.code in ("L201", "L209")]
