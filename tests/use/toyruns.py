"""Small runs on the toy engine, made in milliseconds: they tell plain colours apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from valscope.codec import to_json
from valscope.data.pixels.prepare import pixels
from valscope.data.splitting.manifest import Manifest, write_manifest
from valscope.engines import get_engine
from valscope.nouns.dataset import Notice, Part
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import ModelSpec, Optimiser, Recipe
from valscope.nouns.result import Calibration, Result
from valscope.run import Request, Run
from valscope.scoring import score

COLOURS = {"blue": (0, 0, 255), "green": (0, 160, 0), "red": (255, 0, 0)}
SMALL = Preparation(8, 8)


def draw(path: Path, colour: str, size: tuple[int, int] = (10, 10), seed: int = 0) -> Path:
    """An image of one colour with a little noise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(-20, 20, (*size[::-1], 3))
    Image.fromarray(np.clip(np.array(COLOURS[colour]) + noise, 0, 255).astype(np.uint8)).save(path)
    return path


def toy_run(
    folder: Path,
    classes: tuple[str, ...] = ("blue", "green", "red"),
    *,
    preparation: Preparation | None = SMALL,
    seed: int = 0,
    steps: int = 60,
    temperature: float = 1.0,
    notices: tuple[Notice, ...] = (),
    vectors: int = 4,
    floats: bool = False,
    engine: str = "toy",
    **recipe_fields: Any,
) -> Run:
    """A finished run. Class i is the i-th colour, whatever its name; without a preparation, class i has the
    largest i-th number of its vectors."""
    recipe = Recipe(
        "toy",
        classes,
        preparation,
        ModelSpec("cnn", dropout=0.0),
        optimiser=Optimiser("adam", 0.02),
        seed=seed,
    ).but(**recipe_fields)
    machine = get_engine(engine)
    run = Run.create(folder, Request("toy", engine=engine), recipe)
    values, labels = examples(len(classes), preparation, vectors, seed)
    if floats:
        values = values.astype(np.float32) / 7 - 3
    net = machine.build(recipe, values.shape[1:])
    net.start_stage("all")
    for _ in range(steps):
        net.train_batch(run.inputs(values), labels, None)
    net.save(folder / machine.model_file)
    run.save_probes([], values[:4], net.logits(run.inputs(values[:4])))
    scores = score("test", labels, np.eye(len(classes))[labels], classes)
    calibration = Calibration(temperature, None, None, len(labels))
    result = Result(str(folder), classes, scores, None, (), None, calibration, None, (), (), (), notices)
    run.write("result.json", to_json(result))
    run.mark("finished")
    return Run(folder)


def examples(
    classes: int, preparation: Preparation | None, vectors: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Items of each class, and their labels."""
    rng = np.random.default_rng(seed)
    labels = np.arange(30 * classes) % classes
    if preparation is None:
        values = rng.normal(0, 0.3, (len(labels), vectors)).astype(np.float32)
        values[np.arange(len(labels)), labels] += 2
        return values, labels
    colours = np.array(list(COLOURS.values()))
    plain = np.clip(
        colours[labels % 3][:, None, None] + rng.integers(-20, 20, (len(labels), 9, 9, 3)), 0, 255
    )
    return np.stack([pixels(image.astype(np.uint8), preparation) for image in plain]), labels


def keep_test(run: Run, rows: list[tuple[str, str, str, str, Part, str]]) -> None:
    """Write the run's manifest and test.csv from (name, class, sha256, group, part, predicted)."""
    number = {name: i for i, name in enumerate(run.classes)}
    columns = list(zip(*rows, strict=True))
    manifest = Manifest(
        run.classes, columns[0], tuple(number[c] for c in columns[1]), columns[3], columns[2], columns[4]
    )
    write_manifest(manifest, run.folder / "split.csv")
    lines = ["name,true,predicted,probability"]
    lines += [f"{name},{true},{said},0.9" for name, true, _, _, part, said in rows if part == "test"]
    run.write("test.csv", "\n".join(lines) + "\n")
