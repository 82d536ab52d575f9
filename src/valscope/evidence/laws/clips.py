"""What one wrong image costs when the output is saturated, by framework and version.

Frameworks keep probabilities away from 0 before they take the logarithm; where they do, a saturated wrong
answer costs a constant. Read in the sources of Keras 1.0 to 3.15, TensorFlow 1.4 to 2.21, PyTorch and
scikit-learn; in float32, 1 - 1e-7 is 1 - 2**-23.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clip:
    """The cost of a wrong image, in nats, and where it comes from."""

    cost: float
    origin: str


KERAS = Clip(-math.log(1e-7), "probabilities clipped at 1e-7 (Keras)")

CLIPS = (
    KERAS,
    Clip(23 * math.log(2), "probabilities clipped at 1 - 1e-7, which float32 rounds to 1 - 2^-23 (Keras)"),
    Clip(-math.log(2e-7), "binary cross-entropy of TensorFlow 2, log(1e-7 + 1e-7)"),
    Clip(-math.log(2**-23 + 1e-7), "binary cross-entropy of TensorFlow 2, log(2^-23 + 1e-7)"),
    Clip(22 * math.log(2), "binary cross-entropy of TensorFlow 2 compiled, log(2^-22)"),
    Clip(-math.log(1e-8), "probabilities clipped at 1e-8"),
    Clip(-math.log(1e-9), "probabilities clipped at 1e-9"),
    Clip(-math.log(1e-10), "probabilities clipped at 1e-10"),
    Clip(-math.log(1e-12), "probabilities clipped at 1e-12"),
    Clip(-math.log(1e-15), "probabilities clipped at 1e-15 (scikit-learn before 1.3)"),
    Clip(52 * math.log(2), "probabilities clipped at 2^-52 (scikit-learn, float64)"),
    Clip(100.0, "logarithm kept above -100 (PyTorch BCELoss)"),
)
LOWEST = 22 * math.log(2)
