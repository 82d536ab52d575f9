"""Diagnoses as a case with experiments would leave them, from a few numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from example_results import HOSTILE, TINY, share

from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Diagnosis, Finding, Mended, NotChecked
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import ModelSpec, Optimiser, Recipe, Split, Stage
from valscope.nouns.training import Reported, Training
from valscope.nouns.trial import Arm, Change, Trial

SCRIPT = """\
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout, Flatten
from keras.optimizers import Adam

X = np.load("features.npy")
y = np.load("labels.npy")

model = Sequential()
model.add(Dense(256, activation="relu", input_shape=(25088,)))
model.add(Dropout(0.5))
model.add(Dense(3, activation="softmax"))
model.compile(optimizer=Adam(lr=0.01), loss="categorical_crossentropy", metrics=["accuracy"])

model.fit(
    X,
    y,
    epochs=50,
    batch_size=32,
    validation_split=0.3,
    class_weight=class_weights,
)
"""


def at(line: int, file: str = "train.py") -> Source:
    return Source(file, line, SCRIPT.split("\n")[line - 1].strip())


SAID = (("optimiser.rate", at(13)), ("split.kind", at(20)), ("class_weights", at(21)), ("loss", at(13)))


def arm(label: str, hits: Sequence[int], n: int, validation: Sequence[float] = ()) -> Arm:
    """Right answers of each seed on n images."""
    return Arm(label, tuple(k / n for k in hits), share(sorted(hits)[len(hits) // 2], n), tuple(validation))


def trial(
    suspect: str,
    before: Sequence[int],
    after: Sequence[int],
    n: int = 300,
    labels: tuple[str, str] = ("as reported", "mended"),
    half: float = 0.029,
    **changes: Any,
) -> Trial:
    """Control against treated; `half` is half the width of the interval of the difference."""
    control, treated = arm(labels[0], before, n), arm(labels[1], after, n)
    gained = treated.mean - control.mean
    fields: dict[str, Any] = {
        "code": "S101", "suspect": suspect, "kind": "training", "question": f"Does {suspect} cost accuracy?",
        "control": control, "treated": treated, "n": n, "difference": gained, "low": gained - half, "high": gained + half,
        "only_control": 3, "only_treated": 3 + round(gained * n), "p": 2.1e-47, "p_holm": 6.3e-47, "ruling": "CONFIRMED",
        "noise": 0.013, "gap": 0.57, "reproduced": True, "seconds": 41.7,
    }  # fmt: skip
    return Trial(**(fields | changes))


TAIL = trial(
    "the split", (185, 182, 186), (289, 288, 290), labels=("as reported: last 30 % validate", "stratified split"),
    question="The same training, once with the last 30 % of the rows as validation and once with a stratified split.",
    changes=(Change("split.kind", "tail", "stratified"), Change("split.grouping", "none", "duplicates")),
    assumed=("Rows keep the order in which they were given.", "Keras' default initialisation was used for both dense layers."),
    mended=("T301",),
)  # fmt: skip
TAIL = replace(
    TAIL, control=replace(TAIL.control, validation=(0.415, 0.413, 0.419)),
    treated=replace(TAIL.treated, validation=(0.958, 0.962, 0.955)),
)  # fmt: skip
RATE = trial(
    "the learning rate", (214, 188, 241), (289, 288, 290), labels=("rate 0.01", "rate 0.0001"), code="T301",
    half=0.09, noise=0.177, question="The same training with a hundredth of the rate, both with a stratified split.",
    changes=(Change("optimiser.rate", "0.01", "0.0001"),), mended=("S101",), p=3e-9, p_holm=6e-9, reproduced=None,
    words="Two of three seeds of the control end below the share of the largest class plus noise.",
)  # fmt: skip
WEIGHTS = trial(
    "class weights", (174, 175, 173), (173, 174, 174), labels=("with them", "without them"), code="M301", half=0.021,
    changes=(Change("class_weights", "2.05, 2.97, 5.75", "none"),), ruling="REFUTED", p=0.87, p_holm=1.0,
    only_control=7, only_treated=6, question="The same training without class weights.",
)  # fmt: skip
LOSS = trial(
    "binary cross-entropy", (288, 289, 288), (289, 288, 290), labels=("binary", "categorical"), code="M101", half=0.012,
    changes=(Change("loss", "binary_crossentropy", "crossentropy"),), ruling="REFUTED", p=0.69, p_holm=1.0,
    only_control=4, only_treated=5, question="The same training with categorical cross-entropy.",
)  # fmt: skip
SCALE = trial(
    "the scale in prediction", (227,), (291,), labels=("pixels 0..255, as in predict.py", "divided by 255, as in training"),
    kind="rescoring", code="P101", noise=0.0, gap=0.227, half=0.05, seconds=2.1, p=1.3e-15, p_holm=1.3e-15,
    question="The saved model on the same images, scaled as prediction does and as training did.",
    changes=(Change("preparation.scale", "none", "unit"),),
    assumed=("The model may have seen these images while training; both arms did.",),
)  # fmt: skip


CURE = trial(
    "all remedies together", (185, 182, 186), (290, 289, 291), labels=("as reported", "mended"), code="",
    question="Trained on 3 seeds with all remedies together.", changes=(*TAIL.changes, *RATE.changes),
)  # fmt: skip
CURE = replace(CURE, control=replace(CURE.control, validation=(0.415, 0.413, 0.419)))


def finding(code: str, name: str, claim: str, **more: Any) -> Finding:
    fields: dict[str, Any] = {
        "verdict": "CONFIRMED", "numbers": {"n": 300}, "evidence": (at(20), at(15)),
        "remedy": "Shuffle before the split and keep the shares of classes: train_test_split(X, y, stratify=y).",
        "explains": ("overfitting", "the gap between training and validation"), "weight": 0.95,
        "cannot_tell": "how much a larger validation part would change.",
        "next_step": "valscope diagnose train.py features/ --fix",
    }  # fmt: skip
    return Finding(code, name, **(fields | {"claim": claim} | more))


NEVER = finding(
    "S101", "class_never_trained",
    "Class 2 is never trained: the last 1311 of 4367 rows validate, and they hold 551 of class 1, all 760 of class 2. "
    "So val_accuracy cannot in practice exceed 551/1311 = 0.4203; the best logged is 0.4195 = 550/1311.",
    trial=TAIL,
)  # fmt: skip
FAST = finding(
    "T301", "learning_rate", "The rate 0.01 is 100 times what this network bears: of 3 seeds one ends at 62.7 %.",
    trial=RATE, evidence=(at(13),), remedy="Adam(learning_rate=0.0001).", explains=(), cannot_tell="", weight=0.6,
)  # fmt: skip
CHECKED = (
    "class_weight", "overfits", "images_scored", "one_step_epoch", "answers_prior", "constant_prediction",
    "below_chance", "saturated_output", "loss_beyond_accuracy", "elementwise_accuracy", "copied_columns", "quoted_epoch",
    "last_layer", "frozen_backbone", "label_form", "scale_differs", "decides_by_equality", "backbone_scale", "tail_unshuffled",
)  # fmt: skip
NULL = trial(
    "nothing to learn", (34,), (98,), n=100, labels=("labels dealt out", "labels as given"), kind="null", code="G101",
    ruling="REFUTED", gap=0.0, noise=0.0, half=0.08, reproduced=None,
)  # fmt: skip
MISSING = (
    NotChecked("what was saved", "no model was given", "the saved model (.keras or .h5)"),
    NotChecked("heat maps", "the network was rebuilt, and the images are features", "the images themselves"),
)


def sick() -> Diagnosis:
    """Two causes, each confirmed with the other mended; two suspects acquitted by trial, one by arithmetic."""
    return Diagnosis(
        findings=(
            NEVER,
            FAST,
            finding("X101", "relies_on_background", "With the object blurred 71 % of 300 images are still named right.",
                    verdict="SUSPECTED", evidence=(Source("photos/cat/cat017.jpg"),), remedy="Photograph each class before several backgrounds.",
                    next_step="valscope explain runs/photos photos/", weight=0.3),
            finding("L303", "quoted_epoch", "The quoted 41.95 % belongs to epoch 4 of 50.", verdict="PROVED", minor=True, weight=0.1),
        ),
        acquitted=(
            Acquittal("class weights", "tried without them, the accuracy stays.", "REFUTED", trial=WEIGHTS),
            Acquittal("binary cross-entropy", "tried with categorical cross-entropy, the accuracy stays.", "REFUTED", trial=LOSS),
            Acquittal("nothing to learn", "a linear probe learns the labels to 98 %, dealt-out labels to 34 %.", "REFUTED", trial=NULL),
            Acquittal("overfitting", "val_loss never passed through a good phase: in its best epoch it is 48.9 times ln 3."),
        ),
        not_checked=MISSING, checked=CHECKED, read=("post.txt", "train.py", "features/"), cure=CURE,
        mended=Mended("mended/mended.json", "mended/run", "test", share(641, 655), share(185, 300)),
        assumed=("Keras' default initialisation was used for both dense layers.",),
    )  # fmt: skip


def misused() -> Diagnosis:
    """A fault of use: nothing is trained, the saved model is scored in two ways."""
    claim = "Training gets pixels divided by 255, prediction gets them as they are, 255 times what it was trained on."
    found = finding("P101", "scale_differs", claim, trial=SCALE, remedy="Scale in prediction as in training.")
    return Diagnosis((found,), (), MISSING[:1], CHECKED, ("predict.py", "model.keras", "photos/"))


def healthy() -> Diagnosis:
    return Diagnosis(checked=CHECKED, read=("photos/", "train.py"))


def training() -> Training:
    recipe = Recipe(
        "features/", ("cat", "dog", "landscape"), None, ModelSpec("features", units=256, activation="softmax"),
        Split("tail", 0.3, 0.0, "none"), optimiser=Optimiser("adam", 0.01), stages=(Stage(50),), class_weights=(2.05, 2.97, 5.75),
    )  # fmt: skip
    assumed = ("Weights start as Keras draws them; the script names no seed.",)
    reported = (Reported("val", 0.4195, Source("post.txt", 41, "val_acc: 0.4195"), 1311, share(550, 1311)),)
    return Training(recipe, "features/", "keras", "script", assumed, reported, SAID)


def hostile() -> Diagnosis:
    """Every text is a name that somebody could have chosen to break a page."""
    bad, worse = HOSTILE[0], HOSTILE[1]
    arms = {
        "labels": (bad, HOSTILE[6]),
        "question": worse,
        "words": HOSTILE[3],
        "assumed": HOSTILE,
        "mended": HOSTILE,
    }
    tried = trial(bad, (100,), (200,), changes=tuple(Change(name, name, name) for name in HOSTILE), **arms)
    found = tuple(
        Finding(name, name, "CONFIRMED", f"{name} 1.", {name: name}, (Source(name, 3, name),), HOSTILE, name, name, name,
                trial=tried, minor=i > 5)
        for i, name in enumerate(HOSTILE)
    )  # fmt: skip
    cleared = tuple(Acquittal(name, name, "REFUTED", trial=tried) for name in HOSTILE)
    unknown = tuple(NotChecked(name, name, name) for name in HOSTILE)
    return Diagnosis(found, cleared, unknown, HOSTILE, HOSTILE)


PICTURES = {"photos/cat/cat017.jpg": TINY}
PREPARED = Preparation(64, 64)
