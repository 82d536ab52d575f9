"""The tail that a rebuilt split takes of measured rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from valscope.case.tail_proofs import knows_more
from valscope.evidence.laws.tail import Composition, sorted_split, trained_rows
from valscope.nouns.images import DataFacts

if TYPE_CHECKING:
    from valscope.case.case import Case


def tail_shown(case: Case) -> tuple[DataFacts, Composition] | None:
    """The data and what stands on both sides of the cut, where a class is then never trained; else None.

    Only where the order of the rows is known (measured, or a folder whose rows a recipe takes as they stand), and no log
    shows more right answers than that would leave.
    """
    training = case.training
    if not training or training.recipe.split.kind != "tail":
        return None
    spec = training.recipe.split
    for facts in case.data:
        listed = training.origin == "recipe" and facts.order is None
        order = facts.order.value.sequence if facts.order is not None else range(len(facts.classes))
        if len(facts.parts) != 1 or not order or not (listed or facts.order is not None):
            continue
        counts = facts.parts[0].counts
        found = sorted_split(counts, order, trained_rows(sum(counts), spec.val + spec.test))
        if found.untrained and not any(knows_more(run, found) for run in case.runs):
            return facts, found
    return None
