"""Activation as an argument or as a layer of its own: the same network.

What it does: acquits the spelling where a report blames it.
Why it matters: a summary lists layers, not arguments; the argument is applied all the same.
Instead: compare at equal architecture.
Cannot tell: why the other run was better; see which layers differ.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Outcome
from valscope.nouns.network import Network
from valscope.worlds import World, post

CODE, NAME = "M110", "activation_argument"
NEEDS = ("training_code", "networks")
WEIGHTED = ("Conv1D", "Conv2D", "Conv3D", "Dense", "SeparableConv2D", "DepthwiseConv2D")


def check(case: Case) -> Iterator[Outcome]:
    """Only where one network writes relu as an argument and another as a layer."""
    networks = [n for s in case.scripts for n in s.networks]
    as_argument = [n for n in networks if _argument(n) is not None]
    as_layer = [n for n in networks if _layer(n) is not None and _argument(n) is None]
    if as_argument and (as_layer or _in_summary(case)):
        places = [p for n in as_argument[:1] for p in (_argument(n),) if p]
        places += [p for n in as_layer[:1] for p in (_layer(n),) if p]
        differ = any(c.between in ("summary-summary", "summary-code") for c in case.contradictions)
        yield Acquittal(
            "activation='relu' as an argument instead of a layer",
            "both spellings are the same network: Conv2D(..., activation='relu') applies relu to its output, it only "
            "stands in no line of its own in summary()."
            + (" What was compared differs in more than that: see summary_contradicts." if differ else ""),
            evidence=tuple(places),
        )


def _argument(network: Network) -> Source | None:
    """Where an inner layer with weights has its activation as an argument."""
    inner = [x for x in network.layers if x.kind in WEIGHTED and x.activation == "relu"]
    return (inner[0].source or network.source) if inner else None


def _layer(network: Network) -> Source | None:
    found = [x for x in network.layers if x.kind in ("Activation", "ReLU") and x.activation in ("relu", None)]
    return (found[0].source or network.source) if found else None


def _in_summary(case: Case) -> bool:
    kinds = [{row.kind for row in summary.rows} for summary in case.summaries]
    return any("Activation" in k for k in kinds) and any("Activation" not in k for k in kinds)


NETWORK = """model = Sequential()
model.add(Conv2D(16, (3, 3), input_shape=(64, 64, 3){argument}))
{layer}model.add(MaxPooling2D())
model.add(Flatten())
model.add(Dense({classes}, activation='softmax'))
model.compile('adam', 'categorical_crossentropy')
"""


def sick(seed: int = 0) -> World:
    """Both spellings, compared: innocent."""
    layer = "model.add(Activation('relu'))\n"
    return post("This one does not learn.", _network(", activation='relu'", "", seed),
                "This one does.", _network("", layer, seed))  # fmt: skip


def healthy(seed: int = 0) -> World:
    """One spelling, nothing to say."""
    return post("This one learns.", _network(", activation='relu'", "", seed))


def _network(argument: str, layer: str, seed: int) -> str:
    return NETWORK.format(argument=argument, layer=layer, classes=3 + seed % 7)
