"""A fault of use explains fewer right answers in use, and nothing of what training and validation showed."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.diagnosis import all_rules
from valscope.nouns.finding import WORSE_IN_USE, Finding
from valscope.worlds import write
from valscope.worlds.scripts import network

OF_USE = ("P101", "P102", "P105", "P110", "P114", "P116", "P117")
RULES = {str(r.CODE): r for r in all_rules()}
TRAIN = """from keras.models import Sequential
from keras.layers import Conv2D, Dense, GlobalAveragePooling2D
from keras.preprocessing.image import ImageDataGenerator
model = Sequential([Conv2D(8, 3, input_shape=(64, 64, 3)), GlobalAveragePooling2D(), Dense(3, activation="softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
train = ImageDataGenerator(rescale=1 / 255).flow_from_directory("train", target_size=(64, 64))
val = ImageDataGenerator({val}).flow_from_directory("val", target_size=(64, 64))
test = ImageDataGenerator({test}).flow_from_directory("test", target_size=(64, 64))
model.fit(train, epochs=9, validation_data=val)
print(model.evaluate(test))
"""
PREDICT = """import numpy as np
from keras.models import load_model
from keras.preprocessing.image import img_to_array, load_img
model = load_model("m.h5")
x = img_to_array(load_img("a.jpg", target_size=(64, 64)))
x = x / np.max(x)
print(model.predict(np.expand_dims(x, 0)))
"""


def found(code: str, folder: Path, *names: str) -> list[Finding]:
    case = open_case([str(folder / name) for name in names])
    return [o for o in RULES[code].check(case) if isinstance(o, Finding)]


@pytest.mark.parametrize("code", OF_USE)
def test_what_a_fault_of_use_explains(code: str, tmp_path: Path) -> None:
    files = [str(p) for p in write(RULES[code].sick(0), tmp_path)]
    told = [o for o in RULES[code].check(open_case(files)) if isinstance(o, Finding)]
    assert told
    assert [f.explains for f in told] == [f.explains for f in told if WORSE_IN_USE in f.explains]
    assert not [e for f in told for e in f.explains if e in ("overfitting", "G101", "L209")]


@pytest.mark.parametrize(
    ("val", "test", "explains"),
    [("", "rescale=1 / 255", ("P112", "L209")), ("rescale=1 / 255", "", ("P112", WORSE_IN_USE))],
)
def test_only_another_scale_of_validation_explains_what_validation_showed(
    val: str, test: str, explains: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "train.py").write_text(TRAIN.format(val=val, test=test))
    assert [f.explains for f in found("P101", tmp_path, "train.py")] == [explains]


def test_a_maximum_of_prediction_alone_explains_nothing_of_a_log(tmp_path: Path) -> None:
    (tmp_path / "predict.py").write_text(PREDICT)
    assert [f.explains for f in found("P103", tmp_path, "predict.py")] == [()]
    (tmp_path / "fit.py").write_text(PREDICT.replace("print(model.predict(np.expand_dims(x, 0)))",
                                                     "model.fit(np.expand_dims(x, 0), y, epochs=3)"))  # fmt: skip
    assert [f.explains for f in found("P103", tmp_path, "fit.py")] == [RULES["P103"].EXPLAINS]


FED = """import cv2
import numpy as np
from keras.layers import Dense, Flatten
from keras.models import Sequential
model = Sequential([Flatten(input_shape=(64, 64, 3)), Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
def load(name):
    image = cv2.resize(cv2.imread(name), (64, 64))
    return image{scale}
x = np.array([load(name) for name in names])
model.fit(x, y, epochs=9{more})
one = cv2.resize(cv2.imread("a.jpg"), (64, 64))
one = one / one.max()
print(model.predict(np.expand_dims(one, 0)))
"""


def test_a_maximum_that_only_prediction_divides_by_is_explained_by_the_difference(tmp_path: Path) -> None:
    (tmp_path / "both.py").write_text(FED.format(scale=" / 255.0", more=""))
    (finding,) = found("P101", tmp_path, "both.py")
    assert "P103" in finding.explains


def test_a_maximum_that_validation_divides_by_too_is_a_fault_of_its_own(tmp_path: Path) -> None:
    more = ", validation_data=(np.array([load(n) / load(n).max() for n in others]), z)"
    (tmp_path / "both.py").write_text(
        FED.format(scale=" / 255.0", more=more.replace("load(n) /", "cv2.imread(n) /"))
    )
    assert found("P103", tmp_path, "both.py")
    assert not [f for f in found("P101", tmp_path, "both.py") if "P103" in f.explains]
    (tmp_path / "both.py").write_text(FED.format(scale=" / image.max()", more=""))
    assert found("P101", tmp_path, "both.py") == []


@pytest.mark.parametrize(
    ("units", "activation", "loss", "other"),
    [
        (1, "softmax", "binary_crossentropy", True),
        (1, "sigmoid", "categorical_crossentropy", True),
        (3, "relu", "categorical_crossentropy", True),
        (3, "sigmoid", "categorical_crossentropy", False),  # normalised: a wrong answer costs at least ln 2
    ],
)
def test_a_last_layer_explains_a_loss_that_is_not_that_of_its_answers(
    units: int, activation: str, loss: str, other: bool, tmp_path: Path
) -> None:
    (tmp_path / "train.py").write_text(network(units, activation, loss))
    (finding,) = found("M101", tmp_path, "train.py")
    assert ("L205" in finding.explains) is other
