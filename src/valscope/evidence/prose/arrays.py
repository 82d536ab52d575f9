"""Printed arrays and tables of numbers: confusion matrices, probabilities, reports, counts by class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from valscope.evidence.logs.number import reading
from valscope.evidence.text import Line, plain
from valscope.nouns.log import Reading
from valscope.nouns.stated import (
    ClassCounts,
    Confusion,
    NumberList,
    Probabilities,
    Stated,
)

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ROW = re.compile(r"\[([^\[\]]*)\]")
_NOISE = re.compile(
    r"dtype\s*=\s*[\w.]+|shape\s*=\s*\([^)]*\)|device\s*=\s*\S+|Out\[\d+\]:|(?:np\.)?array|tensor|tf\.Tensor"
)
# A row of a softmax sums to one within the rounding of what was printed, and of float32.
_FLOAT32 = 2e-6


def arrays(lines: Sequence[Line]) -> Iterator[tuple[Line, Stated]]:
    """What a block of number lines holds; each with its first line."""
    rows = [(line, row) for line in lines for row in _rows(plain(line.text))]
    if not rows:
        return
    for block in _same_width(rows):
        first = block[0][0]
        texts = [row for _, row in block]
        width = len(texts[0])
        if _counted(texts, plain(first.text)):
            yield first, ClassCounts(tuple(r[0] for r in texts), tuple(int(r[1]) for r in texts))
        elif width > 1 and len(texts) == width and _integers(texts):
            yield first, Confusion(tuple(tuple(int(float(v)) for v in row) for row in texts))
        elif _probable(texts):
            values = tuple(tuple(reading(v) for v in row) for row in texts)
            sums = width > 1 and all(_sums_to_one(row) for row in values)
            if sums or width == 1 or len(texts) > 1:
                yield first, Probabilities(values, sums)
            else:
                yield first, NumberList(values[0])
        elif len(texts) == 1 and 2 <= width <= 8 and not _integers(texts):
            yield first, NumberList(tuple(reading(v) for v in texts[0]))


def _rows(text: str) -> Iterator[list[str]]:
    text = _NOISE.sub("", text)
    bracketed = _ROW.findall(text)
    if not bracketed and not text.strip(" []()"):
        return
    for body in bracketed or [text]:
        values = _NUMBER.findall(body)
        if values:
            yield values


def _same_width(rows: list[tuple[Line, list[str]]]) -> Iterator[list[tuple[Line, list[str]]]]:
    block: list[tuple[Line, list[str]]] = []
    for line, row in rows:
        if block and len(row) != len(block[0][1]):
            yield block
            block = []
        block.append((line, row))
    if block:
        yield block


def _integers(rows: list[list[str]]) -> bool:
    return all(re.fullmatch(r"\d+\.?0*", v) for row in rows for v in row) and any(
        float(v) > 1 for row in rows for v in row
    )


def lists(text: str) -> Iterator[NumberList]:
    """Short lists of decimals within a sentence or after a name: "evaluate: [0.6931, 0.5123]"."""
    for body in _ROW.findall(text):
        values = body.split(",")
        if 2 <= len(values) <= 8 and all(_NUMBER.fullmatch(v.strip()) for v in values) and "." in body:
            yield NumberList(tuple(reading(v) for v in values))


def _counted(rows: list[list[str]], first: str) -> bool:
    """Two columns without brackets, the first of them 0, 1, 2 ...: counts by class, as `value_counts` prints."""
    if "[" in first or len(rows) < 2 or any(len(r) != 2 or not (r[0] + r[1]).isdigit() for r in rows):
        return False
    index = sorted(int(r[0]) for r in rows)
    return index in (list(range(len(rows))), list(range(1, len(rows) + 1))) and max(
        int(r[1]) for r in rows
    ) > len(rows)


def _probable(rows: list[list[str]]) -> bool:
    return all(0 <= float(v) <= 1 for row in rows for v in row) and any("." in v for row in rows for v in row)


def _sums_to_one(row: tuple[Reading, ...]) -> bool:
    return abs(sum(r.value for r in row) - 1) <= sum(r.half for r in row) + _FLOAT32 * len(row)
