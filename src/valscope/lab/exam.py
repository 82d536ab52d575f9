"""Remedies that change the exam itself: what the user's own validation part says before and after.

A split that leaves a class out of training, or a validation that sees other images each epoch, distorts the number
that its user reads even where the network is sound. On the probe set such a fault may cost little, so for edits of
the exam the numbers of both arms' own validation parts are compared as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from valscope import stats
from valscope.lab.arms import Contrast, seeds_apart
from valscope.lab.repetition import Repetition
from valscope.nouns.trial import Change

EXAM = ("split.", "feed.val_steps", "feed.carried_counter", "feed.weighted_validation", "feed.labels_apart")


def changes_exam(changes: Sequence[Change]) -> bool:
    """Whether one of the settings decides what is validated."""
    return any(change.setting.startswith(EXAM) for change in changes)


def exam_contrast(control: Sequence[Repetition], treated: Sequence[Repetition]) -> Contrast | None:
    """Difference of the arms' own validation accuracies: different images, so unpaired; None without validation.

    p   two-sided normal test of two shares at the middle of the seeds (variance with one success and failure added).
    """
    a, b = (np.array([r.validation for r in arm]) for arm in (control, treated))
    n_a, n_b = control[0].validated, treated[0].validated
    if not (n_a and n_b and np.isfinite(a).all() and np.isfinite(b).all()):
        return None
    mean = float(b.mean() - a.mean())
    error = math.sqrt(_variance(float(a.mean()), n_a) + _variance(float(b.mean()), n_b))
    p = math.erfc(abs(float(np.median(b) - np.median(a))) / error / math.sqrt(2))
    spread = float(np.std(b - a, ddof=1)) / math.sqrt(len(a)) if len(a) == len(b) and len(a) > 1 else 0.0
    seeds = stats.t_quantile(0.975, len(a) - 1) * spread if spread else 0.0
    reach = math.hypot(1.96 * error, seeds)
    apart = seeds_apart(a.tolist(), b.tolist())
    return Contrast(
        n_b, mean, max(-1.0, mean - reach), min(1.0, mean + reach), 0, 0, p,
        max(float(np.ptp(a)), float(np.ptp(b))), float(np.ptp(b)), apart,
    )  # fmt: skip


def _variance(p: float, n: int) -> float:
    p = (p * n + 1) / (n + 2)
    return p * (1 - p) / n
