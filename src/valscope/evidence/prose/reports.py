"""scikit-learn's classification reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from valscope.evidence.logs.number import reading
from valscope.evidence.text import Line, plain
from valscope.nouns.log import Reading
from valscope.nouns.stated import ClassReport, ReportRow

_REPORT_HEAD = re.compile(r"\s*precision\s+recall\s+f1-?score\s+support", re.I)
_REPORT_ROW = re.compile(r"\s*(\S.*?)\s+(\d[.,]\d+)\s+(\d[.,]\d+)\s+(\d[.,]\d+)\s+(\d+)\s*$")
_REPORT_ACCURACY = re.compile(r"\s*accuracy\s+(\d[.,]\d+)\s+(\d+)\s*$")
_SUMS = ("macro avg", "weighted avg", "micro avg", "samples avg", "avg / total", "accuracy")


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
