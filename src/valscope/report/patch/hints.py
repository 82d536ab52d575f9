"""What to do by hand where no edit is certain: one line for a comment above the user's own."""

from __future__ import annotations

from collections.abc import Mapping

from valscope.nouns.trial import Change
from valscope.words.change import plain_name, recipe_diff, sentence
from valscope.words.plain import clean, shorten

LONGEST = 150
HINTS: Mapping[tuple[str, str], str] = {
    (
        "split.kind",
        "stratified",
    ): "divide shuffled rows and keep the shares of classes: train_test_split(X, y, stratify=y)",
    ("split.grouping", "duplicates"): "keep copies of one picture in one part",
    ("split.grouping", "given"): "keep each group in one part: GroupShuffleSplit",
    ("feed.order", "permuted"): "a new permutation of all images each epoch: rng.permutation(n)",
    ("feed.carried_counter", "no"): "begin at 0 in each epoch: set the counter back in on_epoch_end",
    (
        "feed.labels_apart",
        "no",
    ): "one order for both: order = rng.permutation(n); images[order], labels[order]",
    ("decision.rule", "argmax"): "take the largest output: scores.argmax(axis=-1)",
    ("decision.rule", "threshold"): "compare the score with 0.5: score > 0.5",
    ("model.activation", "linear"): "no activation here, and from_logits=True in the loss",
    ("model.outputs", "classes"): "one unit a class, softmax and categorical cross-entropy",
    (
        "model.batchnorm",
        "inference",
    ): "call the frozen part with training=False, and keep its BatchNorm layers frozen",
    ("mode", "moving"): "ask the network in inference mode: training=False",
    ("preparation.scale", "none"): "leave the pixels as they are (0 to 255)",
    ("preparation.scale", "unit"): "divide by 255, as in the other half of the code",
    ("preparation.scale", "caffe"): "use the preprocess_input of this backbone",
    ("preparation.scale", "imagenet"): "use the preprocess_input of this backbone",
    ("preparation.scale", "symmetric"): "use the preprocess_input of this backbone: x / 127.5 - 1",
    ("preparation.order", "rgb"): "turn BGR into RGB: cv2.cvtColor(img, cv2.COLOR_BGR2RGB)",
}
WHOLE: Mapping[str, str] = {
    "order": "name the classes in the order of class_indices of the training generator",
    "aligned": "take predictions and labels in one pass, or do not shuffle",
    "checkpoint": "load the weights of the epoch that was kept",
    "class_weights": "leave class_weight out",
}


def hint(change: Change) -> str:
    """One line: what this setting should be."""
    name = plain_name(change.setting)
    known = HINTS.get((name, change.after)) or WHOLE.get(name)
    if known is None:
        known = "; ".join(sentence(row) for row in recipe_diff([change])[:3])
    return shorten(" ".join(clean(known).split()), LONGEST)
