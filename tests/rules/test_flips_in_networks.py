"""Flips that stand in a network of their own, before or inside the one that is trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.nouns.finding import Finding
from valscope.rules import augmentation_changes_labels as rule
from valscope.worlds import draw
from valscope.worlds.write import write_images

NESTED = """import keras
from keras import layers

random = keras.Sequential([
    layers.RandomFlip("{flip}"),
    layers.RandomRotation(0.02),
])
images = keras.Input((16, 16, 3))
x = random(images)
x = layers.Rescaling(1.0 / 255)(x)
x = layers.Conv2D(8, 3, activation="relu")(x)
x = layers.Flatten()(x)
model = keras.Model(images, layers.Dense(1, activation="sigmoid")(x))
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=9)
"""


@pytest.mark.parametrize(("flip", "told"), [("horizontal", True), ("vertical", False)])
def test_flips_of_an_inner_network_are_read_with_their_lines(flip: str, told: bool, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(NESTED.format(flip=flip), "utf-8")
    data = write_images(draw.arrows(0, (60, 60)), tmp_path)
    case = open_case([str(tmp_path / "train.py"), str(data)])
    found = [o for o in rule.check(case) if isinstance(o, Finding)]
    assert bool(found) is told
    assert {source.line for source in rule.places(case)} == {5, 6}
