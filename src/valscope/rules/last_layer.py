"""A last layer that does not go with the loss.

What it does: holds units and activation of the last layer against the loss.
Why it matters: softmax over one unit is always 1; sigmoids under categorical cross-entropy, or a relu under any,
do not give probabilities over classes; softmax twice flattens them.
Instead: one sigmoid unit with binary cross-entropy, or K softmax units with (sparse) categorical cross-entropy.
Cannot tell: how much it costs on your backend. TensorFlow neutralises softmax with from_logits=True and computes
a one-unit softmax's loss from its logits; JAX and torch do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope import architecture
from valscope.case import Case
from valscope.case.objective import output
from valscope.case.shown import place
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.network import Network
from valscope.nouns.recipe import Activation, ModelSpec, Recipe
from valscope.nouns.script import Compile
from valscope.worlds import World, draw
from valscope.worlds.programs import RUINOUS, training
from valscope.worlds.scripts import network
from valscope.worlds.world import Drawn

CODE, NAME = "M101", "last_layer"
EXPLAINS = ("L201", "L202", "T102")  # a loss of values that are no probabilities is soon not a number
# Where one unit is normalised with itself, or values are no probabilities, the loss is not that of the counted answers.
OTHER_LOSS = (*EXPLAINS, "L205")
NEEDS = ("networks",)
SUSPECT = "the last layer with its loss"
CATEGORICAL = ("categorical_crossentropy", "sparse_categorical_crossentropy")
UNBOUND = ("relu", "linear", None)


def check(case: Case) -> Iterator[Outcome]:
    """One outcome for each compile call, or compiled saved model, whose network is known to its end."""
    for script in case.scripts:
        for compiled in script.compiles:
            if compiled.network is not None and compiled.network < len(script.networks):
                yield from _of(compiled, script.networks[compiled.network])
    for model in case.saved:
        if model.compiled is not None and model.network is not None:
            yield from _of(model.compiled, model.network)
    if not case.networks:
        yield from _in_recipe(case)


def remedy(recipe: Recipe) -> Recipe | None:
    """One sigmoid unit with binary cross-entropy, or a softmax with categorical cross-entropy.

    Binary cross-entropy over several units is another rule's.
    """
    spec, one = recipe.model, recipe.model.outputs == "one"
    faulty = spec.activation in (("softmax", "relu") if one else ("relu",))
    if not one and spec.activation == "sigmoid" and recipe.loss == "crossentropy":
        faulty = True
    if not faulty and recipe.loss != "mse" and recipe.from_logits is None:
        return None
    activation: Activation = "sigmoid" if one else "softmax"
    return recipe.but(
        model=with_activation(spec, activation), loss="binary_crossentropy" if one else "crossentropy",
        from_logits=None,
    )  # fmt: skip


def _in_recipe(case: Case) -> Iterator[Outcome]:
    """A recipe without code or saved network."""
    training = case.training
    if not training or training.recipe.loss == "mse" or remedy(training.recipe) is None:
        return
    spec, loss = training.recipe.model, training.recipe.loss
    units = 1 if spec.outputs == "one" else len(training.recipe.classes)
    places = place(case, "model.activation", spec.activation)
    weight = 0.95 if (units, spec.activation) == (1, "softmax") else 0.6
    yield _said(places, loss, f"{units} unit{'s' if units > 1 else ''} with {spec.activation} under {loss}", weight,
                "One sigmoid unit with binary_crossentropy, or softmax with categorical_crossentropy.",
                EXPLAINS if spec.activation == "sigmoid" else OTHER_LOSS)  # fmt: skip


def with_activation(spec: ModelSpec, activation: Activation) -> ModelSpec:
    """The same network with another activation at its end."""
    config = spec.config
    if config is not None:
        config = architecture.with_activation(config, activation)
    return replace(spec, activation=activation, config=config)


def _of(compiled: Compile, network: Network) -> Iterator[Outcome]:
    last = output(network)
    if last is not None and compiled.loss is not None and network.framework == "keras":
        yield from _judge(compiled, *last, whole=network.whole)


def _judge(compiled: Compile, units: int | None, activation: str | None, *, whole: bool) -> Iterator[Outcome]:
    assert compiled.loss is not None
    loss, logits = compiled.loss.value, compiled.from_logits is not None and compiled.from_logits.value
    if activation == "softmax" and units == 1:
        yield _finding(compiled, "softmax over a single unit is 1 whatever the image", 0.95,
                       "Dense(1, activation='sigmoid') with binary_crossentropy.", OTHER_LOSS)  # fmt: skip
    elif activation == "softmax" and logits:
        yield _finding(compiled, "softmax in the network and from_logits=True in the loss apply it twice; TensorFlow "
                       "undoes that with a warning, JAX and torch do not", 0.3, "Keep one of the two.")  # fmt: skip
    elif activation == "sigmoid" and loss in CATEGORICAL and (units or 2) > 1:
        yield _finding(compiled, f"{units or 'several'} sigmoids under {loss} are no probabilities over classes: "
                       "outputs may all be high at once", 0.5, "activation='softmax'.")  # fmt: skip
    elif units == 1 and loss in CATEGORICAL:
        yield _finding(compiled, f"{loss} over a single unit cannot tell two classes apart", 0.9,
                       "sigmoid with binary_crossentropy, or one unit a class.", OTHER_LOSS)  # fmt: skip
    elif (
        whole
        and activation in UNBOUND
        and not logits
        and (loss in CATEGORICAL or loss == "binary_crossentropy")
    ):
        yield _finding(compiled, f"the last layer is {activation or 'linear'} and {loss} takes it for probabilities",
                       0.7, "softmax (or sigmoid for one unit), or from_logits=True in the loss.", OTHER_LOSS)  # fmt: skip


def _finding(
    compiled: Compile, reason: str, weight: float, remedy: str, explains: tuple[str, ...] = EXPLAINS
) -> Finding:
    assert compiled.loss is not None
    return _said((compiled.source,), compiled.loss.value, reason, weight, remedy, explains)


def _said(
    places: tuple[Source, ...],
    loss: str,
    reason: str,
    weight: float,
    remedy: str,
    explains: tuple[str, ...] = EXPLAINS,
) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"Last layer and loss do not go together: {reason}.",
        numbers={"loss": loss},
        evidence=places,
        explains=explains,
        cannot_tell="how much it costs on the backend in use.",
        remedy=remedy,
        next_step="valscope train PHOTOS/   (a last layer and loss that go together, on the same images)",
        weight=weight,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Softmax over one unit."""
    return World({"train.py": network(1, "softmax", "binary_crossentropy", seed=seed)})


def healthy(seed: int = 0) -> World:
    """A sigmoid."""
    return World({"train.py": network(1, "sigmoid", "binary_crossentropy", seed=seed)})


def sick_program(seed: int = 0) -> World:
    """The last layer is a relu; with an odd seed one unit with softmax, for two classes."""
    if seed % 2:
        return training(_stripes(seed, 2), seed, end="softmax", units="1", loss='"binary_crossentropy"')
    return training(_stripes(seed, 3), seed, end="relu")


def neutral_program(seed: int = 0) -> World:
    """A rate that destroys the network, and softmax both in network and loss, which TensorFlow undoes."""
    twice = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
    return training(_stripes(seed, 3), seed, loss=twice, optimiser=RUINOUS)


def healthy_program(seed: int = 0) -> World:
    """It is a softmax of as many units as classes."""
    return training(_stripes(seed, 3), seed)


def _stripes(seed: int, classes: int) -> Drawn:
    return draw.bars(seed, (150,) * classes, side=32)
