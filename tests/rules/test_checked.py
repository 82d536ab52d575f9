"""A rule stands under checked only where the evidence that it needs was given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from valscope.case import open_case
from valscope.diagnosis import all_rules, diagnose
from valscope.nouns.finding import Diagnosis

PREDICT = """import os
import numpy as np
from keras.models import load_model
from keras.preprocessing import image
model = load_model("model.h5")
labels = ["cat", "dog", "fox"]
for name in os.listdir("new"):
    x = image.img_to_array(image.load_img(os.path.join("new", name), target_size=(64, 64))) / 255.0
    print(name, labels[np.argmax(model.predict(np.expand_dims(x, 0)))])
"""
TRAIN = """from keras.models import Sequential
from keras.layers import Conv2D, Dense, GlobalAveragePooling2D
from keras.preprocessing.image import ImageDataGenerator
model = Sequential([Conv2D(8, 3, activation="relu", input_shape=(64, 64, 3)), GlobalAveragePooling2D(), Dense(3, activation="softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
train = ImageDataGenerator(rescale=1 / 255).flow_from_directory("photos/train", target_size=(64, 64))
model.fit(train, epochs=9)
model.save("model.h5")
"""
ABOUT_TRAINING = {
    "class_weight", "augmentation_changes_labels", "labels_lose_images", "label_form", "backbone_scale",
    "validation_is_training", "samples_with_replacement", "counter_never_reset", "trains_in_order", "slices_overlap",
    "copied_before_split", "reshuffled_split", "validation_augmented", "pop_without_effect",
}  # fmt: skip
ABOUT_USE = {
    "predicts_in_training_mode",
    "predicts_one_by_one",
    "decides_by_equality",
    "decision_differs",
}
ABOUT_BOTH = {"scale_differs", "resize_differs", "colour_order"}


def judged(tmp_path: Path, **texts: str) -> Diagnosis:
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    return diagnose(open_case([str(tmp_path / f"{name}.py") for name in texts]))


def test_a_prediction_script_alone_says_nothing_of_training(tmp_path: Path) -> None:
    found = judged(tmp_path, predict=PREDICT)
    checked = set(found.checked)
    assert checked >= ABOUT_USE
    assert not checked & (ABOUT_TRAINING | ABOUT_BOTH)
    assert not checked & {"scaled_twice", "torch_loop", "order_lost", "class_order_differs"}
    missing = {m.name: m.would_settle for m in found.not_checked}
    assert missing["how it was trained"] == "the training script"
    assert "what the code does" not in missing


def test_a_training_script_alone_says_nothing_of_its_use(tmp_path: Path) -> None:
    found = judged(tmp_path, train=TRAIN)
    checked = set(found.checked)
    assert checked >= ABOUT_TRAINING | {"scaled_twice"}
    assert not checked & (ABOUT_USE | ABOUT_BOTH | {"torch_loop"})
    assert "how it was trained" not in {m.name for m in found.not_checked}


def test_both_are_compared(tmp_path: Path) -> None:
    assert set(judged(tmp_path, train=TRAIN, predict=PREDICT).checked) >= (
        ABOUT_TRAINING | ABOUT_USE | ABOUT_BOTH
    )


def test_a_list_of_names_is_checked_only_against_class_numbers(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 255, (12, 8, 8, 3)).astype(np.uint8)
    np.savez(tmp_path / "data.npz", x=images, y=np.array(["cat", "dog", "fox"])[np.arange(12) % 3])
    (tmp_path / "predict.py").write_text(PREDICT)
    both = diagnose(open_case([str(tmp_path / "predict.py"), str(tmp_path / "data.npz")]))
    assert "class_order_differs" in both.checked


def test_code_that_does_nothing_is_not_judged(tmp_path: Path) -> None:
    assert judged(tmp_path, empty="import keras\n").checked == ()


@pytest.mark.parametrize("rule", list(all_rules()), ids=lambda r: str(r.NAME))
def test_a_rule_about_code_needs_what_the_code_says(rule: object) -> None:
    """That some code was given is no evidence: it may be of another kind."""
    needs = rule.NEEDS  # type: ignore[attr-defined]
    assert "scripts" not in needs


def test_sizes_are_told_apart_by_the_program_that_printed_them(tmp_path: Path) -> None:
    """evaluate.log says how many images it scored: beside it the second line of train.log is still validation's."""
    (tmp_path / "evaluate.log").write_text("Found 144 images belonging to 6 classes.\n", "utf-8")
    sizes = "Found 342 images belonging to 6 classes.\nFound 54 images belonging to 6 classes.\n"
    (tmp_path / "train.log").write_text(sizes, "utf-8")
    case = open_case([str(tmp_path / "evaluate.log"), str(tmp_path / "train.log")])
    assert [fact.value for fact in case.stated_validation] == [54]
