"""Which loss the code takes, and what may change its printed value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from valscope.nouns.fact import Source
from valscope.nouns.network import Network
from valscope.nouns.script import Compile, ScriptFacts

ACTIVATING = ("Activation", "Softmax", "Sigmoid", "ReLU", "LogSoftmax")
PASSING = (
    "Dropout",
    "Flatten",
    "Reshape",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Rescaling",
    "Identity",
)
CROSSENTROPIES = ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")


@dataclass(frozen=True, slots=True)
class Objective:
    """The one loss that all compile calls of the code share.

    activation   of the last layer, None when it differs or is not known; `outputs` its units.
    clipped      probabilities are kept from 0 before the logarithm, so that a wrong answer costs the clip at most:
                 Keras before 2.3 (it prints "acc"), and a softmax under binary cross-entropy in any version that
                 prints "acc". Later ones on TensorFlow take the logits behind either.
    penalised    weights are penalised in the loss, or labels are smoothed.
    heaviest, lightest   class weights in force, and 1: new versions do not weight the validation.
    """

    source: Source
    loss: str
    activation: str | None
    outputs: int | None
    clipped: bool
    penalised: bool
    heaviest: float = 1.0
    lightest: float = 1.0

    @property
    def exclusive(self) -> bool:
        """Whether the outputs are meant as classes of which one is right."""
        return self.activation == "softmax"

    @property
    def floor_classes(self) -> int:
        """K in the largest cost ln K of a right answer: 2 where an element is right above 1/2."""
        return 2 if self.loss == "binary_crossentropy" else max(2, self.outputs or 2)

    @property
    def plain(self) -> bool:
        """Whether wrong answers must cost at least ln 2 each (times the lightest weight)."""
        return self.loss in CROSSENTROPIES and (
            self.loss != "binary_crossentropy" or (self.outputs or 2) <= 2
        )


def objective(
    scripts: Iterable[ScriptFacts], text: str, old: bool, weights: Sequence[float]
) -> Objective | None:
    """None without a cross-entropy, or where compile calls disagree about it.

    `text` is everything that was written, searched for penalties; `old` whether the log prints "acc".
    """
    found = [(s, c) for s in scripts for c in s.compiles if c.loss is not None]
    losses = {c.loss.value for _, c in found if c.loss is not None}
    if len(losses) != 1 or (loss := losses.pop()) not in CROSSENTROPIES:
        return None
    compiled = found[-1][1]
    lasts = [last for s, c in found if (last := _last(s, c)) is not None]
    activation = _same(a for _, a in lasts)
    outputs = _same(u for u, _ in lasts)
    keras = any(f.value == "keras" for s, _ in found for f in s.frameworks)
    softmaxed = loss == "binary_crossentropy" and activation == "softmax"
    penalised = "regulari" in text or any(
        c.label_smoothing is not None or c.weight_decay is not None or c.from_logits is not None
        for _, c in found
    )
    return Objective(
        compiled.source, loss, activation, outputs, old and (keras or softmaxed), penalised,
        max((1.0, *weights)), min((1.0, *weights)),
    )  # fmt: skip


def _last(script: ScriptFacts, compiled: Compile) -> tuple[int | None, str | None] | None:
    if compiled.network is not None and compiled.network < len(script.networks):
        return output(script.networks[compiled.network])
    networks = [n for n in script.networks if n.layers]
    return output(networks[-1]) if networks else None


def output(network: Network) -> tuple[int | None, str | None] | None:
    """(units, activation) of the last Dense or convolution; an Activation layer after it counts as its activation.

    units is None where the code computes it; None altogether where the network ends in something else.
    """
    activation = None
    for layer in reversed(network.layers):
        if layer.kind in ACTIVATING:
            activation = activation or layer.activation or layer.kind.lower()
        elif layer.kind.startswith(("Dense", "Conv")):
            return layer.units if layer.units is not None else layer.filters, activation or layer.activation
        elif layer.kind not in PASSING:
            return None
    return None


def _same(values: Iterable[object]) -> Any:
    kinds = set(values)
    return kinds.pop() if len(kinds) == 1 else None
