"""Numbers that a text quotes: scores, rates, percentages beside counts, printed outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from valscope.case.known import of
from valscope.evidence.laws.recount import Recount, recount
from valscope.nouns.fact import Fact, NotMeasured, Source
from valscope.nouns.images import DataFacts
from valscope.nouns.log import Evaluation, Reading
from valscope.nouns.script import ScriptFacts
from valscope.nouns.stated import (
    ImageSize,
    LearningRates,
    NamedNumber,
    Part,
    PercentOf,
    Probabilities,
    Stated,
    StatedScore,
)

NEAR_LINES = 12  # numbers of one printed result stand within so many lines
GREY = (
    "grayscale", "greyscale", "gray-scale", "grey-scale", "灰度", "グレースケール", "그레이스케일", "흑백", "graustufen",
    "escala de grises", "niveaux de gris", "tons de cinza", "escala de cinza", "scala di grigi", "градациях серого",
    "оттенках серого", "gri tonlam", "skali szarości",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrintedShare:
    """ "Left = 478 (79%)": k beside a whole percentage, and the totals that it may be a share of."""

    k: int
    percent: int
    totals: tuple[Fact[int], ...]
    source: Source


def quoted_scores(
    stated: Sequence[Fact[Stated]], evaluations: Sequence[Evaluation], part: Part
) -> tuple[Fact[Reading], ...]:
    """Accuracies of one part, or of no named part, that the text quotes outside a log."""
    said = [
        Fact(f.value.value, f.source)
        for f in of(stated, StatedScore)
        if isinstance(f.value, StatedScore) and f.value.measure == "accuracy" and f.value.part in (part, None)
    ]
    for evaluation in evaluations:
        for name, reading in evaluation.readings.items():
            if name == "accuracy" or (part == "val" and name.startswith("val") and name.endswith("accuracy")):
                said.append(Fact(reading, evaluation.source))
    return tuple(said)


def rates(scripts: Sequence[ScriptFacts], stated: Sequence[Fact[Stated]]) -> tuple[Fact[float], ...]:
    """Learning rates that code or text name."""
    coded = [c.rate for s in scripts for c in s.compiles if c.rate is not None]
    written = [
        Fact(r.value, f.source)
        for f in of(stated, LearningRates)
        if isinstance(f.value, LearningRates)
        for r in f.value.values
    ]
    return (*coded, *written)


def printed_shares(stated: Sequence[Fact[Stated]]) -> tuple[PrintedShare, ...]:
    """Counts with a whole percentage beside them, and the totals printed nearby."""
    named = [(f, f.value) for f in of(stated, NamedNumber) if isinstance(f.value, NamedNumber)]
    found = []
    for fact, value in named:
        if value.percent is None or value.percent.half < 0.004 or value.value.value != int(value.value.value):
            continue
        near = [
            (f, int(v.value.value)) for f, v in named if f is not fact and _near(f.source, fact.source)
            and v.value.value == int(v.value.value)
        ]  # fmt: skip
        k = int(value.value.value)
        totals = [Fact(n, f.source) for f, n in near if n > k]
        totals += [Fact(k + n, f.source) for f, n in near]
        found.append(PrintedShare(k, round(value.percent.value * 100), tuple(totals), fact.source))
    return tuple(found)


def _near(a: Source, b: Source) -> bool:
    return (
        a.file == b.file and a.line is not None and b.line is not None and abs(a.line - b.line) <= NEAR_LINES
    )


def recounts(stated: Sequence[Fact[Stated]]) -> tuple[Fact[Recount], ...]:
    """Two neighbouring sentences, each with a percentage and two counts ("170 called right instead of 324, 98.8 %
    of them are"), read as precisions of two classes where exactly one reading of them is consistent."""
    said = [
        (f, f.value) for f in of(stated, PercentOf) if isinstance(f.value, PercentOf) and len(f.value.counts) >= 2
    ]  # fmt: skip
    found = []
    for (first, a), (second, b) in pairwise(said):
        if not _near(first.source, second.source):
            continue
        fits = {
            r
            for called_a, size_a in permutations(a.counts[:3], 2)
            for called_b, size_b in permutations(b.counts[:3], 2)
            if (r := recount((called_a, called_b), (a.percent, b.percent), (size_a, size_b))) is not None
        }
        if len(fits) == 1:
            source = Source(
                first.source.file, first.source.line, f"{first.source.quote} / {second.source.quote}"
            )
            found.append(Fact(fits.pop(), source))
    return tuple(found)


def outputs(stated: Sequence[Fact[Stated]]) -> tuple[tuple[Reading, ...], ...]:
    """Rows of all printed tables of probabilities that sum to 1."""
    tables = [f.value for f in of(stated, Probabilities)]
    return tuple(row for t in tables if isinstance(t, Probabilities) and t.sums_to_one for row in t.rows)


def grey(data: Sequence[DataFacts], stated: Sequence[Fact[Stated]]) -> Fact[str] | NotMeasured:
    """That the images are grey: measured, or said in the line that gives their size."""
    for facts in data:
        if facts.modes and all(mode == "L" for mode, _ in facts.modes):
            return Fact("L", facts.source)
    for fact in of(stated, ImageSize):
        if any(word in fact.source.quote.lower() for word in GREY):
            return Fact("grey", fact.source)
    return NotMeasured("whether images are grey is not said", "the folder of images")
