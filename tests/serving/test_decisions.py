"""Outputs to classes, pixels kept, and models that are refused before anything is loaded."""

import json
import zipfile

import numpy as np
import pytest

from valscope.data.pixels.prepare import pixels
from valscope.errors import DataError, ModelError, UsageError
from valscope.nouns.dataset import Arrays, Dataset, Files
from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.preparation import Preparation
from valscope.serving import Images, decide, open_served, right

ONE = np.array([[0.0], [0.4], [0.5], [0.98], [1.0], [np.nan]], np.float32)
TWO = np.array([[0.9, 0.1], [0.5, 0.5], [0.0, 1.0]], np.float32)
P = Preparation(4, 4)


@pytest.mark.parametrize(
    ("decision", "classes"),
    [
        (Decision("threshold", 0.5), [0, 0, 1, 1, 1, -1]),
        (Decision("threshold", 0.5, inverted=True), [1, 1, 0, 0, 0, -1]),
        (Decision("equals", 1.0), [0, 0, 0, 0, 1, -1]),
        (Decision("truncated"), [0, 0, 0, 0, 1, -1]),
        (Decision("argmax"), [0, 0, 0, 0, 0, -1]),
    ],
)
def test_one_score_is_decided_as_code_would(decision, classes):
    assert decide(ONE, Pipeline(P, decision=decision)).tolist() == classes


@pytest.mark.parametrize(
    ("decision", "classes"),
    [
        (Decision("argmax"), [0, 0, 1]),
        (Decision("argmin"), [1, 0, 0]),
        (Decision("threshold", 0.5, column=0), [1, 1, 0]),
        (Decision("threshold", 0.5), [0, 1, 1]),
        (Decision("equals", 1.0, column=1), [0, 0, 1]),
    ],
)
def test_two_scores_are_decided_as_code_would(decision, classes):
    assert decide(TWO, Pipeline(P, decision=decision)).tolist() == classes


def test_an_order_says_what_each_output_stands_for():
    scores = np.eye(3, dtype=np.float32)
    assert decide(scores, Pipeline(P, order=(2, 0, 1))).tolist() == [2, 0, 1]


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(UsageError, match="looks at output 2, but the model has 2"):
        decide(TWO, Pipeline(P, decision=Decision("threshold", column=2)))


def test_labels_of_another_order_are_right_by_chance_only():
    labels = np.arange(1000) % 4
    found = right(labels, labels, Pipeline(P, aligned=False))
    assert 0.15 < found.mean() < 0.35
    assert right(labels, labels, Pipeline(P)).all()


def pictures(tmp_path, n=6):
    from PIL import Image

    rng = np.random.default_rng(0)
    paths = []
    for i in range(n):
        paths.append(str(tmp_path / f"{i}.png"))
        Image.fromarray(rng.integers(0, 256, (30, 20, 3), np.uint8)).save(paths[-1])
    return Dataset(("a", "b"), np.arange(n) % 2, Files(tuple(paths)), tuple(paths), str(tmp_path))


def test_pixels_are_those_of_every_other_path_and_are_read_once(tmp_path):
    dataset = pictures(tmp_path)
    images = Images(dataset)
    ways = [Preparation(8, 12), Preparation(8, 12, kernel="nearest"), Preparation(8, 12, axes="transposed")]
    images.fetch(ways)
    for path in dataset.content.paths:
        __import__("pathlib").Path(path).unlink()  # nothing is read again
    again = [images.pixels(way) for way in ways]
    assert [a.shape for a in again] == [(6, 8, 12, 3)] * 3
    assert images.pixels(ways[0].but(scale="caffe", order="bgr")).tolist() == again[0].tolist()
    with pytest.raises(DataError):
        images.pixels(Preparation(8, 12, geometry="pad"))


def test_each_axis_of_a_preparation_is_what_it_says(tmp_path):
    dataset = pictures(tmp_path, 2)
    images, path = Images(dataset), dataset.content.paths[0]
    plain = pixels(path, Preparation(12, 8))
    assert (images.pixels(Preparation(8, 12, axes="transposed"))[0] == plain.swapaxes(0, 1)).all()
    assert (images.pixels(Preparation(8, 12, axes="reshaped"))[0] == plain.reshape(8, 12, 3)).all()
    grey = images.pixels(Preparation(12, 8, colour="grey"))[0]
    in_three = images.pixels(Preparation(12, 8, colour="grey_rgb"))[0]
    assert (in_three[..., 0] == in_three[..., 2]).all()
    assert np.abs(in_three[..., :1].astype(int) - grey).max() <= 1


def test_float_arrays_that_were_bytes_are_bytes_again():
    values = np.random.default_rng(0).integers(0, 256, (5, 4, 4, 3)).astype(np.uint8)
    dataset = Dataset(("a", "b"), np.zeros(5, np.int64), Arrays(values / 255.0), ("",) * 5, "arrays")
    assert Images(dataset).bytes and (Images(dataset).pixels(P) == values).all()
    odd = dataset.but(content=Arrays(values / 255.0 * 1.37 - 0.4))
    assert not Images(odd).bytes


def test_a_little_memory_still_gives_all_pixels(tmp_path):
    images = Images(pictures(tmp_path), kept_bytes=1000)
    assert images.pixels(Preparation(16, 16)).shape == (6, 16, 16, 3)


def test_code_in_a_model_file_is_named_and_not_run(tmp_path):
    layer = {
        "class_name": "Lambda",
        "module": "keras.layers",
        "config": {"name": "mine"},
        "registered_name": None,
    }
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": [layer]}, "module": "keras"}
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as file:
        file.writestr("config.json", json.dumps(config))
        file.writestr("metadata.json", json.dumps({"keras_version": "3.0.0"}))
        file.writestr("model.weights.h5", b"")
    with pytest.raises(ModelError, match=r"Lambda mine.*--trust"):
        open_served(tmp_path / "model.keras")


@pytest.mark.parametrize("name", ["nothing.keras", "run"])
def test_what_is_no_model_is_refused_in_a_sentence(tmp_path, name):
    (tmp_path / "run").mkdir()
    with pytest.raises(ModelError, match="give a"):
        open_served(tmp_path / name)


def test_a_savedmodel_needs_trust(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(ModelError, match="--trust"):
        open_served(tmp_path)
