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
from valscope.nouns.training import Reported, Training
from valscope.rules import nothing_learnable, too_little_data
from valscope.training.observer import Silent
from valscope.worlds import World, write


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


def test_nothing_is_grown_before_a_trial_has_told_the_pace(tmp_path: Path) -> None:
    assert list(too_little_data.measure(bench_of(too_little_data.sick(), tmp_path))) == []


def test_where_nothing_is_learned_the_number_of_images_tells_nothing(tmp_path: Path) -> None:
    bench = bench_of(nothing_learnable.sick(), tmp_path)
    bench.settle(4)
    (said,) = too_little_data.measure(bench)
    assert isinstance(said, NotChecked) and "nothing is learned" in said.reason
