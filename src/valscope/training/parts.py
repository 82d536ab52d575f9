"""What the loop works on, and where it keeps itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats, Labels, Net
from valscope.training.checkpoint import Position

Read = Callable[[NDArray[np.int64]], Floats]
Row = dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Part:
    """Inputs of one part: `read(index)` gives float32 inputs; `labels` has one class number an item."""

    read: Read
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class View:
    """What one stage trains: the net itself on images, or its head on cached features."""

    net: Net
    train: Part
    val: Part


class Store(Protocol):
    """Where a training keeps itself; a run folder, or memory in the lab."""

    def append(self, row: Row) -> None:
        """Add one line to the history."""

    def save(
        self, arrays: dict[str, NDArray[Any]], best: dict[str, NDArray[Any]] | None, at: Position
    ) -> None:
        """Write the state, and the best weights if they are new."""

    def keep_last(self, weights: dict[str, NDArray[Any]]) -> None:
        """Keep the weights of a stage's last epoch, before the best ones take their place."""

    def load(self) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]] | None, Position] | None:
        """The last saved state and best weights, with the history cut back to that moment."""
