"""The prediction code that is printed gives the reference's answers, file by file."""

import numpy as np
import pytest

from valscope.nouns.dataset import Dataset, Files
from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.preparation import Preparation
from valscope.reconciling.snippets import snippet
from valscope.serving import Images, decide, open_served, pipeline_outputs

pytestmark = pytest.mark.keras

WAYS = [
    ({"scale": "imagenet"}, 3, 3), ({"scale": "caffe", "order": "bgr"}, 3, 3), ({"scale": "none", "geometry": "crop"}, 3, 3),
    ({"scale": "unit", "colour": "grey", "kernel": "nearest"}, 1, 1), ({"scale": "symmetric", "antialias": False}, 3, 1),
    ({"scale": "image_max", "colour": "grey_rgb", "geometry": "pad", "fast_decode": False}, 3, 2),
    ({"scale": "imagenet", "order": "bgr", "alpha": "drop"}, 3, 3), ({"scale": "image_std"}, 3, 3),
]  # fmt: skip


@pytest.mark.parametrize(("how", "channels", "outputs"), WAYS)
def test_the_snippet_predicts_as_the_pipeline_does(tmp_path, how, channels, outputs):
    from PIL import Image

    from valscope.engines.keras_engine.backend import keras

    k = keras()
    k.utils.set_random_seed(3)
    last = k.layers.Dense(outputs, activation="sigmoid" if outputs == 1 else "softmax")
    k.Sequential([k.Input((12, 10, channels)), k.layers.Flatten(), last]).save(tmp_path / "model.keras")
    rng = np.random.default_rng(0)
    paths = []
    for i in range(12):
        low = rng.integers(0, 256, (4, 5, 3), np.uint8)
        paths.append(str(tmp_path / f"{i}.png"))
        Image.fromarray(low).resize((31, 24)).save(paths[-1])
    served = open_served(tmp_path / "model.keras")
    decision = Decision("threshold", 0.5) if outputs == 1 else Decision()
    pipeline = Pipeline(Preparation(12, 10, **how), decision=decision)
    classes = ("ash", "birch", "cedar")[: max(2, outputs)]
    images = Images(Dataset(classes, np.zeros(12, np.int64), Files(tuple(paths)), tuple(paths), "x"))
    wanted = [classes[i] for i in decide(pipeline_outputs(served, images, pipeline), pipeline)]
    space: dict = {}
    exec(snippet(pipeline, served.about, classes), space)
    assert [space["predict"](path) for path in paths] == wanted
