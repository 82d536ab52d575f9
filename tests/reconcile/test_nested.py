"""Scaling that stands in a network inside the network is known, and doing it again is said to be twice."""

import numpy as np
import pytest
from seeing import TRUE, drawn

import valscope
from valscope.engines.keras_engine.backend import keras
from valscope.reconciling.axes import with_value
from valscope.reconciling.nested import with_nested_scale
from valscope.serving import open_served

pytestmark = pytest.mark.keras


def network(path, nested: int, name: str = "colours"):
    """Four classes by red or blue above or below the middle, for pixels 0..255; scaled `nested` networks further in."""
    k = keras()
    top = k.layers.Dense(4, activation="softmax")
    inner = k.Sequential([k.Input((16, 16, 3)), k.layers.Rescaling(1 / 127.5, -1.0), k.layers.AveragePooling2D((8, 16)),
                          k.layers.Flatten(), top], name=name)  # fmt: skip
    w = np.zeros((6, 4), np.float32)
    for place in range(6):
        half, channel = divmod(place, 3)
        red, above = (1, 0, -1)[channel], 1 - 2 * half
        w[place] = [red + above, red - above, above - red, -red - above]
    top.set_weights([8 * w, np.float32([0.3, 0, 0, 0])])  # the bias decides where a scale makes all small
    model = inner
    for _ in range(nested):
        model = k.Sequential([k.Input((16, 16, 3)), k.layers.RandomFlip("horizontal"), model])
    model.save(path)
    return open_served(path)


@pytest.mark.parametrize("nested", [0, 1, 2])
def test_it_is_found_however_deep(tmp_path, nested):
    about = with_nested_scale(network(tmp_path / "model.keras", nested).about)
    assert about.inside == "symmetric"


def test_a_known_backbone_keeps_its_scaling_to_itself(tmp_path):
    about = network(tmp_path / "model.keras", 1, name="efficientnetb0").about
    assert with_nested_scale(about).inside == "none"


def test_scaling_before_it_is_said_to_be_twice(tmp_path):
    model = network(tmp_path / "model.keras", 1)
    twice = with_value("scale", "unit", TRUE)
    found = valscope.reconcile(model, drawn(120), served=twice)
    assert found.verdict == "fault" and [f.step.axis for f in found.waterfalls[0].falls if f.sure] == [
        "scale"
    ]
    assert any("The model itself does: x / 127.5 - 1" in note for note in found.notes)
    assert "the model itself does" in next(
        f.change for f in found.waterfalls[0].falls if f.step.axis == "scale"
    )
