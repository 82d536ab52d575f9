"""What loss and accuracy say of one another."""

from __future__ import annotations

import math

import pytest
from figures import CHANCE, ONE_ANSWER, RETYPED, ROTATING, SMALL, SORTED, reading, readings, run

from valscope.evidence.laws import bounds
from valscope.evidence.laws.chance import entropy, prior
from valscope.evidence.laws.clips import KERAS
from valscope.evidence.laws.constant import class_shares, frozen, two_sided
from valscope.evidence.laws.copies import shared
from valscope.evidence.laws.elementwise import nothing_above_half, per_image, related
from valscope.evidence.laws.phase import phase
from valscope.evidence.laws.saturated import saturation


def test_a_saturated_binary_output_costs_the_clip() -> None:
    # TensorFlow 2: sigmoid stuck at 1, 50.00 % and 47.30 % of the labels are 0
    found = saturation(readings("7.6666", "8.0806"), readings("0.5000", "0.4730"))
    assert found is not None
    assert found.exact == found.pairs == 2
    assert found.clip.cost == pytest.approx(15.3332, abs=1e-4)
    assert found.accident < 0.01


def test_the_float32_side_of_the_clip_is_told_apart() -> None:
    found = saturation(readings("7.9712", "8.7683"), readings("0.5000", "0.4500"))
    assert found is not None
    assert found.clip.cost == pytest.approx(15.9424, abs=1e-4)
    assert found.exact == 2


def test_an_honest_log_is_not_saturated() -> None:
    for table in (ROTATING, SMALL):
        found = saturation(run(table).column("val_loss"), run(table).column("val_accuracy"))
        assert found is not None
        assert found.exact == 0


def test_a_loss_beyond_what_its_accuracy_can_cost() -> None:
    log = run(ONE_ANSWER)
    over = bounds.over(log.column("val_loss"), log.column("val_accuracy"), KERAS.cost, 2)
    assert [b.epoch + 1 for b in over] == [1, 2, 3, 4, 6]
    third = over[2]
    assert third.limit == pytest.approx(8.94, abs=0.01)
    trained = bounds.over(log.column("loss"), log.column("accuracy"), KERAS.cost, 2)
    assert trained[0].epoch == 1
    assert trained[0].limit == pytest.approx(7.01, abs=0.01)


def test_an_honest_loss_is_within_its_bounds() -> None:
    log = run(ROTATING)
    for part in ("", "val_"):
        columns = log.column(f"{part}loss"), log.column(f"{part}accuracy")
        assert bounds.over(*columns, KERAS.cost, 2) == ()
        assert bounds.under(*columns) == ()


def test_wrong_answers_cost_at_least_ln_two() -> None:
    found = bounds.under(readings("0.2500", "0.3600"), readings("0.5000", "0.5000"))
    assert [b.epoch for b in found] == [0]
    assert found[0].limit == pytest.approx(0.5 * math.log(2), abs=1e-4)


def test_nothing_learned_sits_on_ln_k_and_one_over_k() -> None:
    log = run(CHANCE)
    found = prior(log.column("val_loss"), log.column("val_accuracy"), n=320)
    assert found is not None
    assert found.classes == 4
    assert found.entropy == pytest.approx(math.log(4))


def test_ln_four_at_98_percent_is_no_chance_level() -> None:
    log = run(RETYPED)
    assert prior(log.column("val_loss"), log.column("val_accuracy")) is None


def test_the_prior_of_unequal_classes_is_their_entropy() -> None:
    assert entropy((90, 10)) == pytest.approx(0.3251, abs=1e-4)
    losses, scores = (
        readings("0.3300", "0.3260", "0.3251", "0.3252"),
        readings("0.9000", "0.9000", "0.9000", "0.9000"),
    )
    found = prior(losses, scores, shares=(90, 10), n=400)
    assert found is not None
    assert found.share == pytest.approx(0.9)
    assert prior(losses, scores) is None  # unknown shares: nothing to hold it against


def test_one_answer_for_everything_scores_p_or_its_complement() -> None:
    found = two_sided(run(ONE_ANSWER).column("val_accuracy"))
    assert found is not None
    assert found.p == pytest.approx(0.5347, abs=1e-3)
    assert two_sided(run(ROTATING).column("val_accuracy")) is None
    assert two_sided(readings("0.4800", "0.5100", "0.5300", "0.4900")) is None


def test_a_score_that_never_moves() -> None:
    found = frozen(readings("0.3333", "0.3333", "0.3333", "0.3333"))
    assert found is not None
    assert found.p == 0.3333
    assert frozen(readings("1.0000", "1.0000", "1.0000", "1.0000")) is None
    assert frozen(readings("0.3333", "0.3333", "0.3333", "0.3334")) is None


def test_scores_that_are_class_shares() -> None:
    column = readings("0.3500", "0.3500", "0.4000", "0.2500", "0.3500")
    found = class_shares(column, (140, 160, 100))
    assert found is not None
    assert found.p == 0.35
    assert class_shares(readings("0.3500", "0.3500", "0.4025", "0.2500"), (140, 160, 100)) is None


def test_a_log_with_other_accuracies_typed_in() -> None:
    found = shared(run(CHANCE), run(RETYPED))
    assert found is not None
    assert found.equal == ("loss", "val_loss")
    assert found.differ == ("accuracy", "val_accuracy")
    assert found.coarser == 1
    assert found.complete
    assert len(found.lines) == 4
    assert found.accident < 1e-20


def test_a_log_quoted_twice_is_no_copy() -> None:
    assert shared(run(CHANCE), run(CHANCE)) is None
    assert shared(run(CHANCE), run(SMALL)) is None


def test_a_line_that_differs_leaves_the_copy_incomplete() -> None:
    found = shared(run(CHANCE), run(RETYPED.replace("1.3829", "1.3828")))
    assert found is not None
    assert not found.complete
    assert shared(run(CHANCE), run(RETYPED.replace("1.38", "1.37"))) is None


def test_elementwise_accuracy() -> None:
    assert per_image(0.98, 10) == pytest.approx(0.90)
    assert nothing_above_half(10) == pytest.approx(0.9)
    assert related(readings("0.9800", "0.9700", "0.9900"), readings("0.9000", "0.8500", "0.9500"), 10)
    assert not related(readings("0.9000", "0.8500", "0.9500"), readings("0.9000", "0.8500", "0.9500"), 10)


def test_overfitting_needs_a_good_phase_first() -> None:
    sick = phase(run(SORTED).column("val_loss"), 3)
    assert sick is not None
    assert sick.ratio == pytest.approx(48.9, abs=0.1)
    assert not sick.good
    small = phase(run(SMALL).column("val_loss"), 2)
    assert small is not None
    assert small.good
    assert small.epoch == 0
    assert small.rise == pytest.approx(1.373, abs=1e-3)
    assert phase((), 2) is None
    assert phase((reading("0.1"), None), 2) is not None
