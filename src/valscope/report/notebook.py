"""How a result shows itself in a notebook: the number, what it must beat, and what to know first."""

from __future__ import annotations

from valscope.nouns.recipe import Recipe
from valscope.nouns.result import Result
from valscope.report.cautions import cautions
from valscope.report.page import render, styles
from valscope.report.run_html import compared
from valscope.report.run_words import against, images, meaning
from valscope.words.plain import interval


def repr_html(result: Result, recipe: Recipe | None = None) -> str:
    """A fragment for `_repr_html_`: takes the notebook's own colours and letters, loads and runs nothing."""
    scores = result.scores
    return render(
        "notebook.j2",
        css=styles("base.css", "charts.css", "notebook.css"),
        run=result.run,
        scores=scores,
        interval=interval(scores.accuracy.low, scores.accuracy.high, scores.n),
        images=images(scores),
        meaning=meaning(scores),
        against=against(result),
        compared=compared(result),
        notices=cautions(result, recipe),
    )
