"""The second half of the exam: an illness is confirmed on its own training, and only by a remedy that mends it.

`python -m bench.trials` does the same for every rule that brings a training.
"""

from __future__ import annotations

import pytest

from bench.trials import complaints, pairs
from valscope.diagnosis import all_rules

RULES = {str(rule.CODE): rule for rule in all_rules()}


@pytest.mark.slow
@pytest.mark.parametrize("code", ["S101"])
def test_an_illness_is_confirmed_by_its_remedy_and_by_no_other(code: str) -> None:
    (pair,) = pairs(RULES[code])
    assert list(complaints(RULES[code], pair)) == []


@pytest.mark.slow
def test_the_trainings_that_can_be_repeated_are_known() -> None:
    assert {"S101", "T101", "T105", "P103"} <= {code for code, rule in RULES.items() if pairs(rule)}
