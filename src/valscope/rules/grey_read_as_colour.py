"""Grey images are loaded with three channels.

What it does: sees that the text or the data say grey, while the network takes three channels.
Why it matters: three equal channels triple the first layer's work and hold no more.
Instead: color_mode="grayscale" and an input of one channel.
Cannot tell: nothing about accuracy; pretrained backbones need three channels.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World, post, scripts

CODE, NAME = "P108", "grey_read_as_colour"
NEEDS = ("ways", "grey")


def check(case: Case) -> Iterator[Outcome]:
    """By the way; not with a pretrained backbone."""
    if not case.grey or any(s.backbones for s in case.scripts):
        return
    for script in case.scripts:
        for network in script.networks:
            shape = network.input_shape
            if shape and len(shape) == 3 and shape[-1] == 3 and network.source is not None:
                yield Finding(
                    CODE, NAME, "SUSPECTED",
                    f"The images are grey and are loaded with three channels ({shape}): three times the same values.",
                    numbers={"channels": 3},
                    evidence=(case.grey.source, network.source),
                    remedy='color_mode="grayscale" in both generators and an input of one channel.',
                    weight=0.0, minor=True,
                )  # fmt: skip
                return


def sick(seed: int = 0) -> World:
    """Grey images for an input of three channels."""
    return post("All images are 64x64 grayscale images.", scripts.network(2, seed=3 * seed))


def healthy(seed: int = 0) -> World:
    """Nothing says that they are grey."""
    return post("All images are 64x64 images.", scripts.network(2, seed=3 * seed))
