"""When an image is put aside as belonging to none of the classes: the run's rule, or one's own threshold."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.errors import UsageError
from valscope.run import Run
from valscope.training.checkpoint import load_arrays
from valscope.unsure import UnsureRule


@dataclass(frozen=True, slots=True, eq=False)
class Aside:
    """An image is put aside where its calibrated probability is below `probability`, or where it lies further from
    the training images than the run's `rule` allows (None for runs that kept none)."""

    probability: float
    rule: UnsureRule | None = None

    @property
    def needs_embeddings(self) -> bool:
        """Whether distances in feature space decide too."""
        return self.rule is not None

    def reasons(
        self, probabilities: NDArray[np.float64], embeddings: NDArray[np.float32] | None
    ) -> list[str]:
        """Why each image is put aside, in words; "" for those that are not.

        probabilities  calibrated, (n, classes);  embeddings  (n, d), needed where `needs_embeddings`.
        """
        found = [self._weak(p) for p in probabilities.max(1).tolist()]
        if self.rule is None or embeddings is None:
            return found
        with _one_thread():
            distances = self.rule.distances(embeddings)
        far = [self._far(d) for d in distances.tolist()]
        return [" and ".join(filter(None, pair)) for pair in zip(found, far, strict=True)]

    def _weak(self, p: float) -> str:
        return f"its probability {_below(p, self.probability)}" if p < self.probability else ""

    def _far(self, distance: float) -> str:
        if self.rule is None or distance <= self.rule.distance:
            return ""
        return f"it resembles no training image (distance {distance:.3g}, at most {self.rule.distance:.3g} is usual)"


def _one_thread() -> AbstractContextManager[object]:
    """NumPy's products of a few rows on one thread: while the backend's own threads hold the cores, sharing them
    made such a product a hundred times slower (measured: 60 ms instead of 0.2 for 64 x 128 by 128 x 364)."""
    controller = _threads()
    return nullcontext() if controller is None else controller.limit(limits=1, user_api="blas")


@cache
def _threads() -> Any:
    try:
        from threadpoolctl import ThreadpoolController  # comes with scikit-learn
    except ImportError:
        return None
    return ThreadpoolController()


def _below(p: float, limit: float) -> str:
    """Two digits, or as many as it takes to see the difference."""
    for digits in range(2, 8):
        if f"{p:.{digits}f}" != f"{limit:.{digits}f}":
            break
    return f"{p:.{digits}f} is below {limit:.{digits}f}"


def aside_of(run: Run, probability: float | None = None) -> Aside:
    """The rule of `run`; `probability` replaces its threshold. Raises UsageError where that is none."""
    if probability is not None and not 0 <= probability <= 1:
        raise UsageError(
            f"The probability below which images are put aside lies in 0..1; got {probability:g}."
        )
    path = run.folder / "calibration.npz"
    arrays = load_arrays(path)[0] if path.is_file() else {}
    rule = UnsureRule.from_arrays(arrays) if "reference" in arrays else None
    own = rule.probability if rule is not None else 0.0
    return Aside(own if probability is None else probability, rule)
