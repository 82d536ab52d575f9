"""Rules about measured data and saved files: folders, label arrays, class lists."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from valscope.case import open_case
from valscope.diagnosis import diagnose
from valscope.nouns.finding import Diagnosis
from valscope.rules import class_order_differs
from valscope.worlds.logs import found as found_folders
from valscope.worlds.logs import log, rows
from valscope.worlds.scripts import network


def picture(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (12, 12, 3), dtype=np.uint8)).save(path)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two classes in training and validation, all images different."""
    for part, count in (("train", 6), ("val", 3)):
        for name in ("cat", "dog"):
            for i in range(count):
                picture(tmp_path / part / name / f"{i}.png", hash((part, name, i)) % 10**6)
    return tmp_path


def judge(*inputs: Path) -> Diagnosis:
    return diagnose(open_case([str(p) for p in inputs]))


def codes(diagnosis: Diagnosis) -> set[str]:
    return {f.code for f in diagnosis.findings}


def test_a_sound_folder_has_no_finding(photos: Path) -> None:
    found = judge(photos)
    assert found.findings == ()
    assert {"class_sets_differ", "same_files_in_parts"} <= set(found.checked)


def test_a_class_that_training_lacks(photos: Path) -> None:
    picture(photos / "val" / "owl" / "0.png", 77)
    (finding,) = judge(photos).findings
    assert finding.code == "D101"
    assert "train has no image of 'owl'" in finding.claim


def test_the_same_file_in_both_parts(photos: Path) -> None:
    (photos / "val" / "cat" / "copy.png").write_bytes((photos / "train" / "cat" / "0.png").read_bytes())
    (finding,) = judge(photos).findings
    assert finding.code == "S105"
    assert finding.verdict == "PROVED"
    assert finding.numbers["trained_too"] == 1
    assert finding.numbers["scored"] == 7


def test_one_image_under_two_labels(photos: Path) -> None:
    (photos / "train" / "dog" / "copy.png").write_bytes((photos / "train" / "cat" / "0.png").read_bytes())
    (finding,) = judge(photos).findings
    assert finding.numbers["conflicts"] == 1


def test_sorted_labels_and_a_tail_split_prove_a_class_that_was_never_trained(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    fit = network(more="model.fit(x, y, epochs=9, validation_split=0.2)")
    report.write_text(fit + log(rows("0.5 0.88 2.5 0.10 / 0.3 0.93 2.9 0.11 / 0.2 0.96 3.1 0.10")))
    labels = tmp_path / "labels.npy"
    np.save(labels, np.repeat([0, 1, 2], [500, 320, 180]))
    found = judge(report, labels)
    cause = next(f for f in found.findings if f.code == "S101")
    assert cause.verdict == "PROVED"
    assert cause.numbers["composition"] == (0, 20, 180)
    np.save(labels, np.random.default_rng(0).permutation(np.repeat([0, 1, 2], [500, 320, 180])))
    assert "S101" not in codes(judge(report, labels))


def test_names_against_measured_class_numbers(tmp_path: Path) -> None:
    (tmp_path / "class_indices.json").write_text(json.dumps({"cat": 0, "dog": 1, "owl": 2}))
    script = tmp_path / "use.py"
    script.write_text(network(more="names = ['owl', 'dog', 'cat']\nprint(names[model.predict(x).argmax()])"))
    assert "P114" in codes(judge(script, tmp_path / "class_indices.json"))


def test_a_log_in_another_file_is_judged_with_the_folder(photos: Path, tmp_path: Path) -> None:
    training = tmp_path / "training.log"
    training.write_text(
        found_folders(3) + log(rows("0.9 0.6 0.8 0.61 / 0.6 0.75 0.6 0.74 / 0.4 0.85 0.5 0.80"))
    )
    found = judge(training, photos)
    assert found.findings == ()
    assert {"saturated_output", "class_sets_differ"} <= set(found.checked)


NUMBERED = """import os, cv2, keras
CATEGORIES = ["oak", "elm", "ash"]
x, y = [], []
for number, name in enumerate(CATEGORIES):
    for file in os.listdir(os.path.join("photos", name)):
        x.append(cv2.imread(os.path.join("photos", name, file)))
        y.append(number)
{feed}model.fit(x, y, epochs=3)
"""


@pytest.mark.parametrize(
    ("feed", "speaks"),
    [("", False), ("train = gen.flow_from_directory('photos', class_mode='sparse')\n", True)],
)
def test_a_list_that_numbers_the_classes_is_in_no_wrong_order(
    tmp_path: Path, feed: str, speaks: bool
) -> None:
    for name in ("ash", "elm", "oak"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for i in range(3):
            Image.new("RGB", (8, 8), (40 * i, 10, 10)).save(tmp_path / "photos" / name / f"{i}.png")
    (tmp_path / "train.py").write_text(NUMBERED.format(feed=feed))
    case = open_case([str(tmp_path / "train.py"), str(tmp_path / "photos")])
    assert bool(list(class_order_differs.check(case))) == speaks
