"""A printed summary that is not of the code beside it, or two summaries of different networks.

What it does: recomputes shapes and parameters from the layers, and holds summary and code against one another.
Why it matters: what is compared is then not what was changed.
Instead: print the summary of the very model that is trained.
Cannot tell: which of the two was trained.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.summary import Contradiction

CODE, NAME = "M109", "summary_contradicts"
NEEDS = ("summaries",)
PLAIN = re.compile(r"Conv|Pool|Dense|Flatten")
BETWEEN = {
    "summary": "The printed summary contradicts itself",
    "summary-code": "The printed summary is not of the code beside it",
    "summary-summary": "The two summaries are two different networks",
}


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each pair that disagrees, with all its contradictions."""
    for between in BETWEEN:
        found = [c for c in case.contradictions if c.between == between and _counts(c)]
        if found:
            yield _finding(found)


def _counts(contradiction: Contradiction) -> bool:
    """Layers of image networks only, and not a table printed before the last layers were added. Recurrent layers
    count parameters differently from version to version; what merges branches is seldom told whole."""
    if contradiction.between == "summary-code" and contradiction.kind in ("layers", "activation"):
        return False
    whole = contradiction.between == "summary-summary" or contradiction.kind == "total"
    return whole or any(PLAIN.search(s.quote) for s in contradiction.sources)


def _finding(found: list[Contradiction]) -> Finding:
    between = found[0].between
    return Finding(
        CODE, NAME, "PROVED",
        f"{BETWEEN[between]}: {_list(found)}.",
        numbers={"contradictions": len(found), "between": between},
        evidence=tuple(dict.fromkeys(s for c in found for s in c.sources))[:8],
        cannot_tell="which of them was trained.",
        remedy="Print model.summary() of the model that is fitted, right before fit.",
        next_step="valscope diagnose REPORT model.keras   (the saved model says what was trained)",
        weight=0.0 if between == "summary-summary" else 0.45, minor=between == "summary-summary",
    )  # fmt: skip


def _list(found: list[Contradiction]) -> str:
    """The first four, each once, without repeating the heading."""
    said = (c.claim.rstrip(".").removeprefix(f"{BETWEEN[c.between]}: ") for c in found)
    return "; ".join(list(dict.fromkeys(said))[:4])
