"""What is known of a saved model before it is asked anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.pipeline import Decision, Mode
from valscope.nouns.preparation import Preparation

HeadKind = Literal["sigmoid", "logit", "softmax", "logits", "sigmoids"]


@dataclass(frozen=True, slots=True)
class Head:
    """The outputs that classify.

    kind     "sigmoid" (one probability of class 1), "logit" (one score, 0 is even), "softmax" (probabilities
             that add up to 1), "logits" (one score a class), "sigmoids" (one probability a class, each alone).
    outputs  how many there are.
    name     of the output where the model has several, "" otherwise;  others  those that were left aside.
    """

    kind: HeadKind
    outputs: int
    name: str = ""
    others: tuple[str, ...] = ()

    @property
    def decision(self) -> Decision:
        """The decision that fits these outputs."""
        if self.outputs > 1:
            return Decision("argmax")
        return Decision("threshold", 0.0 if self.kind == "logit" else 0.5)


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model that can be asked.

    file         path as given;  format  "keras", "h5", "savedmodel", "onnx" or "run".
    shape        (height, width, channels) of its input, a side is None where any size will do.
    modes        inference modes that can be tried.
    preparation  the stored one of a valscope run, None for foreign models.
    classes      names in the order of the outputs where the file has them.
    inside       scaling that the network does itself: "none", "unit", ..., "unknown".
    backbones    names of ready-made networks in it, lower case.
    parameters   number of weights, None where not counted.
    notes        what a person should know, one sentence each.
    """

    file: str
    format: Literal["keras", "h5", "savedmodel", "onnx", "run"]
    shape: tuple[int | None, ...]
    head: Head
    modes: tuple[Mode, ...] = ("moving",)
    preparation: Preparation | None = None
    classes: tuple[str, ...] = ()
    inside: str = "unknown"
    backbones: tuple[str, ...] = ()
    parameters: int | None = None
    notes: tuple[str, ...] = ()
