"""What users do to their data, as pure edits of a drawn set, and the harmless edits beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from valscope.worlds.world import Drawn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TINTS = ((60, -20, -20), (-20, 60, -20), (-20, -20, 60), (50, 50, -30), (-30, 50, 50), (50, -30, 50))


def take(drawn: Drawn, rows: Sequence[int] | NDArray[np.int64]) -> Drawn:
    """The rows in this order; a row may be taken twice, and is a twin then."""
    import numpy as np

    at = np.asarray(rows, np.int64)
    first: dict[int, int] = {}
    twins = [(first.setdefault(int(row), i), i) for i, row in enumerate(rows)]
    parts = tuple(drawn.parts[i] for i in rows) if drawn.parts else ()
    return replace(
        drawn, images=drawn.images[at], labels=drawn.labels[at], parts=parts,
        twins=tuple(pair for pair in twins if pair[0] != pair[1]),
    )  # fmt: skip


def by_class(drawn: Drawn) -> Drawn:
    """Rows sorted by class, as those of a folder are read."""
    import numpy as np

    return take(drawn, np.argsort(drawn.labels, kind="stable"))


def unlearnable(drawn: Drawn, seed: int = 0) -> Drawn:
    """Labels that have nothing to do with the images."""
    import numpy as np

    return replace(drawn, labels=np.random.default_rng([seed, 31]).permutation(drawn.labels))


def mislabelled(drawn: Drawn, share: float, seed: int = 0) -> Drawn:
    """A share of the labels drawn anew from the other classes."""
    import numpy as np

    rng = np.random.default_rng([seed, 32])
    wrong = rng.random(len(drawn)) < share
    other = (drawn.labels + rng.integers(1, len(drawn.classes), len(drawn))) % len(drawn.classes)
    return replace(drawn, labels=np.where(wrong, other, drawn.labels))


def tinted(drawn: Drawn, agreement: float = 1.0, seed: int = 0) -> Drawn:
    """A background colour that goes with the class in a share of the images, and with a random one in the rest."""
    import numpy as np

    rng = np.random.default_rng([seed, 33])
    agrees = rng.random(len(drawn)) < agreement
    told = np.where(agrees, drawn.labels, rng.integers(0, len(drawn.classes), len(drawn)))
    images = drawn.images.astype(np.float64) + np.array(TINTS, np.float64)[told % len(TINTS)][:, None, None]
    return replace(drawn, images=images.clip(0, 255).astype(np.uint8))


def dimmed(drawn: Drawn, factors: Sequence[float]) -> Drawn:
    """Each class at its own brightness: all its pixels multiplied by one factor."""
    import numpy as np

    each = np.asarray(factors, np.float64)[drawn.labels]
    images = drawn.images * each[:, None, None, None]
    return replace(drawn, images=images.clip(0, 255).astype(np.uint8))


def copied(drawn: Drawn, share: float, seed: int = 0) -> Drawn:
    """Near copies of a share of the rows put in at random places: the same image, a little brighter."""
    import numpy as np

    rng = np.random.default_rng([seed, 34])
    chosen = rng.permutation(len(drawn))[: round(share * len(drawn))]
    rows = rng.permutation(np.concatenate([np.arange(len(drawn)), chosen]))
    more = take(drawn, rows)
    images = more.images.copy()
    again = [j for _, j in more.twins]
    images[again] = (images[again].astype(np.int16) + 3).clip(0, 255).astype(np.uint8)
    return replace(more, images=images)


def mirrored(drawn: Drawn) -> Drawn:
    """Each image and its mirror image, both under the same label: flips keep labels here."""
    import numpy as np

    rows = np.concatenate([np.arange(len(drawn)), np.arange(len(drawn))])
    both = take(drawn, rows)
    images = both.images.copy()
    images[len(drawn) :] = images[len(drawn) :, :, ::-1]
    return replace(both, images=images)


def cropped(drawn: Drawn, margin: int) -> Drawn:
    """Without `margin` pixels on each side."""
    return replace(drawn, images=drawn.images[:, margin:-margin, margin:-margin])


def parted(drawn: Drawn, val: float, test: float = 0.0, seed: int = 0) -> Drawn:
    """Given parts at random: a user's own train, val and test folders."""
    import numpy as np

    rng = np.random.default_rng([seed, 35])
    places = rng.permutation(len(drawn)) / len(drawn)
    parts = np.where(places < test, "test", np.where(places < test + val, "val", "train"))
    return replace(drawn, parts=tuple(parts.tolist()))


def surrounded(drawn: Drawn, margin: int, seed: int = 0, contrast: float = 90) -> Drawn:
    """Each image in the middle of surroundings that have nothing to do with it: random blocks `margin` wide."""
    import numpy as np

    rng = np.random.default_rng([seed, 36])
    n, height, width, channels = drawn.images.shape
    block = max(2, margin // 2)
    shape = (n, -(-(height + 2 * margin) // block), -(-(width + 2 * margin) // block), channels)
    coarse = rng.normal(110, contrast, shape).clip(0, 255)
    ground = coarse.repeat(block, 1).repeat(block, 2)[:, : height + 2 * margin, : width + 2 * margin]
    images = ground.astype(np.uint8)
    images[:, margin : margin + height, margin : margin + width] = drawn.images
    return replace(drawn, images=images)
