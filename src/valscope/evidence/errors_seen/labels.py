"""Errors about labels, the last layer and the loss."""

from __future__ import annotations

from valscope.evidence.errors_seen.known import SHAPE, Known
from valscope.evidence.errors_seen.shapes import broadcast, checked_target, flattened_labels, label_shape

_TARGET_OUTPUT = rf"target\.shape=(?P<target>{SHAPE}), output\.shape=(?P<output>{SHAPE})"
_TO_CLASS_NUMBERS = (
    "Use loss='categorical_crossentropy', or give class numbers: y.argmax(axis=1) (class_mode='sparse')."
)
_ONE_UNIT = "Use Dense(1, activation='sigmoid') with binary_crossentropy, or one softmax unit for each class."
_THIRD = "Write compile(optimizer, loss, metrics=['accuracy']): the third place in Keras 3 is loss_weights."

LABELS = (
    # Keras 3
    Known(
        "label_shape", "must have the same",
        rf"`?target`? and `?output`? must have the same (?:shape|rank \(ndim\))\. Received: {_TARGET_OUTPUT}",
        explain=label_shape,
    ),
    Known(
        "one_hot_for_class_numbers", "target.ndim - 1",
        rf"must have rank \(ndim\) `target\.ndim - 1`\. Received: {_TARGET_OUTPUT}",
        "The loss sparse_categorical_crossentropy wants one class number for each image, but the labels have "
        "shape {target}: they are one-hot rows.",
        _TO_CLASS_NUMBERS,
    ),
    Known(
        "metrics_as_weights", "keras type promotion", r"dtype='string' is not a valid dtype for Keras type promotion",
        "Keras got a text where it calculates with numbers: this happens where metrics stand third in compile, "
        "which is loss_weights in Keras 3.",
        _THIRD,
    ),
    Known(
        "metrics_as_weights", "`loss_weights`",
        r"Expected `loss_weights` argument to be a float .{0,120}?Received instead: loss_weights=(?P<given>.{1,80}?) of "
        r"type <class 'str'>",
        "{given} is given to compile as the weight of the loss: the third argument of compile is loss_weights in Keras 3.",
        _THIRD,
    ),
    Known(
        "metrics_as_weights", "`loss_weights` must match",
        r"`loss_weights` must match the number of losses, got 1 losses and (?P<weights>\d+) weights",
        "{weights} weights are given to compile for a single loss: the third argument of compile is loss_weights in Keras "
        "3, not metrics.",
        _THIRD,
    ),
    # TensorFlow 2
    Known(
        "label_shape", "are incompatible",
        rf"Shapes (?P<target>{SHAPE}) and (?P<output>{SHAPE}) are incompatible",
        explain=label_shape,
    ),
    Known(
        "label_shape", "must have the same shape",
        r"`?logits`? and `?labels`? must have the same shape,?(?: received)? "
        rf"\((?P<output>{SHAPE}) vs (?P<target>{SHAPE})\)",
        explain=label_shape,
    ),
    Known(
        "flattened_labels", "same first dimension",
        rf"logits and labels must have the same first dimension, got logits shape (?P<output>{SHAPE}) and "
        rf"labels shape (?P<target>{SHAPE})",
        explain=flattened_labels,
    ),
    Known(
        "label_shape", "must be broadcastable",
        rf"logits and labels must be broadcastable: logits_size=(?P<output>{SHAPE}) "
        rf"labels_size=(?P<target>{SHAPE})",
        explain=broadcast,
    ),
    # Keras 2 on TensorFlow 1
    Known(
        "label_shape", "error when checking",
        rf"Error when checking (?:model )?target: expected \w+ to have shape (?P<output>{SHAPE}) but got "
        rf"array with shape (?P<target>{SHAPE})",
        explain=checked_target,
    ),
    Known(
        "class_numbers_for_one_hot", "passing a target array",
        rf"passing a target array of shape (?P<target>{SHAPE}) while using as loss `?categorical_crossentropy",
        "The labels are class numbers (shape {target}), but categorical_crossentropy needs one-hot rows.",
        "Use loss='sparse_categorical_crossentropy', or one-hot labels: keras.utils.to_categorical(y).",
    ),
    Known(
        "label_out_of_range", "outside the valid range",
        r"label value of (?P<label>-?\d+) which is outside the valid range of \[0, (?P<classes>\d+)\)",
        "A label is {label}, but the last layer has {classes} units, for labels from 0 to {classes} - 1.",
        "Count labels from 0 without gaps (np.unique(y, return_inverse=True)), or give the last layer as many "
        "units as there are classes.",
    ),
    Known(
        "label_out_of_range", "is out of bounds",
        r"IndexError: Target (?P<label>-?\d+) is out of bounds",
        "A label is {label}, but the network's last layer has fewer outputs than that.",
        "Count labels from 0 without gaps, or give the last layer as many outputs as there are classes.",
    ),
    Known(
        "text_labels", "invalid dtype: str", r"Invalid dtype: str\d*",
        "The labels (or the images) are text; Keras needs numbers.",
        "Turn class names into numbers: classes, y = np.unique(names, return_inverse=True).",
    ),
    Known(
        "softmax_of_one", "axis has size 1",
        r"softmax over axis -?\d+ of a tensor of shape (?P<shape>[^.]+)\. This axis has size 1",
        "A softmax over a single unit is always 1, so the network answers the same for every image.",
        _ONE_UNIT,
    ),
    Known(
        "crossentropy_of_one_unit", "num_classes > 1",
        r"In loss categorical_crossentropy, expected y_pred\.shape to be \(batch_size, num_classes\) with "
        r"num_classes > 1\. Received: y_pred\.shape=(?P<shape>\([^)]*\))",
        "categorical_crossentropy over a single output (shape {shape}) is always 0: nothing can be learnt.",
        _ONE_UNIT,
    ),
    Known(
        "logits_twice", "from_logits=true",
        r"`?(?P<loss>\w+)`? received `from_logits=True`, but the `output` argument was produced by an? "
        r"(?P<activation>\w+) activation",
        "The loss {loss} was told to expect logits, but the last layer applies {activation}.",
        "Either remove the activation of the last layer or drop from_logits=True.",
    ),
    Known(
        "unknown_loss", "interpret loss identifier", r"Could not interpret loss identifier: (?P<name>\S+)",
        "There is no loss named {name}.", "Correct the name, for example 'categorical_crossentropy'.",
    ),
    # PyTorch
    Known(
        "labels_not_integers", "scalar type long", r"expected scalar type Long but found (?P<found>\w+)",
        "The loss wants class numbers as integers, but the labels are {found}.",
        "Give labels of an integer type: y.long() in PyTorch.",
    ),
    Known(
        "labels_broadcast", "different to the input size",
        r"Using a target size \(torch\.Size\((?P<target>\[[^\]]*\])\)\) that is different to the input size "
        r"\(torch\.Size\((?P<output>\[[^\]]*\])\)\)",
        "Labels {target} and outputs {output} are spread over each other: every image meets every label.",
        "Give both the same shape: outputs.squeeze(1), or labels.unsqueeze(1).",
    ),
)  # fmt: skip
