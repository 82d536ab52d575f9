"""The prediction code that is printed gives the reference's answers, file by file."""

import numpy as np
import pytest

from valscope.nouns.dataset import Dataset, Files
from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.preparation import Preparation
from valscope.reconciling.snippets import snippet
from valscope.serving import Images, decide, open_served, pipeline_outputs

pytestmark = pytest.mark.keras


@pytest.mark.parametrize("named", [True, False])
def test_the_snippet_takes_the_classifying_one_of_several_outputs(tmp_path, named):
    from valscope.engines.keras_engine.backend import keras

    k = keras()
    k.utils.set_random_seed(4)
    inputs = k.Input((12, 10, 3))
    flat = k.layers.Flatten()(inputs)
    size, kind = (
        k.layers.Dense(1, name="size")(flat),
        k.layers.Dense(3, activation="softmax", name="kind")(flat),
    )
    outputs = {"size": size, "kind": kind} if named else [size, kind]
    k.Model(inputs, outputs).save(tmp_path / "model.keras")
    served = open_served(tmp_path / "model.keras", classes=3)
    paths = photographs(tmp_path)
    pipeline, classes = Pipeline(Preparation(12, 10)), ("ash", "birch", "cedar")
    assert predicted(pipeline, served, paths, classes) == wanted(pipeline, served, paths, classes)


WAYS = [
    ({"scale": "imagenet"}, 3, 3), ({"scale": "caffe", "order": "bgr"}, 3, 3), ({"scale": "none", "geometry": "crop"}, 3, 3),
    ({"scale": "unit", "colour": "grey", "kernel": "nearest"}, 1, 1), ({"scale": "symmetric", "antialias": False}, 3, 1),
    ({"scale": "image_max", "colour": "grey_rgb", "geometry": "pad", "fast_decode": False}, 3, 2),
    ({"scale": "imagenet", "order": "bgr", "alpha": "drop"}, 3, 3), ({"scale": "image_std"}, 3, 3),
]  # fmt: skip


@pytest.mark.parametrize(("how", "channels", "outputs"), WAYS)
def test_the_snippet_predicts_as_the_pipeline_does(tmp_path, how, channels, outputs):
    from valscope.engines.keras_engine.backend import keras

    k = keras()
    k.utils.set_random_seed(3)
    last = k.layers.Dense(outputs, activation="sigmoid" if outputs == 1 else "softmax")
    k.Sequential([k.Input((12, 10, channels)), k.layers.Flatten(), last]).save(tmp_path / "model.keras")
    paths = photographs(tmp_path)
    served = open_served(tmp_path / "model.keras")
    decision = Decision("threshold", 0.5) if outputs == 1 else Decision()
    pipeline = Pipeline(Preparation(12, 10, **how), decision=decision)
    classes = ("ash", "birch", "cedar")[: max(2, outputs)]
    assert predicted(pipeline, served, paths, classes) == wanted(pipeline, served, paths, classes)


def photographs(folder):
    from PIL import Image

    rng = np.random.default_rng(0)
    paths = []
    for i in range(12):
        low = rng.integers(0, 256, (4, 5, 3), np.uint8)
        paths.append(str(folder / f"{i}.png"))
        Image.fromarray(low).resize((31, 24)).save(paths[-1])
    return paths


def wanted(pipeline, served, paths, classes):
    images = Images(Dataset(classes, np.zeros(len(paths), np.int64), Files(tuple(paths)), tuple(paths), "x"))
    return [classes[i] for i in decide(pipeline_outputs(served, images, pipeline), pipeline)]


def predicted(pipeline, served, paths, classes):
    space: dict = {}
    exec(snippet(pipeline, served.about, classes), space)
    return [space["predict"](path) for path in paths]
