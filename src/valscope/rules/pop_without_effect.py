"""`layers.pop()` that removes nothing.

What it does: finds pop() on a model's list of layers.
Why it matters: since Keras 2.2 that list is a copy; model.output stays where it was.
Instead: Model(inputs, model.layers[-2].output), or include_top=False.
Cannot tell: nothing; it has no effect.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World
from valscope.worlds.scripts import network

CODE, NAME = "M107", "pop_without_effect"
NEEDS = ("training_code",)


def check(case: Case) -> Iterator[Outcome]:
    """By the way: it changes nothing, so it explains nothing."""
    for script in case.scripts:
        if script.pops:
            yield Finding(
                CODE, NAME, "SUSPECTED",
                f"layers.pop() in {lines_of(script.pops)} takes the layer from a copy of the list: the network and its "
                "output stay as they were.",
                numbers={"places": len(script.pops)},
                evidence=script.pops,
                remedy="Build Model(inputs, backbone.layers[-2].output), or leave the top out with include_top=False.",
                weight=0.0, minor=True,
            )  # fmt: skip


BASE = "base = keras.applications.ResNet50(include_top=False)\n"


def sick(seed: int = 0) -> World:
    """A layer popped from a copy of the list."""
    return World({"train.py": BASE + "base.layers.pop()\n" + network(seed=seed)})


def healthy(seed: int = 0) -> World:
    """Nothing popped."""
    return World({"train.py": BASE + network(seed=seed)})
