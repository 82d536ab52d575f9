"""Runs the training of a world and keeps what its user would have kept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from valscope.codec import to_json
from valscope.run import Run
from valscope.worlds.logs import Row, log
from valscope.worlds.world import World

METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")


def hand_over(world: World, folder: Path) -> list[Path]:
    """Train, and leave the world's products in `folder`; the run itself is removed."""
    from valscope.training.train import train
    from valscope.worlds.write import write_images

    if world.recipe is None or world.images is None:
        raise ValueError("a world with a training needs a recipe and images")
    data = write_images(world.images, folder)
    work = Path(tempfile.mkdtemp(prefix="valscope-world-"))
    try:
        run = train(str(data), work / "run", recipe=world.recipe, engine=world.engine)
        paths = [path for name in world.products for path in _product(name, world, run, folder)]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if "data.npz" not in world.products:
        data.unlink()
    return paths


def _product(name: str, world: World, run: Run, folder: Path) -> Iterator[Path]:
    path = folder / name
    rows = run.history()
    if name == "history.csv":
        path.write_text(csv(rows), encoding="utf-8")
    elif name == "training.log":
        path.write_text(printed(rows, run), encoding="utf-8")
    elif name == "recipe.json":
        path.write_text(to_json(run.recipe.but(data="data.npz")) + "\n", encoding="utf-8")
    elif name == "model.keras":
        shutil.copyfile(run.folder / "model.keras", path)
    elif name == "photos" and world.images is not None:
        from valscope.worlds.photos import write_photos

        write_photos(world.images, path)
    yield path


def csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """The epochs as Keras' CSVLogger writes them."""
    names = sorted(METRICS)
    lines = [",".join(["epoch", *names])]
    lines += [",".join([str(i), *(repr(float(row[n])) for n in names)]) for i, row in enumerate(rows)]
    return "\n".join(lines) + "\n"


def printed(rows: Sequence[Mapping[str, Any]], run: Run) -> str:
    """The epochs as Keras 3 prints them."""
    steps = -(-_trained(run) // run.recipe.feed.batch)
    told: list[Row] = [(r["loss"], r["accuracy"], r["val_loss"], r["val_accuracy"]) for r in rows]
    return log(told, form="keras3", steps=run.recipe.feed.steps or steps)


def _trained(run: Run) -> int:
    from valscope.data.splitting.manifest import read_manifest

    return read_manifest(run.folder / "split.csv", run.classes).parts.count("train")
