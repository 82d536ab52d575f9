"""Few images, 100 % in training and far less in validation: what tells the classes is small, the surroundings large.

Cropped to the middle, the same images are learned.
"""

from __future__ import annotations

from valscope.worlds import World, draw, spoil
from valscope.worlds.programs import training
from valscope.worlds.world import Drawn

CODE = "case4"


def sick(seed: int = 0) -> World:
    """Faint spots in the middle of busy pictures."""
    return training(spoil.surrounded(_spots(seed), 16, seed), seed, epochs="12", batch="16")


def healthy(seed: int = 0) -> World:
    """The same spots cut out."""
    return training(_spots(seed), seed, epochs="12", batch="16")


def _spots(seed: int) -> Drawn:
    return draw.blobs(seed, (200, 200), contrast=24)
