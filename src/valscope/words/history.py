"""Rows of a training history, one an epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Row = Mapping[str, float | int | str | None]


def best_epoch(history: Sequence[Row]) -> Row | None:
    """The row with the lowest validation loss, the first of equals, as training chooses it."""
    rows = [row for row in history if (loss := value(row, "val_loss")) is not None and loss < float("inf")]
    return min(rows, key=lambda row: value(row, "val_loss") or 0.0, default=None)


def value(row: Row, name: str) -> float | None:
    """A number of a history row; None where it is missing, no number, or NaN."""
    found = row.get(name)
    return float(found) if isinstance(found, float | int) and found == found else None
