"""Few images, 100 % in training and far less in validation: what tells the classes is small, the surroundings large.

Cropped to the middle, the same images are learned.
"""

from __future__ import annotations

from valscope.demo.cases._small import trained
from valscope.worlds import World, draw, spoil
from valscope.worlds.world import Drawn

CODE = "case4"


def sick(seed: int = 0) -> World:
    """Letters in the middle of cluttered pictures."""
    return trained(spoil.surrounded(_letters(seed), 8, seed), seed, epochs=16)


def healthy(seed: int = 0) -> World:
    """The same letters cut out."""
    return trained(_letters(seed), seed, epochs=16)


def _letters(seed: int) -> Drawn:
    return draw.letters(seed, (110, 110), side=16, contrast=160)
