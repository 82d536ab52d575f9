"""The first and the last row of a run, which a paste may have cut or a script added to."""

from __future__ import annotations

from dataclasses import replace

from valscope.evidence.logs.figures import figures
from valscope.evidence.logs.number import decimals
from valscope.evidence.logs.rows import Row
from valscope.nouns.log import Evaluation


def with_first_number(rows: list[Row]) -> list[Row]:
    """A paste often begins below its first header: the line before "Epoch 13/15" is epoch 12."""
    if len(rows) < 2 or rows[0].number is not None or not rows[1].number or rows[1].number < 2:
        return rows
    return [replace(rows[0], number=rows[1].number - 1, total=rows[1].total), *rows[1:]]


def without_cut_figure(rows: list[Row]) -> Row:
    """The last epoch without its last figure, where the end of the text cut digits off it: a figure with
    fewer decimals than all others of its column have."""
    last = rows[-1]
    if not last.values:
        return last
    name, text = list(last.values.items())[-1]
    others = [decimals(row.values[name]) for row in rows[:-1] if name in row.values]
    if not others and last.form.startswith("keras"):  # Keras prints all figures of a line alike
        beside = {decimals(t) for n, t in last.values.items() if n != name}
        others = list(beside) if len(beside) == 1 else []
    if len(set(others)) != 1 or decimals(text) >= others[0]:
        return last
    return last.but({n: t for n, t in last.values.items() if n != name})


def without_closing_score(rows: list[Row]) -> tuple[list[Row], list[Evaluation]]:
    """The final test score that a script prints after its last epoch is no part of that epoch."""
    last = rows[-1]
    if len(rows) < 3 or not last.extra:
        return rows, []
    usual = set().union(*(r.values for r in rows[:-1]))
    late = {n: t for n, t in last.extra.items() if n not in usual}
    if not late:
        return rows, []
    values = {n: t for n, t in last.values.items() if n not in late}
    closing = Evaluation(figures(late), last.extra_source or last.source)
    return [*rows[:-1], last.but(values)], [closing]
