"""Exact statistics in pure Python and NumPy; no SciPy, so that the text path starts in a blink.

Every interval is a plain `(low, high)` pair of floats in 0..1, at 95 % unless told. Nothing observed (n = 0)
gives (0, 1), never an exception: "no test image of this class" is an answer. Tested against SciPy to 1e-9.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from valscope.stats.distributions import (
    beta_quantile,
    betainc,
    binomial_cdf,
    binomial_pmf,
    binomial_sf,
    normal_quantile,
    t_quantile,
)
from valscope.stats.intervals import Interval, clopper_pearson, paired_difference, wilson
from valscope.stats.significance import (
    binomial_test,
    chance_level,
    holm,
    mcnemar_exact,
    prior_entropy,
    smallest_significant,
)

if TYPE_CHECKING:
    from valscope.stats.grouped import cluster_bootstrap, cluster_interval
    from valscope.stats.scores import (
        ClassScore,
        balanced_accuracy,
        balanced_accuracy_interval,
        class_scores,
        confusion,
    )

_GROUPED = ("cluster_bootstrap", "cluster_interval")


def __getattr__(name: str) -> Any:
    """What needs NumPy is imported when it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'valscope.stats' has no attribute {name!r}")
    module = "grouped" if name in _GROUPED else "scores"
    return getattr(import_module(f"valscope.stats.{module}"), name)


__all__ = [
    "ClassScore",
    "Interval",
    "balanced_accuracy",
    "balanced_accuracy_interval",
    "beta_quantile",
    "betainc",
    "binomial_cdf",
    "binomial_pmf",
    "binomial_sf",
    "binomial_test",
    "chance_level",
    "class_scores",
    "clopper_pearson",
    "cluster_bootstrap",
    "cluster_interval",
    "confusion",
    "holm",
    "mcnemar_exact",
    "normal_quantile",
    "paired_difference",
    "prior_entropy",
    "smallest_significant",
    "t_quantile",
    "wilson",
]
