"""Few images, 100 % in training and far less in validation: what tells the classes is small, the surroundings large.

Cropped to the middle, the same images are learned.
"""

from __future__ import annotations

from valscope.demo.cases._small import trained
from valscope.worlds import World, draw, spoil
from valscope.worlds.world import Drawn

CODE = "case4"


def sick(seed: int = 0) -> World:
    """Faint spots in the middle of busy pictures."""
    return trained(spoil.surrounded(_spots(seed), 16, seed), seed, epochs=12)


def healthy(seed: int = 0) -> World:
    """The same spots cut out."""
    return trained(_spots(seed), seed, epochs=12)


def _spots(seed: int) -> Drawn:
    return draw.blobs(seed, (200, 200), contrast=24)
