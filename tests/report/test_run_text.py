"""The same result in a terminal and in a pipe."""

from __future__ import annotations

import io
import re

import pytest
from example_results import TRASH, recipe, sample
from rich.cells import cell_len
from rich.console import Console

from valscope.nouns.dataset import Notice
from valscope.nouns.result import Result
from valscope.report.run_text import run_lines, run_text
from valscope.words.plain import share


def lines(result: Result) -> list[str]:
    return run_lines(result, recipe(result.classes))


def printed(result: Result, width: int = 80) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, force_terminal=False).print(run_text(result, recipe(result.classes)))
    return stream.getvalue()


def test_plain_lines_say_the_number_first() -> None:
    result = sample()
    said = lines(result)
    assert said[2] == f"{share(result.scores.accuracy)}  accuracy, 379 test images that chose nothing"
    assert any(line.startswith("  this network") and share(result.scores.accuracy) in line for line in said)


def test_columns_line_up_also_for_wide_letters() -> None:
    result = sample(("飛行機", "cat", "naïve café", "猫"), n=300)
    said = lines(result)
    start = said.index("Class by class") + 1
    table = said[start : start + 5]
    places = {cell_len(line[: line.rindex("  ")].rstrip()) - cell_len(line) for line in table}
    recall_starts = {cell_len(re.split(r"\d+ %|\d+\.\d %|recall", line)[0]) for line in table}
    assert len(recall_starts) == 1, table
    assert places


def test_a_pipe_gets_no_escape_codes_and_no_trailing_blanks() -> None:
    result = sample(("\x1b[31mred", "[bold]b[/bold]", "line\nbreak", "\udce9"), n=120)
    for line in lines(result):
        assert "\x1b" not in line and "\n" not in line and line == line.rstrip()
        line.encode("utf-8")


def test_class_names_are_no_markup_in_the_terminal() -> None:
    said = printed(sample(("[red]leaf[/red]", "[/]", "\x1b[31mx"), n=120))
    assert "[red]leaf[/red]" in said and "[/]" in said and "\x1b" not in said


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_terminal_says_the_same_as_the_pipe(width: int) -> None:
    result = sample(notices=(Notice("damaged", "3 files are damaged."),))
    words = set(re.findall(r"\S+", printed(result, width)))
    missing = [w for line in lines(result) for w in line.split() if w not in words]
    assert missing == [] or width == 40


def test_warnings_come_last() -> None:
    assert lines(sample(notices=(Notice("damaged", "3 files are damaged."),)))[-2:] == [
        "Know this first", "  !  3 files are damaged.",
    ]  # fmt: skip


def test_of_many_classes_the_worst_are_shown_and_the_rest_counted() -> None:
    result = sample(tuple(f"class {i}" for i in range(50)), n=3000)
    said = lines(result)
    worst = min(result.scores.per_class, key=lambda c: 2.0 if c.recall.value is None else c.recall.value)
    start = said.index("Class by class")
    assert said[start + 2].split()[:2] == worst.name.split()
    assert "30 more classes with a higher recall in report.html" in said


def test_a_bare_result_still_speaks() -> None:
    bare = sample(
        TRASH[:2],
        counts=((0, 0), (0, 0)),
        n=0,
        mistakes=(),
        baselines=(),
        optimism=None,
        calibration=None,
        unsure=None,
    )
    assert "No image was scored, so nothing is known about its accuracy." in lines(bare)
    assert "No image was scored" in printed(bare)
