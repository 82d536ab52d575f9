"""Labels and predictions in two orders: lists of labels, and passes over a feed that shuffles anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.nouns.finding import Finding
from valscope.rules import order_lost

FEED = """import keras
import numpy as np
import tensorflow as tf
from sklearn.metrics import accuracy_score, classification_report

model = keras.models.load_model("model.keras")
val = keras.utils.image_dataset_from_directory("photos/val", image_size=(32, 32){more})
"""
ARRAYS = (
    FEED.partition("val =")[0]
    + "val = tf.data.Dataset.from_tensor_slices((x, y)).shuffle({given}).batch(32)\n"
)
TOLD = {
    "comprehension": """truth = np.concatenate([y for _, y in val], axis=0)
print(accuracy_score(truth, model.predict(val).argmax(axis=1)))
""",
    "loop": """truth = []
for images, labels in val:
    truth.extend(labels.numpy())
print(classification_report(np.array(truth), np.argmax(model.predict(val), axis=-1)))
""",
    "mapped": """truth = np.concatenate(list(val.map(lambda x, y: y).as_numpy_iterator()))
scores = model.predict(val.prefetch(2))
print(accuracy_score(y_true=truth, y_pred=np.argmax(scores, 1)))
""",
    "equality": """truth = tf.concat([labels for images, labels in val], axis=0)
scores = model.predict(val)
print(np.mean(np.argmax(scores, axis=1) == truth))
""",
    "one unit": """truth = np.concatenate([labels.numpy() for images, labels in val])
scores = (model.predict(val) > 0.5).astype("int32").ravel()
print((truth == scores).mean())
""",
}


def told(code: str, folder: Path) -> list[Finding]:
    path = folder / "predict.py"
    path.write_text(code, "utf-8")
    return [found for found in order_lost.check(open_case([str(path)])) if isinstance(found, Finding)]


@pytest.mark.parametrize("use", TOLD.values(), ids=TOLD)
@pytest.mark.parametrize("feed", [FEED.format(more=""), ARRAYS.format(given="1000")])
def test_two_passes_over_a_feed_that_shuffles_have_two_orders(use: str, feed: str, tmp_path: Path) -> None:
    (found,) = told(feed + use, tmp_path)
    assert "one pass" in found.claim
    assert "in one pass" in str(found.remedy)


@pytest.mark.parametrize("use", TOLD.values(), ids=TOLD)
@pytest.mark.parametrize(
    "feed",
    [
        FEED.format(more=", shuffle=False"),
        FEED.format(more="") + "val = val.cache()\n",
        ARRAYS.format(given="1000, reshuffle_each_iteration=False"),
        ARRAYS.format(given="1").replace(".shuffle(1)", ""),
    ],
)
def test_a_feed_in_one_order_is_not_accused(use: str, feed: str, tmp_path: Path) -> None:
    assert told(feed + use, tmp_path) == []


def test_labels_and_predictions_of_one_pass_belong_together(tmp_path: Path) -> None:
    use = """truth, answers = [], []
for images, labels in val:
    answers.extend(np.argmax(model.predict(images), axis=1))
    truth.extend(labels.numpy())
print(classification_report(truth, answers))
print(np.mean(np.array(truth) == np.array(answers)))
"""
    assert told(FEED.format(more="") + use, tmp_path) == []


def test_labels_of_another_feed_are_left_alone(tmp_path: Path) -> None:
    other = 'test = keras.utils.image_dataset_from_directory("photos/test", shuffle=False)\n'
    use = "truth = np.concatenate([y for _, y in test])\nprint(accuracy_score(truth, model.predict(val).argmax(1)))\n"
    assert told(FEED.format(more="") + other + use, tmp_path) == []


def test_two_scores_of_one_feed_are_one_finding(tmp_path: Path) -> None:
    use = "y = model.predict(val).argmax(1)\nprint(accuracy_score(val.classes, y))\nprint(classification_report(val.classes, y))\n"
    feed = FEED.replace("keras.utils.image_dataset_from_directory(", "gen.flow_from_directory(").format(
        more=""
    )
    (found,) = told(feed + use, tmp_path)
    assert "accuracy_score and classification_report in lines 9 and 10 compare predictions" in found.claim
    assert "model.evaluate(val)" in str(found.next_step)


ONE_PASS = {
    "collected images": """x, truth = [], []
for images, labels in val:
    x.append(images.numpy())
    truth.append(labels.numpy())
print(accuracy_score(np.concatenate(truth), model.predict(np.concatenate(x)).argmax(axis=1)))
""",
    "a list of batches": """batches = list(val)
x = np.concatenate([images for images, labels in batches])
truth = np.concatenate([labels for images, labels in batches])
print(accuracy_score(truth, model.predict(x).argmax(1)))
""",
    "batch by batch, changed": """truth, answers = [], []
for images, labels in val:
    answers.extend(np.argmax(model.predict(tf.cast(images, tf.float32) / 1.0), axis=1))
    truth.extend(labels.numpy())
print(classification_report(truth, answers))
""",
}


@pytest.mark.parametrize("use", ONE_PASS.values(), ids=ONE_PASS)
@pytest.mark.parametrize("feed", [FEED.format(more=""), ARRAYS.format(given="1000")])
def test_images_and_labels_of_one_pass_are_not_accused(use: str, feed: str, tmp_path: Path) -> None:
    assert told(feed + use, tmp_path) == []


def test_a_shuffle_that_is_told_by_place_not_to_come_anew(tmp_path: Path) -> None:
    for use in TOLD.values():
        assert told(ARRAYS.format(given="1000, 42, False") + use, tmp_path) == []
