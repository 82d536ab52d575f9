"""Printed arrays and tables of numbers: confusion matrices, probabilities, reports, counts by class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from valscope.evidence.logs.number import reading
from valscope.evidence.prose.tokens import CLASSES, has
from valscope.evidence.text import Line, plain
from valscope.nouns.log import Reading
from valscope.nouns.stated import (
    ClassCounts,
    ClassReport,
    Confusion,
    NumberList,
    Probabilities,
    ReportRow,
    Stated,
)

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ROW = re.compile(r"\[([^\[\]]*)\]")
_NOISE = re.compile(
    r"dtype\s*=\s*[\w.]+|shape\s*=\s*\([^)]*\)|device\s*=\s*\S+|Out\[\d+\]:|(?:np\.)?array|tensor|tf\.Tensor"
)
_REPORT_HEAD = re.compile(r"\s*precision\s+recall\s+f1-?score\s+support", re.I)
_REPORT_ROW = re.compile(r"\s*(\S.*?)\s+(\d[.,]\d+)\s+(\d[.,]\d+)\s+(\d[.,]\d+)\s+(\d+)\s*$")
_REPORT_ACCURACY = re.compile(r"\s*accuracy\s+(\d[.,]\d+)\s+(\d+)\s*$")
_SUMS = ("macro avg", "weighted avg", "micro avg", "samples avg", "avg / total", "accuracy")
_LABELLED = re.compile(
    r"\s*\|?\s*[\"']?([^\d\s|:=,](?:[^|:=,\t\d]|(?<=[^\W\d])\d){0,40}?|\d{1,3})[\"']?\s*[|:=,\t ]\s*(\d[\d,]*)\s*"
    r"(?:\(?\s*\d+(?:[.,]\d+)?\s?%\s*\)?)?\s*\|?\s*$"
)
_TABLE_ROW = re.compile(
    r"\s*\|?\s*([^\d|]*?|\d{1,3}|\S*[^\W\d]\S*)\s*[|:\t ]\s*(\d+(?:(?:\s*[|,]\s*|\s+)\d+)+)\s*\|?\s*$"
)
_LONGEST_ROW = 400  # longer lines are no row of a table, and costly to try
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


def reports(lines: Sequence[Line]) -> Iterator[tuple[Line, ClassReport]]:
    """scikit-learn's classification reports among the lines."""
    for i, line in enumerate(lines):
        if not _REPORT_HEAD.match(plain(line.text)):
            continue
        rows: list[ReportRow] = []
        accuracy: Reading | None = None
        total: int | None = None
        for _, text in lines[i + 1 : i + 1200]:
            if m := _REPORT_ACCURACY.match(plain(text)):
                accuracy, total = reading(m[1]), int(m[2])
            elif m := _REPORT_ROW.match(plain(text)):
                if m[1].strip() in _SUMS:
                    total = int(m[5])
                    continue
                rows.append(ReportRow(m[1], reading(m[2]), reading(m[3]), reading(m[4]), int(m[5])))
            elif text.strip():
                break
        if rows:
            yield line, ClassReport(tuple(rows), accuracy, total)


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
