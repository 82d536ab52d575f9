"""Printed values of whole runs to readings: what only several lines together tell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from valscope.evidence.logs.number import plain, reading
from valscope.evidence.logs.rows import Row
from valscope.nouns.log import LoggedEpoch, Reading

_DECIMAL_COMMA = re.compile(r"^[-+]?0,\d|,\d{1,2}$|,\d{4,}$|^[-+]?\d+,\d+[eE]")
# Measures that are shares, so that a value above 1 can only be a percentage.
_SHARES = ("accuracy", "acc", "error_rate", "precision", "recall", "f1", "top")


def figures(values: Mapping[str, str]) -> dict[str, Reading]:
    """Readings of a single line."""
    return _readings(values, _percent_columns([values]), _comma([values]))


def epochs_of(rows: Sequence[Row]) -> tuple[LoggedEpoch, ...]:
    """The rows as epochs. Percentages and decimal commas are told from the whole column; a "test" part that
    is scored after every epoch is a validation part, whatever it is called."""
    tables = [row.values for row in rows]
    percent, comma = _percent_columns(tables), _comma(tables)
    names = {name: name for table in tables for name in table}
    if not any(name.startswith("val_") for name in names):
        names = {name: name.replace("test_", "val_", 1) for name in names}
    out = []
    for row in rows:
        readings = {names[n]: r for n, r in _readings(row.values, percent, comma).items()}
        out.append(
            LoggedEpoch(row.number, readings, row.source, row.total, row.steps, row.seconds, row.per_step)
        )
    return tuple(out)


def _readings(values: Mapping[str, str], percent: set[str], comma: bool) -> dict[str, Reading]:
    return {name: reading(text, percent=name in percent, comma=comma) for name, text in values.items()}


def _percent_columns(tables: Sequence[Mapping[str, str]]) -> set[str]:
    """Shares whose column goes above 1: those are printed in per cent without the sign."""
    out = set()
    for table in tables:
        for name, text in table.items():
            share = name.removeprefix("val_").removeprefix("test_").startswith(_SHARES)
            if share and name not in out and 1.0 < _value(text) <= 100.0:
                out.add(name)
    return out


def _value(text: str) -> float:
    return float("nan") if "/" in text or "%" in text else float(plain(text))


def _comma(tables: Sequence[Mapping[str, str]]) -> bool:
    """Whether "1,234" is a decimal: so unless the log writes decimals with points elsewhere."""
    texts = [text for table in tables for text in table.values()]
    if any(_DECIMAL_COMMA.search(t) for t in texts if "." not in t and "/" not in t):
        return True
    return not any("." in text for text in texts)
