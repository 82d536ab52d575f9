"""The loop on the toy engine: it learns, stops early, keeps the best epoch, and resumes at any batch."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from valscope.engines.toy import ToyEngine, ToyNet
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Augmentation, ModelSpec, Optimiser, Recipe, Stage
from valscope.run import RunStore
from valscope.training import loop
from valscope.training.loop import Fit
from valscope.training.observer import Silent
from valscope.training.parts import Part, View

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, 300)
IMAGES = RNG.random((300, 16, 16, 3)).astype(np.float32)
IMAGES[np.arange(300), :, LABELS * 5 + 1] += 0.5


def recipe(**changes: object) -> Recipe:
    whole = Recipe(
        "made", ("a", "b", "c"), Preparation(16, 16), model=ModelSpec("toy", dropout=0.3),
        augmentation=Augmentation(shift=0.1), optimiser=Optimiser(rate=0.01), stages=(Stage(6),),
    )  # fmt: skip
    return whole.but(**changes)


class Interrupted(Exception):
    pass


def fit(
    folder: Path, spec: Recipe, kill_at: int | None = None, stop_at: int | None = None
) -> tuple[ToyNet, Fit]:
    """Train in `folder`; raise after `kill_at` batches, as a kill would, or ask to stop after `stop_at`."""
    net = ToyEngine().build(spec, (16, 16, 3))
    net.logits(IMAGES[:1])
    steps = 0

    class Counting(Silent):
        def advance(self, count: int, **numbers: float) -> None:
            nonlocal steps
            steps += bool(numbers)
            if kill_at is not None and steps == kill_at and numbers:
                raise Interrupted

    parts = [Part(lambda i: IMAGES[:210][i], LABELS[:210]), Part(lambda i: IMAGES[210:][i], LABELS[210:])]
    done = Fit(
        net, spec, lambda stage: View(net, *parts), RunStore(folder), Counting(),
        lambda: stop_at is not None and steps >= stop_at,
    )  # fmt: skip
    done.run()
    return net, done


def test_it_learns_and_keeps_the_best_epoch(tmp_path: Path) -> None:
    net, done = fit(tmp_path, recipe(stages=(Stage(15),)))
    accuracy = (net.logits(IMAGES[210:]).argmax(1) == LABELS[210:]).mean()
    assert accuracy > 0.9
    assert done.at.finished
    assert accuracy == done.right[done.at.best_epoch].mean()


@pytest.mark.slow
@pytest.mark.parametrize("kill_at", [1, 3, 7, 8, 20, 33, 42])
def test_a_kill_at_any_batch_changes_no_number(
    tmp_path: Path, kill_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    whole, _ = fit(tmp_path / "whole", recipe())
    with pytest.raises(Interrupted):
        fit(tmp_path / "killed", recipe(), kill_at=kill_at)
    resumed, _ = fit(tmp_path / "killed", recipe())
    for name, values in whole.weights().items():
        assert (resumed.weights()[name] == values).all(), name
    assert numbers(tmp_path / "whole") == numbers(tmp_path / "killed")


def test_a_stop_leaves_the_best_weights_and_can_be_continued(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    whole, _ = fit(tmp_path / "whole", recipe())
    _, stopped = fit(tmp_path, recipe(), stop_at=17)
    assert not stopped.at.finished
    assert stopped.at.epoch == 2
    resumed, done = fit(tmp_path, recipe())
    assert done.at.finished
    assert all((resumed.weights()[k] == v).all() for k, v in whole.weights().items())


def test_training_ends_when_the_validation_loss_no_longer_falls(tmp_path: Path) -> None:
    _, done = fit(tmp_path, recipe(stages=(Stage(200, patience=3),), optimiser=Optimiser(rate=0.05)))
    assert done.at.epoch < 200
    losses = [json.loads(line)["val_loss"] for line in (tmp_path / "history.jsonl").read_text().splitlines()]
    assert min(losses[-4:]) > min(losses[:-4]) - loop.WORTH_WAITING


def numbers(folder: Path) -> list[list[str]]:
    """The history without its seconds."""
    lines = (folder / "history.jsonl").read_text().splitlines()
    return [[part for part in line.split(", ") if "seconds" not in part] for line in lines]
