"""Loss, last activation, class weights and what trains in the user's code."""

from __future__ import annotations

import re
from itertools import pairwise

from valscope.report.patch.asked import Asked
from valscope.report.patch.calls import Argument, Call
from valscope.report.patch.edit import Edit
from valscope.report.patch.values import added, inner, quoted, set_value

# A binary cross-entropy over several outputs needs one column a class, which the categorical one takes as it is.
LOSSES = {
    ("binary_crossentropy", "crossentropy"): ("binary_crossentropy", "categorical_crossentropy"),
    ("mse", "crossentropy"): ("mse", "categorical_crossentropy"),
    ("crossentropy", "binary_crossentropy"): ("categorical_crossentropy", "binary_crossentropy"),
}
LOSS_CLASSES = {
    "binary_crossentropy": "BinaryCrossentropy", "categorical_crossentropy": "CategoricalCrossentropy",
    "mse": "MeanSquaredError",
}  # fmt: skip
_NUMBERS = re.compile(r"(?:class|label)_mode\s*=\s*['\"](?:binary|sparse|int)['\"]")
SAME = {"mean_squared_error": "mse", "MSE": "mse"}


def loss(asked: Asked) -> list[Edit]:
    """The loss by its name, as a string, `keras.losses.name` or `keras.losses.Name()`. Where outputs or labels change
    with it, or labels come as numbers, another name alone would not do."""
    names = LOSSES.get((asked.before, asked.after))
    argument = asked.keyword("loss") or _second_of_compile(asked)
    if (
        names is None
        or argument is None
        or "model.outputs" in asked.changes
        or _NUMBERS.search(asked.code.text)
    ):
        return []
    return _renamed(argument, *names)


def _second_of_compile(asked: Asked) -> Argument | None:
    for call in asked.calls:
        if call.last == "compile" and len(call.positional) > 1:
            return call.positional[1]
    return None


def _renamed(argument: Argument, old: str, new: str) -> list[Edit]:
    tokens = argument.tokens
    if len(tokens) == 1 and tokens[0].kind == "string":
        written = inner(tokens[0])
        same = SAME.get(written, written) == old
        return [Edit(tokens[0].start, tokens[0].end, quoted(tokens[0], new))] if same else []
    for before, token in pairwise(tokens):
        if before.text == "." and SAME.get(token.text, token.text) == old and old != "mse":
            return [Edit(token.start, token.end, new)]
        if before.text == "." and token.text == LOSS_CLASSES[old]:
            return [Edit(token.start, token.end, LOSS_CLASSES[new])]
    return []


def activation(asked: Asked) -> list[Edit]:
    """The activation of the layer on that line; logits need a loss that takes them, so they are left to a hint."""
    if asked.after == "linear":
        return []
    layers = [c for c in asked.calls if c.last in ("Dense", "Activation", "Conv2D")]
    if len(layers) != 1:
        return []
    argument = _activation_of(layers[0])
    if argument is None:
        dense = layers[0].last == "Dense" and asked.before == "linear"
        return [added(layers[0], f'activation="{asked.after}"')] if dense else []
    like = argument.tokens[0]
    word = quoted(like, asked.after) if like.kind == "string" else f'"{asked.after}"'
    return [Edit(argument.value_start, argument.end, word)]


def _activation_of(layer: Call) -> Argument | None:
    if layer.last == "Activation" and layer.positional:
        return layer.positional[0]
    return layer.argument("activation")


def class_weights(asked: Asked) -> list[Edit]:
    """The argument goes; new weights are left to a hint."""
    if asked.after != "None":
        return []
    return asked.dropped("class_weight")


def trains(asked: Asked) -> list[Edit]:
    """`trainable = False` becomes True where all layers are to train, and back where only the head is."""
    word = {"all": "True", "head": "False"}.get(asked.after)
    tokens = asked.statement.tokens
    if word is None or len(tokens) < 3 or tokens[-2].text != "=" or tokens[-3].text != "trainable":
        return []
    return [Edit(tokens[-1].start, tokens[-1].end, word)] if tokens[-1].text in ("True", "False") else []


def restore_best(asked: Asked) -> list[Edit]:
    """EarlyStopping keeps the best weights."""
    word = "True" if asked.after == "True" else "False"
    for call in asked.calls:
        if call.last == "EarlyStopping":
            argument = call.argument("restore_best_weights")
            new = f"restore_best_weights={word}"
            return [added(call, new)] if argument is None else [set_value(asked.code, argument, word)]
    return []
