"""A saved model's two ways of normalising are held against each other on images that did not train."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from valscope.lab import modes
from valscope.lab.unseen import FEWEST, MAY_KNOW
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.training import Serving
from valscope.nouns.trial import Trial

TRAINED = 150


def scored(folder: Path, monkeypatch: pytest.MonkeyPatch, held: int, parts: bool) -> Trial:
    """The trial of a model that has all images right with batch statistics, and with stored ones those of training."""
    made = {}
    for part, n in (("train", TRAINED), ("val", held)):
        made[f"x_{part}"] = np.zeros((n, 8, 8, 3), np.uint8) + (part == "train")
        made[f"y_{part}"] = np.arange(n) % 2
    if not parts:
        made = {"x": np.concatenate([made["x_train"], made["x_val"]]),
                "y": np.concatenate([made["y_train"], made["y_val"]])}  # fmt: skip
    np.savez(folder / "data.npz", **made)
    monkeypatch.setattr(
        modes, "open_served", lambda *a, **k: SimpleNamespace(about=SimpleNamespace(modes=("batch",)))
    )

    def outputs(served: Any, images: Any, pipeline: Pipeline, rows: Any) -> Any:
        labels = images.labels[rows]
        trained = images.dataset.content.values[rows][:, 0, 0, 0] == 1
        right = trained | (pipeline.mode == "batch")
        return np.eye(2)[np.where(right, labels, 1 - labels)]

    monkeypatch.setattr(modes, "pipeline_outputs", outputs)
    serving = Serving("m.keras", str(folder / "data.npz"), Pipeline(Preparation(8, 8)))
    trial = modes.modes_trial(serving, "T104", "BatchNorm")
    assert trial is not None
    return trial


def test_images_that_trained_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = scored(tmp_path, monkeypatch, held=60, parts=True)
    assert (trial.n, trial.control.mean, trial.treated.mean) == (60, 0.0, 1.0)
    assert trial.words.startswith("0.0 % of 60 images that did not train with stored statistics, 100.0 %")
    assert MAY_KNOW not in trial.assumed


@pytest.mark.parametrize(("held", "parts"), [(60, False), (FEWEST - 2, True)])
def test_where_nothing_tells_them_apart_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int, parts: bool
) -> None:
    trial = scored(tmp_path, monkeypatch, held, parts)
    assert trial.n == TRAINED + held
    assert f"% of {trial.n} images with stored statistics" in trial.words
    assert MAY_KNOW in trial.assumed
