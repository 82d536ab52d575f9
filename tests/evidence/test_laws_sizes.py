"""How many images were scored, from the digits of accuracies."""

from __future__ import annotations

import random

import pytest
from figures import ONE_ANSWER, ROTATING, SMALL, SORTED, reading, readings, run

from valscope.evidence.laws.digits import bounds, decimals, numerator, numerators
from valscope.evidence.laws.rotation import rotation
from valscope.evidence.laws.sizes import sizes


def test_a_printed_number_stands_for_an_interval() -> None:
    low, high = bounds(reading("0.9107"))
    assert low == pytest.approx(0.91065, abs=1e-6)
    assert high == pytest.approx(0.91075, abs=1e-6)
    assert decimals(reading("0.9107")) == 4
    assert decimals(reading("0.98")) == 2
    assert decimals(reading("1.2e-04")) == 5


def test_numerators_are_the_counts_that_print_alike() -> None:
    assert numerator(reading("0.5335"), 1224) == 653
    assert numerator(reading("0.5335"), 1225) is None
    assert list(numerators(reading("0.54"), 1000)) == list(range(535, 546))
    assert numerator(reading("0.5312"), 32) == numerator(reading("0.5313"), 32) == 17  # 0.53125 exactly


def test_four_accuracies_leave_one_size() -> None:
    found = sizes(run(ONE_ANSWER).column("val_accuracy"))
    assert found is not None
    assert (found.n, found.readings) == (1224, 4)
    assert found.alone_up_to == 2389
    assert 0.01 < found.accident < 0.1  # four figures are few: one in twenty would name a wrong size


def test_many_accuracies_make_accident_impossible() -> None:
    found = sizes(run(SORTED).column("val_accuracy"))
    assert found is not None
    assert found.n == 1311
    assert found.accident < 1e-12


def test_a_size_that_changes_between_epochs_fits_no_single_n() -> None:
    found = sizes(run(ROTATING).column("val_accuracy"), limit=2000)
    assert found is not None
    assert found.fits == ()
    assert found.n is None


def test_zero_and_one_tell_nothing() -> None:
    assert sizes(readings("1.0000", "0.0000")) is None
    assert sizes(()) is None


@pytest.mark.slow
@pytest.mark.parametrize("digits", [3, 4, 5])
def test_the_true_size_always_fits(digits: int) -> None:
    rng = random.Random(digits)
    for _ in range(100):
        n = rng.randint(20, 5000)
        column = readings(*(f"{rng.randint(0, n) / n:.{digits}f}" for _ in range(12)))
        found = sizes(column)
        assert found is None or n > found.tried or n in found.fits


def test_twenty_of_twenty_one_batches() -> None:
    found = rotation(run(ROTATING).column("val_accuracy"), 648, 32)
    assert found is not None
    assert (found.steps, found.batches) == (20, 21)
    assert found.sizes == (640, 616)
    assert found.epochs(640) == (1, 22)
    assert len(found.epochs(616)) == 30
    assert found.foretold
    assert found.refuted == 31
    assert found.tried == 21
    assert found.accident < 1e-6


def test_rotation_is_silent_where_all_images_were_scored() -> None:
    assert rotation(run(SMALL).column("val_accuracy"), 320, 32) is None
    assert rotation(run(SORTED).column("val_accuracy"), 1311, 32) is None


def test_rotation_is_silent_when_a_score_is_changed() -> None:
    column = list(run(ROTATING).column("val_accuracy"))
    column[4] = reading("0.9433")
    assert rotation(column, 648, 32) is None


def test_unweighted_batch_means_are_no_missing_images() -> None:
    rng = random.Random(3)
    column = []
    for _ in range(12):
        right = [rng.randint(24, 32) / 32 for _ in range(20)] + [rng.randint(5, 8) / 8]
        column.append(reading(f"{sum(right) / 21:.4f}"))
    assert rotation(column, 648, 32) is None
