"""The same images as two runs answered them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valscope.nouns.dataset import Notice


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """labels   true class of each image as a number into `classes`, shape (n,).
    right_a, right_b  whether each run has it right, shape (n,).
    groups   the group of each image, or None where none is known.
    """

    classes: tuple[str, ...]
    labels: NDArray[np.int64]
    right_a: NDArray[np.bool_]
    right_b: NDArray[np.bool_]
    groups: tuple[str, ...] | None = None
    notices: tuple[Notice, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)
