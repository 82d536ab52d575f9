"""What counts in a text imply: splits, percentages, confusion tables, quoted epochs."""

from __future__ import annotations

import pytest
from figures import ROTATING, SORTED, reading, readings, run

from valscope.evidence.laws.clips import KERAS
from valscope.evidence.laws.division import cut_off
from valscope.evidence.laws.epochs import best, quoted
from valscope.evidence.laws.noise import above, below, difference, interval
from valscope.evidence.laws.recount import recount
from valscope.evidence.laws.tail import dearest, drawn_at_random, orders, sorted_split, trained_rows
from valscope.evidence.laws.unseen import unseen

COUNTS = (2135, 1472, 760)
WEIGHTS = tuple(4367 / n for n in COUNTS)


def test_keras_trains_the_first_rows() -> None:
    assert trained_rows(4367, 0.3) == 3056
    assert trained_rows(1000, 0.2) == 800
    assert trained_rows(105, 0.1) == 94  # 94.5 is cut off


def test_the_tail_of_sorted_rows_holds_the_last_class_whole() -> None:
    split = sorted_split(COUNTS, (0, 1, 2), 3056)
    assert split.val == (0, 551, 760)
    assert split.untrained == (2,)
    assert split.reachable == 551
    assert split.ceiling == pytest.approx(0.4203, abs=1e-4)
    assert sorted_split(COUNTS, (0, 2, 1), 3056).untrained == ()


def test_all_orders_of_few_classes_two_of_many() -> None:
    assert len(list(orders(3))) == 6
    assert len(list(orders(7))) == 5040
    assert list(orders(8)) == [tuple(range(8)), tuple(range(7, -1, -1))]


def test_the_loss_of_a_class_that_was_never_trained() -> None:
    log = run(SORTED)
    split = sorted_split(COUNTS, (0, 1, 2), 3056)
    law = unseen(log.column("val_loss"), log.column("val_accuracy"), split, WEIGHTS, KERAS.cost)
    assert law is not None
    assert len(law.fits) == 50
    assert (law.limited, law.close) == (49, 27)
    assert law.worst < 0.08
    assert law.accident < 0.01
    assert [round(law.fits[i].law, 4) for i in (15, 8, 20)] == [54.0184, 53.8360, 54.3102]


@pytest.mark.parametrize("order", [(1, 0, 2), (2, 1, 0)])
def test_another_order_does_not_give_the_loss(order: tuple[int, ...]) -> None:
    log = run(SORTED)
    split = sorted_split(COUNTS, order, 3056)
    law = unseen(log.column("val_loss"), log.column("val_accuracy"), split, WEIGHTS, KERAS.cost)
    assert law is None or law.close < 3


def test_a_random_split_could_not_cost_as_much() -> None:
    most = drawn_at_random(COUNTS, 1311)
    assert most[2] == pytest.approx(228 + 6 * 11.5, abs=3)
    assert dearest(most, WEIGHTS, 1311 - 550, KERAS.cost) / 1311 < 40


def test_dearest_takes_the_heaviest_first() -> None:
    assert dearest((10, 5), (1.0, 2.0), 7, 10.0) == pytest.approx(5 * 20 + 2 * 10)


def test_whole_number_division_prints_79_for_74() -> None:
    found = cut_off(478, 648, 79)
    assert found is not None
    assert found.share == pytest.approx(0.7377, abs=1e-4)
    assert cut_off(478, 648, 74) is None  # that is rounding
    assert cut_off(478, 648, 73) is None  # that is cutting off once
    assert cut_off(478, 700, 68) is None  # 478 // 7 is 68 and so is the share


def test_counts_behind_precisions() -> None:
    found = recount((170, 478), readings("0.988", "0.673"), (324, 324))
    assert found is not None
    assert found.right == (168, 322)
    assert found.accuracy == pytest.approx(490 / 648)
    assert found.recall == pytest.approx((168 / 324, 322 / 324))
    assert recount((170, 478), readings("0.988", "0.673"), (320, 328)) is None


def test_which_epoch_a_number_belongs_to() -> None:
    log = run(ROTATING)
    lowest = best(log, "val_loss")
    assert lowest is not None
    assert lowest.epochs == (18,)
    assert lowest.value.text == "0.0648"
    assert quoted(log.column("val_accuracy"), reading("0.9838")) == (12, 19)
    highest = best(log, "val_accuracy")
    assert highest is not None
    assert highest.epochs == (12, 19)
    assert highest.last.text == "0.9724"


def test_an_interval_for_every_accuracy() -> None:
    assert interval(90, 100) == pytest.approx((0.824, 0.951), abs=1e-3)
    assert difference(599, 606, 616).p > 0.1
    assert difference(490, 606, 648).p < 1e-6
    assert below(0, 50, 0.25) == pytest.approx(0.75**50)
    assert above(40, 50, 0.5) < 1e-4
