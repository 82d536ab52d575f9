"""Small models with known preparations, trained on real images and kept in a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from reconcile_photos import stickers, telephone

from valscope.data.sources.open import open_dataset
from valscope.nouns.dataset import Dataset
from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.preparation import Preparation
from valscope.serving import Images, Served, network_input, open_served

PLAIN = {"fast_decode": False, "alpha": "drop"}
ARGMAX = Decision()


@dataclass(frozen=True)
class Known:
    """A model whose preparation is known. `inside` is a Rescaling layer's (scale, offset); `made` rewrites the source's
    files first."""

    name: str
    data: str
    pipeline: Pipeline
    head: str
    norm: bool = True
    inside: tuple[float, float] | None = None
    epochs: int = 15
    flip: bool = False
    made: Callable[[Path, Path], None] | None = None
    drop: float = 0.3


def prepared(height: int, width: int, decision: Decision = ARGMAX, **how: Any) -> Pipeline:
    return Pipeline(Preparation(height, width, **{**PLAIN, **how}), decision=decision)


MODELS = (
    Known("arrows_sigmoid", "arrows_lr/gray115x45",
          prepared(115, 45, Decision("threshold", 0.5), colour="grey", kernel="nearest"), "sigmoid", norm=False),
    Known("arrows_logit", "arrows_lr/gray115x45",
          prepared(64, 64, Decision("threshold", 0.0), colour="grey", scale="symmetric", geometry="pad"), "logit"),
    Known("trash_softmax", "trashnet", prepared(72, 96, scale="symmetric"), "softmax", epochs=25, flip=True),
    Known("trash_inside", "trashnet", prepared(64, 64, scale="none", geometry="crop"), "logits",
          inside=(1 / 127.5, -1.0), epochs=25, flip=True),
    Known("digits_caffe", "sign_digits", prepared(48, 48, scale="caffe", order="bgr", antialias=False), "softmax",
          epochs=40),
    Known("cifar_imagenet", "cifar10", prepared(32, 32, scale="imagenet"), "logits", epochs=20, flip=True),
    Known("arrows_telephone", "arrows_lr/gray115x45",
          prepared(64, 64, Decision("threshold", 0.5), colour="grey", exif=True), "sigmoid", made=telephone),
    Known("letters_stickers", "letters4", prepared(28, 28, alpha="white"), "softmax", epochs=12, made=stickers, drop=0.8),
)  # fmt: skip


def parts(known: Known, data: Path, keep: Path, seed: int = 0) -> tuple[Dataset, Dataset]:
    """(train, test): the source's own parts, else 60 % and 40 % of each class."""
    folder = data / known.data
    if known.made is not None:
        folder = keep / known.name / "images"
        if not folder.is_dir():
            known.made(data / known.data, folder)
    whole = open_dataset(str(folder))
    if whole.parts is not None:
        given = np.asarray(whole.parts)
        return whole.take(np.flatnonzero(given == "train")), whole.take(np.flatnonzero(given != "train"))
    rng = np.random.default_rng(seed)
    train, test = [], []
    for label in range(len(whole.classes)):
        rows = rng.permutation(np.flatnonzero(whole.labels == label))
        cut = int(0.6 * len(rows))
        train.append(rows[:cut])
        test.append(rows[cut:])
    return whole.take(np.concatenate(train)), whole.take(np.concatenate(test))


def model_of(known: Known, data: Path, keep: Path) -> Served:
    """The trained model, from `keep` or trained now."""
    folder = keep / known.name
    path = folder / "model.keras"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        train, _ = parts(known, data, keep)
        images = Images(train)
        x = network_input(images, known.pipeline)
        _trained(known, x, train.labels, len(train.classes)).save(path)
    return open_served(path)


def _trained(known: Known, x: Any, y: Any, classes: int) -> Any:
    import keras

    keras.utils.set_random_seed(1)
    layers = keras.layers
    one = known.head in ("sigmoid", "logit")
    model = keras.Sequential([keras.Input(x.shape[1:])])
    if known.inside is not None:
        model.add(layers.Rescaling(*known.inside))
    if known.flip:
        model.add(layers.RandomFlip("horizontal"))
    for filters in (24, 48, 96):
        model.add(layers.Conv2D(filters, 3, padding="same", use_bias=not known.norm))
        if known.norm:
            model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
        model.add(layers.MaxPooling2D())
    model.add(layers.GlobalAveragePooling2D() if known.norm else layers.Flatten())
    model.add(layers.Dropout(known.drop))
    last = {"sigmoid": "sigmoid", "softmax": "softmax"}.get(known.head)
    model.add(layers.Dense(1 if one else classes, activation=last))
    losses = keras.losses
    loss: Callable[..., Any] = losses.BinaryCrossentropy if one else losses.SparseCategoricalCrossentropy
    model.compile(keras.optimizers.Adam(2e-3), loss(from_logits=last is None))
    model.fit(x, y[:, None] if one else y, batch_size=32, epochs=known.epochs, verbose=0)
    return model
