"""A finished training in the terminal, and as plain lines for pipes and files: the same words in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from valscope.nouns.recipe import Recipe
from valscope.nouns.result import Result
from valscope.report.cautions import cautions
from valscope.report.run_words import against, confusions, images, meaning
from valscope.report.training_words import calibrated, chosen, facts
from valscope.words.plain import clean, count, share, shorten

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_CLASSES = 20  # lines of the table of classes: a screen; the rest stands in the report
MOST_PAIRS = 6
NAME = 32


@dataclass(frozen=True, slots=True)
class Block:
    """A heading ("" for none) over lines of cells. `numbers` names the columns that end at the right;
    `head` says that the first line has the names of the columns; `kind` "main" and "warning" are coloured."""

    heading: str
    lines: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    head: bool = False
    kind: str = ""


def run_text(result: Result, recipe: Recipe) -> RenderableType:
    """What a terminal shows; long sentences wrap, tables stay tables."""
    from rich.console import Group

    return Group(*(part for block in outline(result, recipe) for part in _shown(block)))


def run_lines(result: Result, recipe: Recipe) -> list[str]:
    """The same as plain text: aligned columns, no colour, one sentence a line whatever its length."""
    found: list[str] = []
    for block in outline(result, recipe):
        found += ["", block.heading] if block.heading else [""] if found else []
        found += _aligned(block)
    return found


def outline(result: Result, recipe: Recipe) -> Iterator[Block]:
    """Everything that is said, in order; cautions last, because that is where a terminal's reader looks."""
    scores = result.scores
    yield Block("", ((shorten(result.run, 80) + "   " + ", ".join(facts(result, recipe)),),))
    yield Block("", (
        (share(scores.accuracy, scores.n), f"accuracy, {images(scores)}"),
        (share(scores.balanced, scores.n), "balanced accuracy, each class counts the same"),
    ), kind="main")  # fmt: skip
    yield from _sentences(meaning(scores), against(result))
    if result.baselines:
        rows = [(b.name, share(b.accuracy), b.note) for b in result.baselines]
        yield Block("Against simpler classifiers", (*rows, ("this network", share(scores.accuracy), "")))
    yield from _classes(result)
    pairs = tuple(
        (f"{shorten(true, NAME)} called {shorten(called, NAME)}", f"{n:,} of {of:,}")
        for true, called, n, of in confusions(scores, MOST_PAIRS)
    )
    if pairs and len(result.classes) > 2:
        yield Block("Most frequent mistakes", pairs, numbers=(1,))
    yield from _sentences(chosen(result, recipe.restore_best), calibrated(result))
    warnings = tuple(("!", shorten(notice.message, 600)) for notice in cautions(result, recipe))
    if warnings:
        yield Block("Know this first", warnings, kind="warning")


def _sentences(*sentences: str) -> Iterator[Block]:
    said = tuple((sentence,) for sentence in sentences if sentence)
    if said:
        yield Block("", said)


def _classes(result: Result) -> Iterator[Block]:
    """Classes with the lowest recall first; of many only the worst, and how many are left out."""
    if not result.scores.n:
        return
    rows = list(result.scores.per_class)
    if len(rows) > 2:
        rows.sort(key=lambda c: 2.0 if c.recall.value is None else c.recall.value)
    shown = [
        (shorten(c.name, NAME), f"{c.n:,}", share(c.recall), share(c.precision)) for c in rows[:MOST_CLASSES]
    ]
    yield Block(
        "Class by class", (("class", "images", "recall", "precision"), *shown), numbers=(1,), head=True
    )
    if len(rows) > MOST_CLASSES:
        left = count(len(rows) - MOST_CLASSES, "more class", "more classes")
        yield Block("", ((f"{left} with a higher recall in report.html",),))


def _aligned(block: Block) -> list[str]:
    from rich.cells import cell_len

    lines = [[clean(cell) for cell in line] for line in block.lines]
    widths = [max(map(cell_len, column)) for column in zip(*lines)]
    indent = "  " if block.heading else ""
    return [indent + "  ".join(_padded(line, widths, block.numbers)).rstrip() for line in lines]


def _padded(line: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> Iterator[str]:
    from rich.cells import cell_len

    for i, (cell, width) in enumerate(zip(line, widths)):
        space = " " * (width - cell_len(cell))
        yield space + cell if i in numbers else cell + space


def _shown(block: Block) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    if block.heading:
        yield Text(block.heading, style="bold yellow" if block.kind == "warning" else "bold")
    yield Padding(_table(block), (0, 0, 1, 2 if block.heading else 0), expand=False)


def _table(block: Block) -> RenderableType:
    """Cells as `Text`, never as markup: a class may be called [red]."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=block.head, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    names = block.lines[0] if block.head else [""] * len(block.lines[0])
    for i, name in enumerate(names):
        main = block.kind == "main" and i == 0
        table.add_column(
            name, justify="right" if i in block.numbers else "left", style="bold cyan" if main else None,
            no_wrap=main or (block.head and i > 0),
        )  # fmt: skip
    for line in block.lines[1 if block.head else 0 :]:
        table.add_row(*(Text(clean(cell)) for cell in line))
    return table
