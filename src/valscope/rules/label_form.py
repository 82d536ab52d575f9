"""Labels whose form does not go with the loss.

What it does: compares what is done to the labels with the loss.
Why it matters: one-hot labels under sparse cross-entropy, or class numbers under categorical cross-entropy, raise
an error in new Keras and learned nonsense in old; labels divided by 255 are no classes.
Instead: to_categorical with categorical_crossentropy, or plain class numbers with the sparse one.
Cannot tell: what the labels look like that are made outside the code shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.case.objective import output
from valscope.nouns.fact import Source, lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.script import ScriptFacts
from valscope.worlds import World
from valscope.worlds.scripts import network

CODE, NAME = "M106", "label_form"
NEEDS = ("training_code",)
BINARISED = "LabelBinarizer"  # one column of 0 and 1 for two classes
ONE_HOT = ("to_categorical", "one_hot", BINARISED, "OneHotEncoder", "get_dummies")


def check(case: Case) -> Iterator[Outcome]:
    """Only what the code itself says of both labels and loss."""
    for script in case.scripts:
        losses = {c.loss.value for c in script.compiles if c.loss is not None}
        yield from _divided(script)
        yield from _one_hot_under_sparse(script, losses)
        yield from _modes(script, losses)


def _divided(script: ScriptFacts) -> Iterator[Outcome]:
    for step in script.labels:
        if step.kind == "divided" and (step.number or 0) > 1:
            yield _finding(f"labels are divided by {step.number:g}, so they are no class numbers any more",
                           (step.source,), 0.85, "Scale the images, not the labels.")  # fmt: skip


def _one_hot_under_sparse(script: ScriptFacts, losses: set[str]) -> Iterator[Outcome]:
    one_hot = [
        s for s in script.labels if s.kind in ONE_HOT and not (s.kind == BINARISED and _may_be_two(script))
    ]
    back = any(s.kind == "argmax" for s in script.labels)
    if losses == {"sparse_categorical_crossentropy"} and one_hot and not back:
        compiled = script.compiles[0].source
        yield _finding("labels are made one-hot and sparse_categorical_crossentropy wants class numbers",
                       (one_hot[0].source, compiled), 0.6,
                       "categorical_crossentropy, or leave to_categorical out.")  # fmt: skip


def _modes(script: ScriptFacts, losses: set[str]) -> Iterator[Outcome]:
    """`class_mode` of the training generator: the form of the labels that it yields."""
    wanted = {
        "categorical_crossentropy": ("categorical",), "sparse_categorical_crossentropy": ("sparse", "binary", "int"),
        "binary_crossentropy": ("binary", "categorical", *_numbers_of_one(script)),
    }  # fmt: skip
    if len(losses) != 1 or (loss := next(iter(losses))) not in wanted:
        return
    for feed in script.feeds:
        mode = feed.class_mode
        if (
            mode is not None
            and feed.use in ("train", "unknown")
            and mode.value not in (*wanted[loss], "input", "None")
        ):
            yield _finding(f"the generator yields {mode.value} labels (class_mode) and the loss is {loss}",
                           (mode.source, script.compiles[0].source), 0.6,
                           "Let class_mode and loss go together: 'categorical' with categorical_crossentropy, 'sparse' "
                           "with the sparse one, 'binary' with binary_crossentropy.")  # fmt: skip
            return


def _may_be_two(script: ScriptFacts) -> bool:
    """Whether the code leaves room for two classes."""
    ends = [output(network) for network in script.networks if network.layers]
    return any(end is None or end[0] in (1, 2, None) for end in ends) or not ends


def _numbers_of_one(script: ScriptFacts) -> tuple[str, ...]:
    """Class numbers are the 0 and 1 of a single output; of several outputs they are no form at all."""
    ends = [output(network) for network in script.networks if network.layers]
    return ("sparse", "int") if any(end is None or end[0] in (1, None) for end in ends) or not ends else ()


def _finding(reason: str, evidence: tuple[Source, ...], weight: float, remedy: str) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED", f"Labels and loss do not go together in {lines_of(evidence)}: {reason}.",
        evidence=evidence,
        cannot_tell="what the arrays really hold.",
        remedy=remedy,
        next_step="valscope diagnose REPORT labels.npy   (looks at the labels themselves)",
        weight=weight,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """One-hot rows for the loss that takes numbers."""
    return _fitted("sparse_categorical_crossentropy", seed)


def healthy(seed: int = 0) -> World:
    """One-hot rows for the loss that takes them."""
    return _fitted("categorical_crossentropy", seed)


def _fitted(loss: str, seed: int) -> World:
    more = "y = to_categorical(y, 3)\nmodel.fit(x, y, epochs=9)"
    return World({"train.py": network(loss=loss, more=more, seed=seed)})
