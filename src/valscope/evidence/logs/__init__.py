"""Training logs as text: lines in, runs out."""

from __future__ import annotations

from collections.abc import Iterable

from valscope.evidence.logs.keras import KerasReader
from valscope.evidence.logs.rows import Evaluation, Gap, Item, Log
from valscope.evidence.logs.runs import to_log
from valscope.evidence.text import Line

__all__ = ["Evaluation", "Log", "read_log"]


def read_log(lines: Iterable[Line], file: str = "<stdin>") -> Log:
    """All runs in the lines; lines that are no log are passed over, and part runs from one another."""
    keras = KerasReader(file)
    items: list[Item] = []
    for line in lines:
        found = keras.feed(line)
        if found is not None:
            items.extend(found)
        elif line.text.strip():
            items.extend(keras.close())
            items.append(Gap(line.text))
    items.extend(keras.close())
    return to_log(items)
