"""The folder of training: it numbers the classes, its images may be what a number was seen on, and may lie among the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from seeing import CLASSES, TRUE, Formula, drawn

import valscope
from valscope.errors import UsageError
from valscope.nouns.reconciliation import Reconciliation
from valscope.reconciling.axes import with_value
from valscope.reconciling.likelihood import log_loss
from valscope.report.reconcile_html import reconcile_html
from valscope.report.reconcile_text import reconcile_lines

pytestmark = pytest.mark.slow  # programs are really run and models scored, many seconds in all


def folder(at: Path, n: int = 120, seed: int = 0, noise: float = 0.1, names=CLASSES, without=()) -> Path:
    """A folder a class; `names` are those of the formula's classes 0, 1, 2, 3."""
    dataset = drawn(n, seed=seed, noise=noise)
    for i, (values, label) in enumerate(zip(dataset.content.values, dataset.labels, strict=True)):
        if names[label] not in without:
            (at / names[label]).mkdir(parents=True, exist_ok=True)
            Image.fromarray(values).save(at / names[label] / f"{i}.png")
    return at


def said(found: Reconciliation) -> str:
    return " ".join((*found.notes, *(f"{one.name}: {one.reason}" for one in found.not_checked)))


def test_a_class_without_images_shifts_every_number_after_it(tmp_path):
    train, new = folder(tmp_path / "train"), folder(tmp_path / "new", seed=1, without=("brick",))
    found = valscope.reconcile(Formula(), new, train_folder=train)
    assert (
        f"The training folder has 4 classes, {new} 3 ({new} has no 'brick'): every number after 'apple'"
        in said(found)
    )
    assert 'Write class_names = ["apple", "brick", "cloud", "drain"]' in said(found)
    assert found.classes == CLASSES and found.variants[0].accuracy.value > 0.8
    shifted = next(v for v in found.variants if v.pipeline.order == (0, 2, 3, -1))
    assert shifted.name == "class order: outputs stand for 'apple', 'cloud', 'drain', no class"
    used = valscope.reconcile(Formula(), new, train_folder=train, served=shifted.pipeline)
    (fall,) = used.waterfalls[0].falls
    assert used.verdict == "fault" and fall.change == 'class_names = ["apple", "brick", "cloud", "drain"]'


def test_images_of_a_class_that_training_does_not_know_are_left_out_and_said(tmp_path):
    train, new = folder(tmp_path / "train"), folder(tmp_path / "new", seed=1)
    (new / "arrow").mkdir()
    Image.new("RGB", (16, 16), (9, 9, 9)).save(new / "arrow" / "1.png")
    found = valscope.reconcile(Formula(), new, train_folder=train)
    assert found.n == 120 and "has 'arrow' more): every number after 'apple'" in said(found)
    assert "1 images of 'arrow' are left out" in said(found)


def test_an_empty_folder_counts_as_a_class_where_the_model_has_its_output(tmp_path):
    names = ("apple", "cloud", "drain", "elm")
    train = folder(tmp_path / "train", names=("apple", "brick", "cloud", "drain"), without=("brick",))
    (train / "brick").mkdir()
    found = valscope.reconcile(
        Formula(), folder(tmp_path / "new", seed=1, without=("brick",)), train_folder=train
    )
    assert "Keras counts the folder 'brick'" in said(found) and "as class 1" in said(found)
    assert found.variants[0].accuracy.value > 0.8
    other = folder(tmp_path / "other", names=names, without=("elm",))
    with pytest.raises(valscope.errors.DataError, match="--train-folder"):
        valscope.reconcile(Formula(), other, train_folder=other)


def test_numbers_as_names_are_sorted_as_text(tmp_path):
    names = ("1", "10", "2", "20")  # the order of Keras; counted, it would be 1, 2, 10, 20
    train, new = folder(tmp_path / "train", names=names), folder(tmp_path / "new", seed=1, names=names)
    found = valscope.reconcile(Formula(), new, train_folder=train)
    assert found.classes == names and found.reference.order is None
    assert "output 1 stands for '10' and not, as counting would have it, for '2'" in said(found)


def test_capitals_and_dashes_are_the_same_names_and_other_words_are_looked_for_in_the_images(tmp_path):
    train = folder(tmp_path / "train", names=("Red up", "blue_up", "cold", "dim"))
    new = folder(tmp_path / "new", seed=1, names=("red-up", "blue-up", "cold", "dim"))
    found = valscope.reconcile(Formula(), new, train_folder=train)
    assert "under names that sort otherwise" in said(found)
    assert found.classes == ("Red up", "blue_up", "cold", "dim") and found.variants[0].accuracy.value > 0.8
    foreign = folder(tmp_path / "foreign", seed=1, names=("rot", "blau", "kalt", "fade"))
    found = valscope.reconcile(Formula(), foreign, train_folder=train)
    assert "which is which is looked for in the images" in said(found)
    assert found.reference.order == (3, 0, 2, 1)
    training = next(v for v in found.variants if v.on_training)
    assert training.accuracy.value > 0.8, "labels of training are the outputs themselves"


@pytest.mark.parametrize("served", [None, TRUE])
def test_a_number_that_only_training_images_give_is_called_so(tmp_path, served):
    train, new = folder(tmp_path / "train", noise=0.0), folder(tmp_path / "new", seed=1, noise=0.25)
    found = valscope.reconcile(Formula(), new, train_folder=train, served=served, claimed=["0.99"])
    assert (found.verdict, found.exit_code) == ("training", 1), found.sentence
    assert found.sentence.startswith("99.0 % is the accuracy on the training images")
    assert "The difference is not lost in preparation" in found.sentence
    assert found.claims[0].matches[0] == "the same pipeline on the training images"
    without = valscope.reconcile(Formula(), new, served=served, claimed=["0.99"])
    assert without.verdict == "unmatched"
    lines = reconcile_lines(found)
    assert lines[0].startswith("TRAINING ACCURACY") and any(line.startswith("  training ") for line in lines)
    page = reconcile_html(found)
    assert page.index("on training images</span><b>100.0 %") < page.index("<h3>training images</h3>")
    assert "TRAINING ACCURACY" in page


def test_a_fault_of_use_is_told_before_training_accuracy(tmp_path):
    train, new = folder(tmp_path / "train", noise=0.0), folder(tmp_path / "new", seed=1, noise=0.25)
    flat = with_value("scale", "none", TRUE)
    found = valscope.reconcile(Formula(), new, train_folder=train, served=flat, claimed=["0.99"])
    assert found.verdict == "fault" and "99.0 % is the accuracy on the training images" in said(found)
    used = next(v for v in found.variants if v.metric.startswith("the pipeline in use"))
    assert used.accuracy.value == 0.25


def test_images_that_are_also_of_training_are_counted(tmp_path):
    train, new = folder(tmp_path / "train", noise=0.0), folder(tmp_path / "new", seed=1, noise=0.25)
    for i in range(0, 20, 4):
        source, copy = train / "apple" / f"{i}.png", new / "apple" / f"copy{i}.png"
        copy.write_bytes(source.read_bytes())
        if i % 8:  # the same picture under other bytes
            Image.open(source).save(copy, compress_level=0)
    found = valscope.reconcile(Formula(), new, train_folder=train)
    assert f"5 of the 125 images also lie in {train} (3 with the same bytes and 2 saved again)" in said(found)
    assert "of those 100.0 %" in said(found) and "of the 120 others are right" in said(found)


def test_the_images_of_training_themselves_are_said_to_be_such(tmp_path):
    train = folder(tmp_path / "train")
    found = valscope.reconcile(Formula(), train, train_folder=train)
    assert f"All 120 images that were looked at lie in {train}" in said(found)
    assert not any(v.on_training for v in found.variants)


def test_a_folder_with_parts_gives_its_training_part(tmp_path):
    folder(tmp_path / "all" / "train", 100)
    folder(tmp_path / "all" / "val", 80, seed=1)
    found = valscope.reconcile(Formula(), tmp_path / "all", train_folder=tmp_path / "all")
    assert "the part train is taken, 100 images" in said(found) and found.n == 80
    assert next(v for v in found.variants if v.on_training).scored == 80


def test_a_folder_that_cannot_be_used_is_said_so_and_one_that_is_not_there_refused(tmp_path):
    new, empty = folder(tmp_path / "new"), tmp_path / "empty"
    empty.mkdir()
    found = valscope.reconcile(Formula(), new, train_folder=empty)
    assert "training images: " in said(found) and "0 images outside and none inside class folders" in said(
        found
    )
    few = folder(tmp_path / "few", 8, seed=3)
    assert "has 8 images that can be used" in said(valscope.reconcile(Formula(), new, train_folder=few))
    with pytest.raises(UsageError, match="--train-folder takes"):
        valscope.reconcile(Formula(), new, train_folder=tmp_path / "nowhere")


def test_a_folder_of_another_model_numbers_nothing(tmp_path):
    new, train = folder(tmp_path / "new"), folder(tmp_path / "train", without=("drain",), seed=2)
    found = valscope.reconcile(Formula(), new, train_folder=train)
    assert "has 3 classes, the model 4" in said(found)
    assert "the classes of" in said(found) and not any(v.on_training for v in found.variants)


def test_an_output_without_a_class_costs_no_other_its_probability():
    labels = np.array([0, 1])
    outputs = np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05]], np.float32)
    three = Formula(outputs=3).about.head
    assert log_loss(outputs, labels, three, TRUE.but(order=(0, 1, -1))) == pytest.approx(
        -np.log(0.9), abs=1e-5
    )
