"""Recipes and runs of valscope itself say everything."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import valscope
from tests.rebuild.given import arrays, photos
from valscope.case import open_case
from valscope.case.inputs import kind
from valscope.codec import to_json
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import ModelSpec, Optimiser, Recipe, Split, Stage
from valscope.nouns.training import Serving, Training

RECIPE = Recipe(
    "data.npz", ("a", "b"), Preparation(12, 12), ModelSpec("toy"), Split("tail", 0.25, 0.0, "none"),
    optimiser=Optimiser(rate=0.01), stages=(Stage(2),),
)  # fmt: skip


def test_a_recipe_beside_its_data(tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_text(to_json(RECIPE))
    data = arrays(tmp_path / "data.npz", classes=2)
    made = open_case([str(tmp_path / "recipe.json"), str(data)]).training
    assert isinstance(made, Training)
    assert made.recipe == RECIPE.but(data=str(data)) and (made.engine, made.origin, made.assumed) == (
        "toy",
        "recipe",
        (),
    )
    alone = open_case([str(tmp_path / "recipe.json")]).training
    assert isinstance(alone, Training) and Path(alone.data) == data


def test_a_recipe_whose_data_are_gone(tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_text(to_json(RECIPE))
    found = open_case([str(tmp_path / "recipe.json")]).training
    assert not found and "data.npz" in found.reason and "folder of images" in found.would_settle


def test_a_damaged_recipe_gets_a_sentence(tmp_path: Path) -> None:
    text = to_json(RECIPE).replace('"tail"', '"sideways"')
    (tmp_path / "recipe.json").write_text(text)
    found = open_case([str(tmp_path / "recipe.json"), str(arrays(tmp_path / "data.npz"))]).training
    assert not found and "split.kind must be one of" in found.reason


def test_a_run_folder_is_a_recipe_with_its_log_and_its_use(tmp_path: Path) -> None:
    data = photos(tmp_path / "photos", each=12)
    run = valscope.train(
        str(data),
        tmp_path / "run",
        recipe=RECIPE.but(split=Split("stratified", 0.25, 0.0, "none")),
        engine="toy",
    )
    case = open_case([str(run.folder)])
    made, served = case.training, case.serving
    assert isinstance(made, Training) and (made.engine, made.data) == ("toy", str(data))
    rows = run.history()
    assert [(r.part, round(r.value, 6)) for r in made.reported] == [
        ("val", round(rows[-1]["val_accuracy"], 6)), ("train", round(rows[-1]["accuracy"], 6)),
    ]  # fmt: skip
    assert len(case.runs) == 1 and len(case.runs[0].epochs) == 2
    assert not served  # the data of the run were not given as labelled images
    served = open_case([str(run.folder), str(data)]).serving
    assert isinstance(served, Serving) and served.trained.preparation == run.recipe.preparation


def test_tables_of_files_are_data_and_tables_of_numbers_are_logs(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("filename,label\na/1.jpg,cat\na/2.jpg,dog\n")
    (tmp_path / "history.csv").write_text("epoch,loss,accuracy\n0,1.2,0.4\n1,1.0,0.5\n")
    (tmp_path / "indices.json").write_text('{"cat": 0, "dog": 1}')
    (tmp_path / "recipe.json").write_text(to_json(RECIPE))
    np.savez(tmp_path / "x.npz", x=np.zeros((2, 2)))
    kinds = {
        name: kind(tmp_path / name)
        for name in ("labels.csv", "history.csv", "indices.json", "recipe.json", "x.npz")
    }
    assert list(kinds.values()) == ["data", "text", "data", "recipe", "data"]
