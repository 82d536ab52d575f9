"""How many of the images that score were trained, where each pass draws anew which part an image is in."""

from __future__ import annotations


def trained_by(share: float, passes: int) -> float:
    """The share of images that score, that were trained in at least one of so many passes: each trains `share` of all."""
    return 1 - (1 - share) ** passes


def crossed(buffer: int, passes: int) -> float:
    """The same as a number, of a shuffle that draws among `buffer` at a time, where each part holds far more than that.

    What enters the buffer at place t leaves it u buffers later with density exp(-u); before a cut that lies u behind its
    entry it is trained with probability 1 - exp(-u), else it scores. The integral of exp(-u) (1 - exp(-u passes)) is
    passes / (passes + 1).
    """
    return buffer * passes / (passes + 1)
