"""Labels and outputs whose shapes do not fit: which of the usual mistakes it is."""

from __future__ import annotations

import re

from valscope.nouns.post import SeenError

_SIDE = re.compile(r"\d+|None|\?|-1")


def label_shape(groups: dict[str, str]) -> SeenError | None:
    """Explain labels of shape `target` against outputs of shape `output`.

    The first side is the batch; what follows decides: (n,) or (n, 1) are class numbers, (n, K) is one-hot.
    """
    target, output = _sides(groups["target"]), _sides(groups["output"])
    wide, units = _width(target), _width(output)
    numbers = (("labels", groups["target"]), ("outputs", groups["output"]))
    if units is None or len(output) > 2:
        return SeenError(
            "outputs_not_flat",
            f"The network gives outputs of shape {groups['output']} for labels of shape {groups['target']}: its "
            "last layer works on a feature map and not on one vector for each image.",
            "Put Flatten() or GlobalAveragePooling2D() before the last Dense layer.", numbers,
        )  # fmt: skip
    if wide == 1 and units > 1:
        return SeenError(
            "class_numbers_for_one_hot",
            f"The labels are class numbers (shape {groups['target']}), but the loss compares them with {units} "
            "outputs one by one and needs one-hot rows.",
            f"Use loss='sparse_categorical_crossentropy', or one-hot labels: keras.utils.to_categorical(y, {units}).",
            numbers,
        )
    if wide is not None and wide > 1 and units == 1:
        return SeenError(
            "one_hot_for_one_unit",
            f"The labels are one-hot rows of {wide} classes (shape {groups['target']}), but the network has a "
            "single output.",
            f"Give the last layer {wide} units with softmax and categorical_crossentropy, or keep one unit and give "
            "labels 0 and 1 (class_mode='binary').",
            numbers,
        )
    if wide is not None and wide != units:
        return SeenError(
            "class_count_differs",
            f"The labels have {wide} classes (shape {groups['target']}), the last layer has {units} units.",
            f"Make the last layer Dense({wide}); if {wide} is not your number of classes, look for a stray folder "
            "or file among the class folders, or labels counted from 1.",
            numbers,
        )
    return None


def checked_target(groups: dict[str, str]) -> SeenError | None:
    """Keras 2 left the batch out where both were vectors: "(36,)" against "(27,)" are 36 and 27 values each."""
    full = {
        k: v if len(_sides(v)) > 1 else v.replace("(", "(None, ").replace(",)", ")")
        for k, v in groups.items()
    }
    return label_shape(full)


def flattened_labels(groups: dict[str, str]) -> SeenError:
    """ "logits shape [32,3] and labels shape [96]": one-hot labels were given to a sparse loss."""
    logits, labels = _sides(groups["output"]), _sides(groups["target"])
    numbers = (("labels", groups["target"]), ("outputs", groups["output"]))
    if len(logits) == 2 and labels and _product(logits) == labels[0]:
        return SeenError(
            "one_hot_for_class_numbers",
            f"The loss wants one class number for each image, but {labels[0]} values came for {logits[0]} images: "
            f"these are one-hot rows of {logits[1]}.",
            "Use loss='categorical_crossentropy', or give class numbers: y.argmax(axis=1) (class_mode='sparse').",
            numbers,
        )
    return SeenError(
        "batch_sizes_differ",
        f"Outputs of shape {groups['output']} meet labels of shape {groups['target']}: the numbers of images differ, "
        "so a layer has moved pixels into the batch axis or labels into pixels.",
        "Check every reshape, and put Flatten() before the first Dense layer.",
        numbers,
    )


def broadcast(groups: dict[str, str]) -> SeenError | None:
    """ "logits_size=[32,8] labels_size=[32,7]": classes differ, or numbers of images do."""
    logits, labels = _sides(groups["output"]), _sides(groups["target"])
    return label_shape(groups) if logits[:1] == labels[:1] else flattened_labels(groups)


def _sides(text: str) -> list[int | None]:
    return [int(s) if s.isdigit() else None for s in _SIDE.findall(text)]


def _width(sides: list[int | None]) -> int | None:
    """Values for each image: 1 for (n,) and (n, 1)."""
    return 1 if len(sides) < 2 else sides[-1]


def _product(sides: list[int | None]) -> int:
    out = 1
    for side in sides:
        out *= side or 0
    return out
