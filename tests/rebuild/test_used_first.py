"""Which of several data sets a saved model is asked on: those that the code of prediction names."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.case.rebuild.serving import _used_first
from valscope.worlds import draw
from valscope.worlds.photos import write_photos

TRAIN = """import keras
train = keras.utils.image_dataset_from_directory("photos", image_size=(16, 16))
model = keras.Sequential([keras.Input((16, 16, 3)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(train, epochs=3)
"""
PREDICT = """import keras
model = keras.models.load_model("model.keras")
new = keras.utils.image_dataset_from_directory({folder}, image_size=(16, 16), shuffle=False)
scores = model.predict(new)
"""


@pytest.mark.parametrize(
    ("folder", "first"), [('"photos"', "photos"), ('"field"', "field"), ("folder", "photos")]
)
def test_images_that_prediction_names_come_first(folder: str, first: str, tmp_path: Path) -> None:
    for name in ("photos", "field"):
        write_photos(draw.blobs(0, (4, 4, 4)), tmp_path / name)
    (tmp_path / "train.py").write_text(TRAIN, "utf-8")
    (tmp_path / "predict.py").write_text(PREDICT.format(folder=folder), "utf-8")
    names = ("train.py", "predict.py", "photos", "field")
    case = open_case([str(tmp_path / name) for name in names])
    data = [given for given in _used_first(case) if given.kind == "data"]
    assert next(given.path.name for given in data if given.path is not None) == first
