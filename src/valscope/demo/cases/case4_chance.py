"""Training and validation at chance from the first epoch to the last.

The labels have nothing to do with the images, so no setting helps.
"""

from __future__ import annotations

from valscope.worlds import World, draw, spoil
from valscope.worlds.programs import training

CODE = "case4_chance"


def sick(seed: int = 0) -> World:
    """Labels dealt out by chance."""
    images = draw.bars(seed, (110, 110, 110, 110), side=24)
    return training(spoil.unlearnable(images, seed), seed, epochs="6", batch="16")


def healthy(seed: int = 0) -> World:
    """The labels that belong."""
    return training(draw.bars(seed, (110, 110, 110, 110), side=24), seed, epochs="6", batch="16")
