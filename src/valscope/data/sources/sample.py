"""Real images that ship with a dependency, so that nothing needs to be downloaded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from valscope.data.pixels.decode_reasons import shown
from valscope.data.sources.arrays import read_pair
from valscope.data.sources.raw import Raw
from valscope.errors import DataError


def read_sample(name: str) -> Raw:
    """scikit-learn's 1,797 real handwritten digits of 8 x 8 pixels, their 0..16 as 0..255."""
    if name != "sample:digits":
        raise DataError(f"There is no sample {shown(name)}; there is sample:digits.")
    from sklearn.datasets import load_digits

    digits = load_digits()
    pixels = np.rint(digits.images * (255 / 16)).astype(np.uint8)
    return replace(read_pair(pixels, digits.target, name), order=tuple("0123456789"))
