"""Exact statistics in pure Python and NumPy; no SciPy, so that the text path starts in a blink.

Every interval is a plain `(low, high)` pair of floats in 0..1, at 95 % unless told. Nothing observed (n = 0)
gives (0, 1), never an exception: "no test image of this class" is an answer. Tested against SciPy to 1e-9.
"""

from valscope.stats.distributions import (
    beta_quantile,
    betainc,
    binomial_cdf,
    binomial_pmf,
    binomial_sf,
    normal_quantile,
    t_quantile,
)
from valscope.stats.intervals import (
    Interval,
    clopper_pearson,
    cluster_bootstrap,
    cluster_interval,
    paired_difference,
    wilson,
)
from valscope.stats.scores import (
    ClassScore,
    balanced_accuracy,
    balanced_accuracy_interval,
    class_scores,
    confusion,
)
from valscope.stats.significance import (
    binomial_test,
    chance_level,
    holm,
    mcnemar_exact,
    prior_entropy,
    smallest_significant,
)

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
