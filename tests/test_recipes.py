"""The trainings of the five published reports are recipes that can be run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from valscope.codec import from_plain, to_plain
from valscope.nouns.recipe import Recipe, Stage
from valscope.recipes import CASES


@pytest.mark.parametrize("name", CASES)
def test_a_recipe_survives_json(name: str) -> None:
    recipe = CASES[name]("photos", ("a", "b", "c"))
    assert from_plain(Recipe, to_plain(recipe)) == recipe


def data_for(name: str, folder: Path) -> object:
    """Small data of the form that the report had: vectors for case 0, folders with parts for the others."""
    from PIL import Image

    rng = np.random.default_rng(0)
    classes = 3 if name in ("case0", "case3") else 2
    if name == "case0":
        labels = np.repeat([0, 1, 2], [30, 20, 10])
        return rng.normal(size=(60, 50)).astype(np.float32) + labels[:, None], labels
    parts = ("train", "validation") if name in ("case1", "case3") else ("",)
    for part in parts:
        for c in range(classes):
            where = folder / part / f"class{c}"
            where.mkdir(parents=True)
            for i in range(12):
                pixels = rng.integers(0, 60, (40, 30, 3)) + 60 * c
                Image.fromarray(pixels.astype(np.uint8)).save(where / f"{part}{c}_{i}.png")
    return folder


@pytest.mark.keras
@pytest.mark.parametrize("name", CASES)
def test_a_case_can_be_trained(name: str, tmp_path: Path) -> None:
    from valscope.training.train import train

    def short(data: str, classes: tuple[str, ...]) -> Recipe:
        recipe = CASES[name](data, classes)
        preparation = recipe.preparation
        if preparation is not None and name not in ("case1",):
            preparation = preparation.but(height=64, width=64)
        model = (
            recipe.model
            if recipe.model.weights == "none"
            else type(recipe.model)(**{**to_plain(recipe.model), "weights": "none"})
        )
        return recipe.but(preparation=preparation, model=model, stages=(Stage(1, recipe.stages[0].trains),))

    run = train(data_for(name, tmp_path / "data"), tmp_path / "run", recipe=short)
    assert run.status == "finished"
    assert run.result.scores.n > 0
    assert run.net.logits(
        run.inputs(
            np.zeros((1, *(run.recipe.preparation.shape if run.recipe.preparation else (50,))), np.uint8)
        )
    ).shape == (1, len(run.classes))
