"""Training and validation at chance from the first epoch to the last.

The labels have nothing to do with the images, so no setting helps.
"""

from __future__ import annotations

from valscope.demo.cases._small import trained
from valscope.worlds import World, draw, spoil

CODE = "case4_chance"


def sick(seed: int = 0) -> World:
    """Labels dealt out by chance."""
    images = draw.bars(seed, (110, 110, 110, 110), side=24)
    return trained(spoil.unlearnable(images, seed), seed, epochs=6)


def healthy(seed: int = 0) -> World:
    """The labels that belong."""
    return trained(draw.bars(seed, (110, 110, 110, 110), side=24), seed, epochs=6)
