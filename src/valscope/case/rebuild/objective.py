"""Loss, optimiser, rate and class weights of a training, as code or a saved model has them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from valscope.case.rebuild.material import Material
from valscope.case.rebuild.notes import Notes, Unknown
from valscope.nouns.fact import Fact
from valscope.nouns.recipe import Loss, Optimiser, OptimiserName
from valscope.nouns.script import Compile, Fit

LOSSES: dict[str, Loss] = {
    "categorical_crossentropy": "crossentropy", "sparse_categorical_crossentropy": "crossentropy",
    "binary_crossentropy": "binary_crossentropy", "mse": "mse", "kl_divergence": "crossentropy",
}  # fmt: skip
OPTIMISERS: tuple[OptimiserName, ...] = ("adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad", "nadam")
# Rates of Keras 3 where none is written and the generation of Keras is not known.
RATES = {"adadelta": 1e-3, "adagrad": 1e-3, "nadam": 1e-3}


def loss_of(compiled: Compile, outputs: str, activation: str, notes: Notes) -> tuple[Loss, float]:
    """(loss, label smoothing). Raises Unknown for a loss that a recipe does not have."""
    if compiled.loss is None:
        raise Unknown(
            "the loss that compile takes stands nowhere", "the script that compiles it, or the saved model"
        )
    name = notes.say("loss", compiled.loss)
    if name not in LOSSES:
        raise Unknown(f"the loss {name!r} is none that a recipe has", "a training with a crossentropy")
    if outputs == "one" and LOSSES[name] == "crossentropy":
        raise Unknown(
            f"{name} on a single output has no gradient to learn from", "the saved model (.keras or .h5)"
        )
    smoothing = notes.say("label_smoothing", compiled.label_smoothing) if compiled.label_smoothing else 0.0
    return LOSSES[name], smoothing


def from_logits_of(compiled: Compile, activation: str, notes: Notes) -> bool | None:
    """Whether the loss takes outputs for logits where that contradicts the last activation; None where it agrees.

    Keras takes them for probabilities unless it is told.
    """
    told = compiled.from_logits is not None and compiled.from_logits.value
    if compiled.loss is None or "crossentropy" not in compiled.loss.value or told == (activation == "linear"):
        return None
    notes.at(
        "from_logits",
        compiled.from_logits.source if compiled.from_logits is not None else compiled.loss.source,
    )
    return told


def optimiser_of(compiled: Compile, named: Sequence[Fact[float]], notes: Notes) -> Optimiser:
    """The optimiser with its rate; `named` are rates that the text names, for code that has none.

    Raises Unknown for one that a recipe does not have or whose rate is not known.
    """
    if compiled.optimiser is None:
        raise Unknown("the optimiser stands nowhere", "the script that compiles it, or the saved model")
    name = notes.say("optimiser.name", compiled.optimiser)
    known = next((o for o in OPTIMISERS if o == name), None)
    if known is None:
        raise Unknown(
            f"the optimiser {name!r} is none that a recipe has", "a training with Adam, SGD or RMSprop"
        )
    if compiled.schedule is not None:
        notes.assume(
            f"The schedule {compiled.schedule.value} is left out: the rate stays at its first value."
        )
    _left_out(compiled.optimiser.source.quote, notes)
    momentum = compiled.momentum.value if compiled.momentum is not None else 0.0
    decay = (
        compiled.weight_decay.value
        if compiled.weight_decay is not None
        else 0.004
        if name == "adamw"
        else 0.0
    )
    return Optimiser(
        known, _rate(compiled, known, named, notes), momentum if name in ("sgd", "rmsprop") else 0.0, decay,
        compiled.clip.value if compiled.clip is not None else None,
    )  # fmt: skip


def _left_out(line: str, notes: Notes) -> None:
    """Notes arguments of an optimiser that a recipe does not have."""
    if re.search(r"\b(?:lr_)?decay\s*=\s*(?!0?\.?0*\s*[,)])\S", line):
        notes.assume("The decay of the rate from step to step is left out.")
    if re.search(r"\bnesterov\s*=\s*True\b", line):
        notes.assume("Nesterov's momentum is rebuilt as plain momentum.")


def _rate(compiled: Compile, name: str, named: Sequence[Fact[float]], notes: Notes) -> float:
    if compiled.rate is not None:
        return notes.say("optimiser.rate", compiled.rate)
    if compiled.default_rate is not None:
        notes.at("optimiser.rate", compiled.source)
        return compiled.default_rate
    source = compiled.optimiser.source if compiled.optimiser is not None else compiled.source
    if name in RATES and "(" not in source.quote.partition(name)[2][:1]:
        notes.assume(f"{name} has the rate {RATES[name]:g}, the default of Keras 3; the code names none.")
        return RATES[name]
    for fact in named[:1]:
        notes.assume(f"The rate is {fact.value:g}, as the text says; the code does not show its value.")
        return notes.say("optimiser.rate", fact)
    raise Unknown(
        "the learning rate is no plain number in the code", "its value, or the saved model (.keras or .h5)"
    )


def class_weights_of(
    fit: Fit | None, given: Fact[tuple[float, ...]] | None, data: Material, notes: Notes
) -> tuple[float, ...] | None:
    """Class weights by class number: as written or printed, else as the code computes them from the number of images.
    Balanced ones take the place of any others, and are then not to be judged. None where fit takes none."""
    if fit is None or fit.class_weight is None:
        return None
    notes.at("class_weights", fit.class_weight.source)
    if given is not None and len(given.value) == len(data.counts):
        return tuple(given.value)
    if not all(data.counts):
        return None
    power = fit.class_weight_power
    if power is None:
        why = "are for other classes" if fit.class_weights else "are computed in a way that is not read"
        notes.stand_in("class_weights", f"the class weights of the code {why}; balanced ones take their place",
                       "the weights as the program prints them")  # fmt: skip
    elif power == -1.0:
        notes.assume("The class weights are balanced ones, computed from the number of images of each class.")
    elif power:
        notes.assume(f"The class weights grow with the number of images of a class to the power {power:g}, as the code "
                     "computes them; their mean over all images is taken as 1.")  # fmt: skip
    return _of_counts(data.counts, -1.0 if power is None else power)


def _of_counts(counts: Sequence[int], power: float) -> tuple[float, ...]:
    """Weights proportional to a power of the counts, 1 in the mean over all images."""
    raw = [float(count) ** power for count in counts]
    mean = sum(w * n for w, n in zip(raw, counts, strict=True)) / sum(counts)
    return tuple(float(f"{w / mean:.6g}") for w in raw)
