"""No text makes a rule fail: odd numbers, broken logs, reports cut and shuffled."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valscope.case import Case
from valscope.case.inputs import Given
from valscope.diagnosis import diagnose
from valscope.report.diagnosis_json import diagnosis_json
from valscope.report.diagnosis_text import diagnosis_lines

REPORTS = sorted((Path(__file__).parent / "reports").glob("*.txt")) + sorted(
    (Path(__file__).parent / "texts").glob("*.txt")
)
ODD = [
    "nan",
    "inf",
    "-inf",
    "0",
    "0.0000e+00",
    "1.0000",
    "1e30",
    "-3.2",
    "0.5",
    "87.5%",
    "100",
    "1e-300",
    "0.3333",
]
numbers = st.one_of(st.sampled_from(ODD), st.floats(0, 1).map(lambda x: f"{x:.4f}"), st.floats(0, 60).map(lambda x: f"{x:.4f}"))  # fmt: skip
rows = st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=1, max_size=12)


def told(text: str) -> None:
    found = diagnose(Case((Given("x", "text", content=text.encode()),)))
    assert diagnosis_lines(found)
    assert diagnosis_json(found)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(rows, st.sampled_from(["acc", "accuracy"]), st.sampled_from(["1/1", "60/60", "3056/3056"]))
def test_a_log_of_any_numbers(values: list[tuple[str, str, str, str]], name: str, steps: str) -> None:
    lines = [
        f"Epoch {i}/{len(values)}\n{steps} [====] - 3s 9ms/step - loss: {a} - {name}: {b} - val_loss: {c} - val_{name}: {d}"
        for i, (a, b, c, d) in enumerate(values, 1)
    ]
    told(
        "Found 90 images belonging to 3 classes.\nFound 30 images belonging to 3 classes.\n"
        + "\n".join(lines)
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", REPORTS, ids=lambda p: p.stem)
def test_reports_cut_and_shuffled(path: Path) -> None:
    rng = random.Random(path.stem)
    text = path.read_text("utf-8")
    lines = text.splitlines()
    told(text[: rng.randrange(len(text))])
    told(text[rng.randrange(len(text)) :])
    told("\n".join(rng.sample(lines, len(lines))))
    told("".join(c if rng.random() > 0.03 else rng.choice("0123456789.,:=()[]{}% \n") for c in text))
