"""Sorted arrays whose rows the code mixes before it cuts off their tail: no class is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.rules import class_never_trained
from valscope.worlds import draw, spoil
from valscope.worlds.curves import learning
from valscope.worlds.logs import log
from valscope.worlds.write import write_images

SCRIPT = """import numpy as np
import keras
data = np.load("data.npz")
x, y = data["x"] / 255.0, data["y"]
{mix}
model = keras.Sequential([keras.Input((16, 16, 3)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=9, validation_split=0.25)
"""
MIXED = {
    "a permutation": "order = np.random.default_rng(0).permutation(len(y)); x, y = x[order], y[order]",
    "numbers shuffled": "order = np.arange(len(y)); np.random.shuffle(order); x = x[order]; y = y[order]",
    "sklearn": "from sklearn.utils import shuffle\nx, y = shuffle(x, y, random_state=1)",
    "pairs": "import random\nboth = list(zip(x, y)); random.shuffle(both); x, y = map(np.array, zip(*both))",
    "tensorflow": "import tensorflow as tf\norder = tf.random.shuffle(np.arange(len(y))).numpy(); x, y = x[order], y[order]",
    "drawn": "order = np.random.choice(len(y), len(y), replace=False); x, y = x[order], y[order]",
    "sorted by chance": "order = np.argsort(np.random.rand(len(y))); x, y = x[order], y[order]",
}


def proved(folder: Path, mix: str, learns: bool) -> bool:
    images = spoil.by_class(draw.blobs(0, (60, 60, 40)))
    told = learning(0, epochs=9, top=3) if learns else [(1.0, 0.6, 9.0, 0.0)] * 9
    (folder / "train.py").write_text(SCRIPT.format(mix=mix), "utf-8")
    (folder / "train.log").write_text(log(told), "utf-8")
    paths = [folder / "train.py", folder / "train.log", write_images(images, folder)]
    return any(class_never_trained.check(open_case([str(p) for p in paths])))


@pytest.mark.parametrize("mix", MIXED.values(), ids=MIXED)
@pytest.mark.parametrize("learns", [True, False])
def test_rows_that_code_mixes_have_no_sorted_tail(mix: str, learns: bool, tmp_path: Path) -> None:
    assert not proved(tmp_path, mix, learns)


def test_rows_as_they_stand_have_one_unless_the_log_knows_the_last_class(tmp_path: Path) -> None:
    assert proved(tmp_path, "", learns=False)
    assert not proved(tmp_path, "", learns=True)
