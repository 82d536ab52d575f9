"""The one JSON object that `--json` prints for a run or an evaluation."""

from __future__ import annotations

from typing import Any

from valscope.codec import to_plain
from valscope.nouns.result import Result, Scores

SCHEMA_VERSION = 1


def run_object(result: Result, run: str) -> dict[str, Any]:
    """A run's result. The names `accuracy`, `interval`, `n`, `baselines`, `classes`, `per_class` and `run` stay."""
    plain = to_plain(result)
    more = (
        "optimism",
        "calibration",
        "unsure",
        "split",
        "notes",
        "notices",
        "status",
        "epochs",
        "seconds",
        "versions",
    )
    return {
        **scores_object(result.scores, run, result.classes),
        "baselines": {
            b.name: {
                "accuracy": b.accuracy.value,
                "interval": [b.accuracy.low, b.accuracy.high],
                "note": b.note,
            }
            for b in result.baselines
        },
        **{name: plain[name] for name in more},
    }


def scores_object(scores: Scores, run: str, classes: tuple[str, ...]) -> dict[str, Any]:
    """The scores of one set of images."""
    return {
        "schema_version": SCHEMA_VERSION,
        "run": run,
        "part": scores.part,
        "n": scores.n,
        "accuracy": scores.accuracy.value,
        "interval": [scores.accuracy.low, scores.accuracy.high],
        "balanced_accuracy": scores.balanced.value,
        "balanced_interval": [scores.balanced.low, scores.balanced.high],
        "groups": scores.groups,
        "log_loss": scores.log_loss,
        "ece": scores.ece,
        "classes": list(classes),
        "per_class": {
            c.name: {
                "n": c.n,
                "recall": c.recall.value, "recall_interval": [c.recall.low, c.recall.high],
                "precision": c.precision.value, "precision_interval": [c.precision.low, c.precision.high],
            }
            for c in scores.per_class
        },
        "confusion": [list(row) for row in scores.confusion],
    }  # fmt: skip
