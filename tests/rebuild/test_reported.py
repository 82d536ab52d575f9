"""The numbers that use reported: of lines about predictions, where they tell one."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.case.rebuild.reported import predicted


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Accuracy of prediction: 45 of 100", [(0.45, 100)]),
        ("prediction accuracy: 0.4512", [(0.4512, None)]),
        ("Vorhersage: 45 von 100 richtig", [(0.45, 100)]),
        ("预测正确率: 45/100", [(0.45, 100)]),
        ("Predicted 40 of 80 left, predicted 30 of 80 right", []),  # of each class, not of all
        ("predicted 3 of 4", []),  # an example
        ("Found 45 of 100 files", []),
        ("validation accuracy 0.98", []),
    ],
)
def test_one_number_about_predictions(
    tmp_path: Path, text: str, told: list[tuple[float, int | None]]
) -> None:
    (tmp_path / "out.txt").write_text(f"{text}\n")
    found = predicted(open_case([str(tmp_path / "out.txt")]))
    assert [(r.value, r.n) for r in found] == told
    assert all(r.part == "predict" for r in found)
