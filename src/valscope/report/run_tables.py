"""What the tables of a training's report hold: confusion matrix, classes, split."""

from __future__ import annotations

from typing import Any

from valscope.nouns.result import ClassResult, Result, Scores
from valscope.report.charts import bar, matrix
from valscope.words.plain import share

MOST_CLASSES = 100  # in the matrix and the tables; more would be neither legible nor below 1 MB


def matrix_values(scores: Scores) -> dict[str, Any]:
    """All classes, or of very many those with most mistakes."""
    names = [c.name for c in scores.per_class]
    shown, note = list(range(len(names))), ""
    if len(names) > MOST_CLASSES:
        wrong = [sum(row) - row[i] for i, row in enumerate(scores.confusion)]
        shown = sorted(sorted(shown, key=lambda i: -wrong[i])[:MOST_CLASSES])
        note = (
            f"The {MOST_CLASSES} classes of {len(names):,} with most mistakes; all are in the run's result."
        )
    totals = [sum(scores.confusion[i]) for i in shown]
    cells = [[scores.confusion[i][j] for j in shown] for i in shown]
    return {"matrix": matrix([names[i] for i in shown], cells, totals), "matrix_note": note}


def class_values(scores: Scores) -> dict[str, Any]:
    """Rows of the table, the lowest recall first when there are more than two classes."""
    rows, note = list(scores.per_class), ""
    if len(rows) > 2:
        rows.sort(key=lambda c: 2.0 if c.recall.value is None else c.recall.value)
        note = "The class that is found least often comes first."
    if len(rows) > MOST_CLASSES:
        note = f"The {MOST_CLASSES} classes of {len(rows):,} that are found least often."
    return {"per_class": [_class_row(c) for c in rows[:MOST_CLASSES]], "classes_note": note}


def _class_row(c: ClassResult) -> dict[str, Any]:
    return {
        "name": c.name, "n": c.n,
        "recall": share(c.recall), "recall_bar": bar(c.recall),
        "precision": share(c.precision), "precision_bar": bar(c.precision),
    }  # fmt: skip


def split_values(result: Result) -> dict[str, Any]:
    """Classes by parts, with the sums of the parts."""
    names = {"train": "training", "val": "validation"}
    columns = [row.counts for row in result.split]
    rows = (
        [{"name": name, "counts": counts} for name, *counts in zip(result.classes, *columns)]
        if columns
        else []
    )
    note = ""
    if len(rows) > MOST_CLASSES:
        note = (
            f"The {MOST_CLASSES} classes of {len(rows):,} with the fewest images; the last line counts all."
        )
        rows = sorted(rows, key=lambda row: sum(row["counts"]))[:MOST_CLASSES]
    return {
        "parts": [names.get(row.part, row.part) for row in result.split],
        "split_rows": rows, "split_note": note, "part_totals": [sum(c) for c in columns],
    }  # fmt: skip
