"""Layers frozen at random values: said where the code shows it, and of nothing that was trained or loaded before."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.case.fresh import frozen_fresh

HEAD = """import keras
from keras.applications import MobileNetV2
from keras.layers import Dense, GlobalAveragePooling2D
base = {base}
{after}model = keras.Sequential([base, GlobalAveragePooling2D(), Dense(3, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(x, y, epochs=5)
"""
EMPTY = "MobileNetV2(weights=None, include_top=False, input_shape=(96, 96, 3))"
LOADED = "MobileNetV2(weights='imagenet', include_top=False, input_shape=(96, 96, 3))"
OWN = "keras.Sequential([keras.layers.Conv2D(8, 3, input_shape=(96, 96, 3))])"
FREEZE = "base.trainable = False\n"


@pytest.mark.parametrize(
    ("base", "after", "name"),
    [
        (EMPTY, FREEZE, "MobileNetV2"),
        (EMPTY, "for layer in base.layers:\n    layer.trainable = False\n", "MobileNetV2"),
        (OWN, FREEZE, "the inner network"),
        (LOADED, FREEZE, None),
        (EMPTY, "", None),
        (EMPTY, "base.load_weights('own.weights.h5')\n" + FREEZE, None),
        (EMPTY, FREEZE + "base.trainable = True\n", None),
        (EMPTY, "for layer in base.layers[:20]:\n    layer.trainable = False\n", None),
        (OWN, "base.compile('adam', 'mse')\nbase.fit(x, x)\n" + FREEZE, None),
        ("keras.models.load_model('encoder.keras')", FREEZE, None),
    ],
)  # fmt: skip
def test_what_is_frozen_at_random_values(tmp_path: Path, base: str, after: str, name: str | None) -> None:
    (tmp_path / "train.py").write_text(HEAD.format(base=base, after=after))
    found = frozen_fresh(open_case([str(tmp_path / "train.py")]).scripts[0])
    assert (found[0] if found else None) == name
