"""Rules that speak only from an experiment of their own: on their sick worlds, on healthy ones, on the toy engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.lab.bench import Bench
from valscope.lab.keep import Keep
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Finding, NotChecked
from valscope.nouns.recipe import Optimiser
from valscope.nouns.training import Reported, Training
from valscope.rules import fed_otherwise, nothing_learnable, too_little_data
from valscope.training.observer import Silent
from valscope.worlds import World, draw, spoil, trainings, write


def bench_of(world: World, folder: Path) -> Bench:
    case = open_case([str(p) for p in write(world, folder / "handed")])
    training = case.training
    assert isinstance(training, Training), training
    return Bench(training, None, Silent(), keep=Keep(folder / "kept"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_labels_that_were_shuffled_cannot_be_learned(seed: int, tmp_path: Path) -> None:
    bench = bench_of(nothing_learnable.sick(seed), tmp_path)
    assert bench.training is not None
    unknown, chance, better = (reported(bench.training, right) for right in (None, 27, 50))
    bench.training = unknown
    (finding,) = nothing_learnable.measure(bench)
    assert isinstance(finding, Finding)
    assert finding.verdict == "SUSPECTED"  # the probe alone
    assert finding.trial is not None
    assert finding.trial.kind == "null"
    bench.training = chance
    (finding,) = nothing_learnable.measure(bench)
    assert isinstance(finding, Finding)
    assert finding.verdict == "CONFIRMED"
    assert "would have seen anything above" in finding.claim
    bench.training = better
    (said,) = nothing_learnable.measure(bench)
    assert isinstance(said, Acquittal)  # somebody learned what the probe did not


def reported(training: Training, right: int | None) -> Training:
    """The same training whose user saw so many of 54 validated images right."""
    if right is None:
        return replace(training, reported=())
    return replace(training, reported=(Reported("val", right / 54, Source("log"), 54),))


@pytest.mark.parametrize("seed", [0, 1])
def test_labels_that_belong_are_acquitted(seed: int, tmp_path: Path) -> None:
    (said,) = nothing_learnable.measure(bench_of(nothing_learnable.healthy(seed), tmp_path))
    assert isinstance(said, Acquittal)
    assert "belong to the images" in said.claim


@pytest.mark.slow
def test_the_last_doubling_tells_whether_more_images_help(tmp_path: Path) -> None:
    few = bench_of(too_little_data.sick(), tmp_path / "few")
    few.settle(4)
    (finding,) = too_little_data.measure(few)
    assert isinstance(finding, Finding)
    assert finding.numbers["gain"] > 0.01
    enough = bench_of(too_little_data.healthy(), tmp_path / "enough")
    enough.settle(4)
    (said,) = too_little_data.measure(enough)
    assert isinstance(said, Acquittal)
    assert "are left to gain" in said.claim


@pytest.mark.slow
def test_wrong_labels_leave_much_that_no_images_gain(tmp_path: Path) -> None:
    images = spoil.mislabelled(draw.vectors(0, (900, 900), size=8, apart=9), 0.15)
    slow = trainings.recipe(images, epochs=15).but(optimiser=Optimiser("adam", rate=3e-3))
    bench = bench_of(World({}, slow, images), tmp_path)
    bench.settle(4)
    (said,) = too_little_data.measure(bench)
    assert isinstance(said, Acquittal)
    assert "the last doubling gained" in said.claim


def test_nothing_is_grown_before_a_trial_has_told_the_pace(tmp_path: Path) -> None:
    assert list(too_little_data.measure(bench_of(too_little_data.sick(), tmp_path))) == []


@pytest.mark.slow
def test_where_nothing_is_learned_the_number_of_images_tells_nothing(tmp_path: Path) -> None:
    bench = bench_of(nothing_learnable.sick(), tmp_path)
    bench.settle(4)
    (said,) = too_little_data.measure(bench)
    assert isinstance(said, NotChecked) and "nothing is learned" in said.reason


@pytest.mark.slow
def test_a_repetition_that_learns_what_the_log_does_not_points_at_the_program_s_own_feeding(
    tmp_path: Path,
) -> None:
    (finding,) = fed_otherwise.measure(bench_of(fed_otherwise.sick(), tmp_path))
    assert isinstance(finding, Finding)
    assert finding.verdict == "SUSPECTED"  # nothing was mended
    assert finding.numbers["least"] > finding.numbers["reported"] + 0.1  # type: ignore[operator]
    assert "no setting is the cause" in finding.claim and "3 seeds" in finding.claim


@pytest.mark.slow
def test_a_repetition_that_shows_the_log_s_number_accuses_nobody(tmp_path: Path) -> None:
    assert list(fed_otherwise.measure(bench_of(fed_otherwise.healthy(), tmp_path))) == []


@pytest.mark.slow
def test_a_log_whose_best_epoch_knew_as_much_only_stopped_badly(tmp_path: Path) -> None:
    bench = bench_of(fed_otherwise.sick(), tmp_path)
    assert bench.training is not None
    good = replace(
        bench.training.reported[-1], part="val", curve=(0.3, 0.97, bench.training.reported[-1].value)
    )
    bench.training = replace(bench.training, reported=(good,))
    assert list(fed_otherwise.measure(bench)) == []
