"""Shapes of logs that people paste, each with what must be read from it.

A file in `shapes/` holds a log, the line "=== read as ===", and the runs, events, evaluations and quotations
that the readers see. The shapes are those of real posts; the figures are made up.
"""

from pathlib import Path

import pytest

from valscope.evidence.logs import read_log
from valscope.evidence.text import text_lines

SHAPES = sorted((Path(__file__).parent / "shapes").glob("*.txt"))
MARK = "\n=== read as ===\n"


def shown(text: str) -> str:
    log = read_log(text_lines(text))
    out = []
    for run in log.runs:
        out.append(f"run {run.form}, samples {run.samples}")
        for epoch in run.epochs:
            place = f"line {epoch.source.line}: epoch {epoch.number} of {epoch.total}, {epoch.steps} steps"
            times = f"{epoch.seconds} s, {epoch.per_step} s/step"
            out.append(
                f"  {place}, {times}: " + ", ".join(f"{n} {r.text}" for n, r in epoch.readings.items())
            )
        out += [f"  event in line {e.line}: {e.quote}" for e in run.events]
    for evaluation in log.evaluations:
        figures = ", ".join(f"{n} {r.text}" for n, r in evaluation.readings.items())
        out.append(f"evaluation in line {evaluation.source.line}, {evaluation.steps} steps: {figures}")
    out += [f"quotation in line {q.line}" for q in log.quotes]
    return "\n".join(out)


@pytest.mark.parametrize("path", SHAPES, ids=lambda p: p.stem)
def test_shape(path: Path) -> None:
    text, expected = path.read_text().split(MARK)
    if path.stem != "cut":
        text += "\n"
    assert shown(text) == expected.rstrip("\n")


def test_there_are_many_shapes() -> None:
    assert len(SHAPES) >= 60
