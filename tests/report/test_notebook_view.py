"""What a notebook shows of a result."""

from __future__ import annotations

import re

from example_results import HOSTILE, hostile, recipe, sample
from page_reader import Reader

from valscope.nouns.recipe import Split
from valscope.report.notebook import repr_html
from valscope.words.plain import share


def test_a_notebook_gets_the_number_the_chart_and_the_cautions() -> None:
    result = sample()
    html = repr_html(result, recipe(result.classes, split=Split("tail")))
    text = Reader(html).text
    assert share(result.scores.accuracy) in text and share(result.scores.balanced) in text
    assert html.count("<svg") == 1
    assert "The split takes the last rows" in text


def test_its_styles_touch_nothing_else_in_the_notebook() -> None:
    styles = re.sub(
        r"/\*.*?\*/", "", repr_html(sample()).split("<style>")[1].split("</style>")[0], flags=re.DOTALL
    )
    selectors = [s.strip() for rule in re.findall(r"([^{}]+)\{", styles) for s in rule.split(",")]
    assert selectors and all(s.startswith((".vs ", ".vs.", ".vs-note ")) or s == ".vs" for s in selectors)


def test_names_are_escaped() -> None:
    reader = Reader(repr_html(hostile()))
    assert "script" not in {tag for tag, _ in reader.tags} and "img" not in {tag for tag, _ in reader.tags}
    assert HOSTILE[0] in reader.text
