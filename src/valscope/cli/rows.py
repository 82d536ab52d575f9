"""Predictions as CSV, JSON, JSON lines or lines for a terminal, each row written as it comes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TextIO

from valscope.cli.partial import csv_line
from valscope.nouns.prediction import Prediction
from valscope.report.json_out import SCHEMA_VERSION
from valscope.words.plain import clean

COLUMNS = ("path", "class", "probability", "unsure")
FORMATS = (".csv", ".json", ".jsonl")


class Rows(Protocol):
    """Takes predictions one by one."""

    def write(self, prediction: Prediction, target: str) -> None:
        """One row; `target` is where the image was sorted to, else ""."""

    def close(self, summary: Mapping[str, Any]) -> None:
        """What follows the last row."""


def header(classes: Sequence[str], sorting: bool) -> list[str]:
    """Column names. A class called like one of the others is marked, so that no name stands twice."""
    end = ["error", *(["sorted_to"] if sorting else [])]
    taken = {*COLUMNS, *end}
    return [*COLUMNS, *(f"{name} (class)" if name in taken else name for name in classes), *end]


class CsvRows:
    """path,class,probability,unsure,<one column a class>,error[,sorted_to]"""

    def __init__(self, file: TextIO, classes: Sequence[str], sorting: bool) -> None:
        self._file, self._classes, self._sorting = file, len(classes), sorting
        file.write(csv_line(header(classes, sorting)))

    def write(self, prediction: Prediction, target: str) -> None:
        """One row; an image that could not be read leaves all but its path and error empty."""
        p = prediction
        said = ["", *[""] * (1 + self._classes)] if p.error else _numbers(p)
        end = [p.error, *([target] if self._sorting else [])]
        self._file.write(csv_line([p.path, p.name, *said, *end]))

    def close(self, summary: Mapping[str, Any]) -> None:
        """Nothing follows."""


def _numbers(p: Prediction) -> list[str]:
    return [f"{p.probability:.6f}", "true" if p.unsure else "false", *(f"{v:.6f}" for v in p.probabilities)]


def plain(prediction: Prediction, target: str, sorting: bool) -> dict[str, Any]:
    """One prediction for JSON. `probabilities` are in the order of the run's classes."""
    p = prediction
    row: dict[str, Any] = {
        "path": p.path,
        "class": p.name or None,
        "probability": None,
        "probabilities": None,
    }
    if not p.error:
        row |= {
            "probability": round(p.probability, 6),
            "probabilities": [round(v, 6) for v in p.probabilities],
        }
    row |= {"unsure": p.unsure, "why": p.why or None, "error": p.error or None}
    return row | ({"sorted_to": target or None} if sorting else {})


def line(value: Any) -> str:
    """One line of JSON; names that are no text (possible on Linux) survive as escapes."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if text.isascii() or _is_text(text) else json.dumps(value)


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class JsonRows:
    """One object with a `schema_version`, the predictions, and the summary behind them."""

    def __init__(self, file: TextIO, run: str, classes: Sequence[str], sorting: bool) -> None:
        self._file, self._sorting, self._first = file, sorting, True
        head = line({"schema_version": SCHEMA_VERSION, "run": run, "classes": list(classes)})
        file.write(head[:-1] + ', "predictions": [')

    def write(self, prediction: Prediction, target: str) -> None:
        """One object of the list."""
        self._file.write(("\n" if self._first else ",\n") + line(plain(prediction, target, self._sorting)))
        self._first = False

    def close(self, summary: Mapping[str, Any]) -> None:
        """End the list and add the summary."""
        self._file.write("\n], " + line(dict(summary))[1:] + "\n")


class JsonLines:
    """One object a line."""

    def __init__(self, file: TextIO, sorting: bool) -> None:
        self._file, self._sorting = file, sorting

    def write(self, prediction: Prediction, target: str) -> None:
        """One line."""
        self._file.write(line(plain(prediction, target, self._sorting)) + "\n")

    def close(self, summary: Mapping[str, Any]) -> None:
        """Nothing follows."""


class TerminalRows:
    """Aligned lines to read: probability, class, path."""

    def __init__(self, file: TextIO, classes: Sequence[str]) -> None:
        self._file, self._width = file, min(32, max(map(len, (*classes, "unreadable"))))

    def write(self, prediction: Prediction, target: str) -> None:
        """One line; an image put aside says why."""
        p = prediction
        share = " " * 7 if p.error else f"{100 * p.probability:5.1f} %"
        name = clean("unreadable" if p.error else p.name)[: self._width]
        end = f"  -> {target}" if target else ""
        why = f"  ({p.error})" if p.error else f"  unsure: {p.why}" if p.unsure else ""
        self._file.write(f"{share}  {name:<{self._width}}  {clean(p.path + end)}{clean(why)}\n")

    def close(self, summary: Mapping[str, Any]) -> None:
        """Nothing follows."""


class Tally:
    """Counts what went by."""

    def __init__(self, classes: Sequence[str]) -> None:
        self.classes: Counter[str] = Counter(dict.fromkeys(classes, 0))
        self.unsure = self.n = 0
        self.errors: list[tuple[str, str]] = []

    def add(self, prediction: Prediction) -> None:
        """Count one image."""
        self.n += 1
        self.unsure += prediction.unsure
        if prediction.error:
            self.errors.append((prediction.path, prediction.error))
        else:
            self.classes[prediction.name] += 1

    def summary(self) -> dict[str, Any]:
        """For JSON: images, images of each class (those put aside included), put aside, unreadable."""
        errors = [{"path": path, "error": error} for path, error in self.errors]
        return {"n": self.n, "counts": dict(self.classes), "unsure": self.unsure, "errors": errors}
