"""What a person sees while a training runs: a live bar in a terminal, plain lines in a pipe. Always on
standard error, so that standard output stays for results."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any

LINE_SECONDS = 10.0  # between plain lines of one phase


def observer(quiet: bool = False) -> PlainLines | LiveBar:
    """The observer that fits standard error: a live bar for a terminal, lines otherwise."""
    return LiveBar() if sys.stderr.isatty() and not quiet else PlainLines(quiet)


class PlainLines:
    """One line a message and an epoch; long phases say now and then how far they are."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self._name, self._total, self._done = "", 0, 0
        self._began = self._said = time.monotonic()

    def message(self, text: str) -> None:
        """One line."""
        self._say(text)

    def phase(self, name: str, total: int) -> None:
        """Remember what is counted."""
        self._name, self._total, self._done = name, total, 0
        self._began = self._said = time.monotonic()

    def advance(self, count: int, **numbers: float) -> None:
        """A line every LINE_SECONDS."""
        self._done += count
        self._total = max(self._total, self._done)  # trials may turn out to need more than was counted
        now = time.monotonic()
        if now - self._said >= LINE_SECONDS:
            self._said = now
            speed = self._done / max(1e-9, now - self._began)
            left = (self._total - self._done) / max(1e-9, speed)
            said = "".join(f", {name} {value:.4f}" for name, value in numbers.items())
            fast = (
                f", {speed:.0f} images/s" if speed >= 1 else ""
            )  # below, trainings are counted and not images
            self._say(f"{self._name}: {self._done}/{self._total}{fast}, {_clock(left)} left{said}")

    def epoch(self, row: Mapping[str, float | int | str]) -> None:
        """The epoch's line."""
        self._say(_epoch_line(row, self._name))

    def close(self) -> None:
        """Nothing to clear."""

    def _say(self, text: str) -> None:
        if not self.quiet:
            print(text, file=sys.stderr, flush=True)


class LiveBar:
    """A rich progress bar with images a second, time left and both accuracies."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TextColumn("{task.fields[speed]}"), TimeRemainingColumn(), TextColumn("{task.fields[numbers]}"),
            console=self._console, transient=True,
        )  # fmt: skip
        self._task: Any = None
        self._done, self._total, self._began, self._val = 0, 1, time.monotonic(), ""

    def message(self, text: str) -> None:
        """A line above the bar."""
        self._console.print(text, style="dim", highlight=False, markup=False)

    def phase(self, name: str, total: int) -> None:
        """A new bar in place of the old one."""
        if self._task is None:
            self._progress.start()
        else:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(name, total=max(1, total), speed="", numbers=self._val)
        self._done, self._total, self._began = 0, max(1, total), time.monotonic()

    def advance(self, count: int, **numbers: float) -> None:
        """Move the bar."""
        self._done += count
        speed = self._done / max(1e-9, time.monotonic() - self._began)
        said = " ".join(f"{name} {value:.3f}" for name, value in numbers.items())
        fast = f"{speed:.0f} images/s" if speed >= 1 else ""
        self._total = max(self._total, self._done)
        told = f"{said} {self._val}".strip()
        self._progress.update(self._task, advance=count, total=self._total, speed=fast, numbers=told)

    def epoch(self, row: Mapping[str, float | int | str]) -> None:
        """The epoch's line above the bar; its validation accuracy stays beside it."""
        self._val = f"val_accuracy {row['val_accuracy']:.3f}"
        self._console.print(_epoch_line(row, ""), highlight=False, markup=False)

    def close(self) -> None:
        """Take the bar away."""
        self._progress.stop()


def _epoch_line(row: Mapping[str, Any], name: str) -> str:
    numbers = " - ".join(f"{k}: {row[k]:.4f}" for k in ("loss", "accuracy", "val_loss", "val_accuracy"))
    return f"Epoch {row['epoch']} ({row['stage']}) - {row['seconds']:.1f}s - {numbers}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
