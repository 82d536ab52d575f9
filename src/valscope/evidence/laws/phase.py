"""Whether a training ever was good: the smallest val_loss over ln K.

Overfitting spoils something that was learned, so the validation loss first falls well below the loss ln K of
a uniform guess. Over 20 trainings in Keras 3 the smallest val_loss / ln K was 0.09-0.17 in health, 0.56 when
truly overfitting, about 1.0 when stuck, 3.6 and 80 with a wrong split and a wrong preparation, from epoch 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from valscope.nouns.log import Reading

GOOD = 0.8  # between 0.56 (overfitting) and 1.0 (stuck)


@dataclass(frozen=True, slots=True)
class Phase:
    """The best epoch of val_loss (by position, from 0) and what came after it.

    ratio   smallest val_loss / ln K;  rise  last val_loss / smallest.
    """

    epoch: int
    best: float
    last: float
    epochs: int
    ratio: float
    rise: float

    @property
    def good(self) -> bool:
        """Whether there was a phase in which more was known than the number of classes."""
        return self.ratio < GOOD


def phase(val_losses: Sequence[Reading | None], classes: int) -> Phase | None:
    """The good phase of a run, or its absence; None without a finite val_loss."""
    known = [(i, r.value) for i, r in enumerate(val_losses) if r is not None and math.isfinite(r.value)]
    if not known:
        return None
    epoch, best = min(known, key=lambda pair: pair[1])
    last = known[-1][1]
    return Phase(
        epoch, best, last, len(known), best / math.log(classes), last / best if best > 0 else math.inf
    )
