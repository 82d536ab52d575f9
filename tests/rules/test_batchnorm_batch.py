"""BatchNorm takes its statistics from the batches that train, whatever the batches of validation are."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.nouns.finding import Finding
from valscope.rules import batchnorm_statistics

SCRIPT = """from keras.models import Sequential
from keras.layers import BatchNormalization, Conv2D, Dense, Flatten
from keras.preprocessing.image import ImageDataGenerator
model = Sequential([Conv2D(16, 3, activation="relu", input_shape=(64, 64, 3)), BatchNormalization(), Flatten(), Dense(3, activation="softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
train = ImageDataGenerator().flow_from_directory("train", target_size=(64, 64), batch_size={train})
val = ImageDataGenerator().flow_from_directory("val", target_size=(64, 64), batch_size={val})
model.fit(train, epochs=5, validation_data=val)
"""
LOG = "".join(
    f"Epoch {i}/5\n900/900 [====] - 3s 9ms/step - loss: {x} - accuracy: {a} - val_loss: {y} - val_accuracy: 0.3333\n"
    for i, (x, a, y) in enumerate(
        [(0.9, 0.55, 1.9), (0.7, 0.7, 2.1), (0.5, 0.8, 2.4), (0.3, 0.9, 2.7), (0.2, 0.95, 3.0)], 1
    )
)


def findings(folder: Path, train: int, val: int) -> list[Finding]:
    (folder / "train.py").write_text(SCRIPT.format(train=train, val=val))
    (folder / "training.log").write_text(LOG)
    case = open_case([str(folder / "train.py"), str(folder / "training.log")])
    return [f for f in batchnorm_statistics.check(case) if isinstance(f, Finding)]


@pytest.mark.parametrize("val", [1, 64])
def test_small_batches_of_training_are_named(tmp_path: Path, val: int) -> None:
    (found,) = findings(tmp_path, train=2, val=val)
    assert "batches of only 2 images" in found.claim and found.numbers["batch"] == 2


def test_small_batches_of_validation_are_innocent(tmp_path: Path) -> None:
    assert findings(tmp_path, train=32, val=1) == []
