"""What a training tells whoever watches. Watching never changes a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Observer(Protocol):
    """Receives what happens; the terminal's progress bar is one."""

    def message(self, text: str) -> None:
        """One sentence about what is being done and why."""

    def phase(self, name: str, total: int) -> None:
        """A countable piece of work begins: reading images, an epoch, scoring."""

    def advance(self, count: int, **numbers: float) -> None:
        """`count` more images are done; running loss and accuracy where there are some."""

    def epoch(self, row: Mapping[str, float | int | str]) -> None:
        """An epoch is finished; `row` is its line of the history."""


class Silent:
    """An observer that shows nothing."""

    def message(self, text: str) -> None:
        """Nothing."""

    def phase(self, name: str, total: int) -> None:
        """Nothing."""

    def advance(self, count: int, **numbers: float) -> None:
        """Nothing."""

    def epoch(self, row: Mapping[str, float | int | str]) -> None:
        """Nothing."""
