"""What a training tells whoever watches. Watching never changes a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def counted(observer: Observer) -> Callable[[int, int], None]:
    """A callback that is told how many are done in all, as readers tell it, and advances `observer` by the rest."""
    seen = 0

    def on_item(done: int, total: int) -> None:
        nonlocal seen
        observer.advance(done - seen)
        seen = done

    return on_item
