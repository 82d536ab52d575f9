"""Prediction of 2,000 images against the loop that people write, and against Keras' own way for a folder.

The loop is that of the second published report: `load_img`, `img_to_array`, `predict`, one image at a time.
It is timed on fewer images and scaled, because it costs the same for each. All models are loaded before the
clock starts, and new in each round, so that building the backend's graph counts on every side.
Ours is `predict` with all it does: calibrated probabilities, and whether an image is one of the classes at all.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.images import grey_pictures, photographs
from bench.measure import Clock, Row, Spent, compare, show
from bench.runs import backbone_run, case1_run, cnn_run

ROUNDS, SLOW_ROUNDS = 7, 3  # pairs with the folder, and with the loop, which takes minutes
LOOP, FOLDER = "one load_img and predict an image", "image_dataset_from_directory and predict"
LOOPED = 100  # images that the loop is timed on


@dataclass(frozen=True)
class Work:
    """`images` in one folder, a run to classify them, and what they are in words."""

    name: str
    run: Path
    images: Path


def ours(work: Work) -> Spent:
    from valscope.prediction import predict
    from valscope.run import Run

    run = Run(work.run)
    run.net  # noqa: B018  loaded before the clock starts
    return _timed(lambda: list(predict(run, str(work.images))))


def loop(work: Work) -> Spent:
    """Each of the first LOOPED images alone, scaled to all."""
    import keras

    model = _model(work)
    size = model.input_shape[1:3]
    paths = _paths(work)

    def one_by_one() -> None:
        for path in paths[:LOOPED]:
            image = keras.utils.img_to_array(keras.utils.load_img(path, target_size=size))
            model.predict(np.expand_dims(image / 255.0, axis=0), verbose=0)

    return _timed(one_by_one).times(len(paths) / LOOPED)


def folder(work: Work) -> Spent:
    """`image_dataset_from_directory` with the scale as a layer, then one `predict`."""
    import keras

    network = _model(work)
    inputs = keras.Input(network.input_shape[1:])
    model = keras.Model(inputs, network(keras.layers.Rescaling(1.0 / 255)(inputs)))

    def all_at_once() -> None:
        data = keras.utils.image_dataset_from_directory(
            work.images, labels=None, shuffle=False, image_size=network.input_shape[1:3], verbose=False
        )
        model.predict(data, verbose=0)

    return _timed(all_at_once)


def rows(work: Work, goals: dict[str, float | None]) -> list[Row]:
    """One row for each of the rivals in `goals`."""
    rivals: dict[str, Callable[[Work], Spent]] = {LOOP: loop, FOLDER: folder}
    found: dict[str, list[Spent]] = {"ours": [], **{name: [] for name in goals}}
    for number in range(ROUNDS):
        sides = {"ours": ours, **{n: rivals[n] for n in goals if n != LOOP or number < SLOW_ROUNDS}}
        for name in list(sides)[:: -1 if number % 2 else 1]:
            found[name].append(sides[name](work))
    said = f"{work.name}: {len(_paths(work)):,} images"
    return [
        compare(said, rival, found["ours"][: len(found[rival])], found[rival], goal)
        for rival, goal in goals.items()
    ]


def _timed(act: Callable[[], Any]) -> Spent:
    clock = Clock()
    clock.start("all")
    act()
    clock.stop()
    return clock.spent["all"]


def _model(work: Work) -> Any:
    import keras

    return keras.saving.load_model(work.run / "model.keras", compile=False)


def _paths(work: Work) -> Sequence[Path]:
    return sorted(path for path in work.images.rglob("*") if path.is_file())


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        grey = grey_pictures(base / "grey", 2000)
        both: dict[str, float | None] = {LOOP: 20.0, FOLDER: 0.9}
        case1 = case1_run(base / "case1")
        ours(Work("", case1, grey_pictures(base / "few", 64)))  # what TensorFlow does once in a process
        show(rows(Work("case 1's network, grey PNG of 115x45", case1, grey), both))
        small = photographs(base / "small", 500, 160, 120, parts=False)
        cnn = cnn_run(base / "cnn", 128, 128)
        show(rows(Work("cnn at 128x128, JPEG of 160x120", cnn, small), {LOOP: None, FOLDER: 0.9}))
        backbone = backbone_run(base / "backbone", 160)
        show(
            rows(Work("MobileNetV2 at 160x160, JPEG of 160x120", backbone, small), {LOOP: None, FOLDER: None})
        )
        for name, n, width, height in (("3.1 MP", 150, 2048, 1536), ("12 MP", 60, 4000, 3000)):
            large = photographs(base / name, n, width, height, parts=False)
            show(rows(Work(f"cnn at 128x128, photographs of {name}", cnn, large), {FOLDER: 1.2}))


if __name__ == "__main__":
    main()
