"""What choosing the best epoch adds to the validation accuracy of that epoch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from valscope.nouns.result import Optimism

DRAWS = 400  # the standard error of the mean is then below a tenth of a point


def optimism(right: NDArray[np.bool_], best_epoch: int, seed: int = 0) -> Optimism | None:
    """Expected overstatement of the best epoch's accuracy.

    right  shape (epochs, validation images): whether each image was right after each epoch.
    Bootstrap over images: the epoch is chosen on the drawn images, the images left out tell what it is worth
    (Efron & Tibshirani 1997). None for fewer than two epochs or ten images.
    """
    epochs, n = right.shape
    if epochs < 2 or n < 10:
        return None
    rng = np.random.default_rng([seed, 11])
    gaps = []
    for _ in range(DRAWS):
        drawn = rng.integers(0, n, n)
        out = np.ones(n, bool)
        out[drawn] = False
        if not out.any():
            continue
        means = right[:, drawn].mean(1)
        chosen = int(means.argmax())
        gaps.append(means[chosen] - right[chosen, out].mean())
    return Optimism(
        points=max(0.0, float(np.mean(gaps))),
        epochs=epochs,
        n=n,
        best_epoch=best_epoch + 1,
        val_accuracy=float(right[best_epoch].mean()),
    )
