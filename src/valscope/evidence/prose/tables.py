"""Tables in text: a name and a count a line, or a square of counts with labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from valscope.evidence.prose.lexicon import CLASSES
from valscope.evidence.prose.nearby import has
from valscope.evidence.text import Line, plain
from valscope.nouns.stated import ClassCounts, Confusion, Stated

_LABELLED = re.compile(
    r"\s*\|?\s*[\"']?([^\d\s|:=,](?:[^|:=,\t\d]|(?<=[^\W\d])\d){0,40}?|\d{1,3})[\"']?\s*[|:=,\t ]\s*(\d[\d,]*)\s*"
    r"(?:\(?\s*\d+(?:[.,]\d+)?\s?%\s*\)?)?\s*\|?\s*$"
)
_TABLE_ROW = re.compile(
    r"\s*+(?:\|\s*+)?((?!\s)[^\d|]*?|\d{1,3}|\S*[^\W\d]\S*)\s*[|:\t ]\s*(\d++(?:(?:\s*+[|,]\s*+|\s++)\d++)+)\s*\|?\s*$"
)
_LONGEST_ROW = 400  # longer lines are no row of a table, and costly to try


def tables(lines: Sequence[Line]) -> Iterator[tuple[Line, Stated]]:
    """Square tables of counts with labels, and lists of a name and a count a line."""
    block: list[tuple[Line, str, tuple[int, ...]]] = []
    before = ""
    for line in [*lines, Line(0, "end of the block")]:
        row = _table_row(plain(line.text))
        if row is not None and (not block or len(block[-1][2]) == len(row[1])):
            block.append((line, *row))
            continue
        yield from _table(block, f"{before} {line.text}")
        block = [(line, *row)] if row is not None else []
        before = f"{before[-200:]} {line.text}" if row is None and line.text.strip() else before


def _table(block: list[tuple[Line, str, tuple[int, ...]]], around: str) -> Iterator[tuple[Line, Stated]]:
    if len(block) < 2:
        return
    labels = tuple(label for _, label, _ in block)
    width = len(block[0][2])
    if width == 1 and len(set(labels)) == len(labels) and all(labels) and _of_classes(labels, around):
        yield block[0][0], ClassCounts(labels, tuple(c[0] for *_, c in block))
    elif width == len(block):
        yield block[0][0], Confusion(tuple(c for *_, c in block), labels)


def _of_classes(labels: tuple[str, ...], around: str) -> bool:
    """Whether a list of names and numbers counts classes: its labels are 0, 1, 2 ..., or the lines around it
    speak of classes or of counting."""
    if all(label.isdigit() for label in labels):
        return sorted(map(int, labels)) in (list(range(len(labels))), list(range(1, len(labels) + 1)))
    return has(plain(around).lower(), CLASSES) or "dtype: int64" in around


def _table_row(text: str) -> tuple[str, tuple[int, ...]] | None:
    if len(text) > _LONGEST_ROW:
        return None
    if m := _LABELLED.fullmatch(text):
        return m[1].strip(" |-•*"), (int(m[2].replace(",", "")),)
    if m := _TABLE_ROW.fullmatch(text):
        return m[1].strip(" |"), tuple(int(v) for v in re.findall(r"\d+", m[2]))
    return None
