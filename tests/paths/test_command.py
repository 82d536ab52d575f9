"""The command from end to end, on scripts and on a run: exit codes, text, JSON, page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from path_pictures import draw

from valscope.cli import run as valscope

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "use"))
from toyruns import COLOURS, toy_run

TRAIN = """
from keras.preprocessing.image import ImageDataGenerator
model = Sequential([Conv2D(8, 3, input_shape=(24, 24, 3)), Flatten(), Dense(4, activation='softmax')])
model.compile('adam', 'categorical_crossentropy')
train = ImageDataGenerator(rescale=1./255).flow_from_directory('photos', target_size=(24, 24))
model.fit(train, epochs=5)
model.save('model.h5')
"""
PREDICT = """
from keras.models import load_model
from keras.preprocessing import image
model = load_model('model.h5')
x = image.img_to_array(image.load_img('x.jpg', target_size=(24, 24)))
print(np.argmax(model.predict(np.expand_dims(x{scale}, 0))))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root: Path = tmp_path_factory.mktemp("command")
    draw(root / "photos")
    (root / "train.py").write_text(TRAIN)
    (root / "same.py").write_text(PREDICT.format(scale=" / 255"))
    (root / "raw.py").write_text(PREDICT.format(scale=""))
    return root


def test_scripts_that_agree(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert valscope(["compare-paths", *(str(folder / f) for f in ("train.py", "same.py", "photos"))]) == 0
    assert "max |diff| = 0 on 6 files" in " ".join(capsys.readouterr().out.split())


def test_scripts_that_do_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = folder / "paths.html"
    code = valscope(
        ["compare-paths", *(str(folder / f) for f in ("train.py", "raw.py", "photos")), "--out", str(page)]
    )
    said = capsys.readouterr().out
    assert code == 1 and "part at scale" in said and "rescale=1./255" in said
    assert "part at scale" in page.read_text("utf-8")


BGR = """
import cv2
from keras.models import load_model
model = load_model('model.h5')
class_names = ['b', 'a', 'd', 'c']
def predict(path):
    image = cv2.imread(path)
    image = cv2.resize(image, (24, 24))
    x = image / 255.0
    return class_names[int(np.argmax(model.predict(x[None])[0]))]
"""


def test_the_line_of_the_channels_is_not_that_of_the_classes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bgr.py").write_text(BGR)
    valscope(["compare-paths", *(str(folder / f) for f in ("train.py", "bgr.py", "photos"))])
    lines = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.strip().startswith("channel order"))
    assert "image = cv2.imread(path)" in lines[at + 2], lines[at : at + 3]


def test_a_run_against_a_script(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy_run(folder / "run")
    given = [str(folder / "run"), str(folder / "photos"), "--script", str(folder / "raw.py"), "--json"]
    assert valscope(["compare-paths", *given]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["schema_version"] == 1 and not found["equal"] and found["verdict"] == "PROVED"
    assert "scale" in [stage["stage"] for stage in found["stages"]] and "pictures" not in found
    assert len(COLOURS) > 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "takes two ways and images"),
        (["train.py", "photos"], "takes two ways and images"),
        (["photos", "photos", "photos"], "is not a run"),
        (["train.py", "nowhere.py", "photos"], "does not exist"),
        (["train.py", "same.py", "nowhere"], "does not exist"),
        (["train.py", "train.py", "photos"], "does not show how an image is prepared where it predicts"),
        (["train.py", "same.py", "photos", "--out", "x.txt"], "ending in .html"),
    ],
)
def test_wrong_requests_are_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], given: list[str], words: str
) -> None:
    arguments = [
        str(folder / g) if (not g.startswith("--") and "." in g) or g in ("photos", "nowhere") else g
        for g in given
    ]
    assert valscope(["compare-paths", *arguments]) == 3
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1
