"""A training of which no number was given is run once."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.diagnosis import diagnose, faults
from valscope.diagnosis.settings import Settings
from valscope.nouns.finding import Diagnosis
from valscope.nouns.recipe import Optimiser
from valscope.worlds import World, draw, trainings, write

UNLOGGED = ("recipe.json", "data.npz")


def tried(folder: Path, trials: str = "full", budget: float = 120, **changes: object) -> Diagnosis:
    images = draw.blobs(0)
    world = World({}, trainings.recipe(images).but(**changes), images, products=UNLOGGED)
    paths = [str(p) for p in write(world, folder)]
    return diagnose(open_case(paths), Settings(trials, budget))  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_fault_is_tried_without_a_log(tmp_path: Path) -> None:
    found = tried(tmp_path, optimiser=Optimiser("adam", rate=0.5))
    assert [f.code for f in faults(found) if not f.minor] == ["T101"]
    assert any(line.startswith("No log was given: the training was run once") for line in found.assumed)


@pytest.mark.slow
def test_a_sound_training_is_told_with_its_numbers(tmp_path: Path) -> None:
    found = tried(tmp_path)
    assert faults(found) == ()
    (said,) = [a for a in found.acquitted if a.suspect == "the training as it stands"]
    assert "run once, for no log was given: 100.0% in training" in said.claim


@pytest.mark.parametrize("trials", ["none", "cheap"])
def test_nothing_is_trained_where_nothing_may_be(trials: str, tmp_path: Path) -> None:
    found = tried(tmp_path, trials, optimiser=Optimiser("adam", rate=0.5))
    assert not any("run once" in line for line in found.assumed)
    assert faults(found) == ()


@pytest.mark.slow
def test_a_training_that_takes_too_long_is_not_begun(tmp_path: Path) -> None:
    found = tried(tmp_path, budget=0.01, optimiser=Optimiser("adam", rate=0.5))
    assert any(
        n.name == "the training as it stands" and "no log was given" in n.reason for n in found.not_checked
    )
