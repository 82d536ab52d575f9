"""Facts that several sources may hold, asked in order of trust: measured, saved, printed, coded, written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from valscope.case.coded import QUOTIENT
from valscope.case.objective import output
from valscope.nouns.fact import Fact, NotMeasured, Source
from valscope.nouns.images import DataFacts
from valscope.nouns.saved import SavedModel
from valscope.nouns.script import ScriptFacts
from valscope.nouns.stated import (
    ClassCounts,
    ClassNumber,
    ClassWeights,
    Part,
    PartSize,
    Probabilities,
    SplitShares,
    Stated,
)
from valscope.nouns.summary import Summary


def of(stated: Iterable[Fact[Stated]], kind: type[Stated]) -> Iterator[Fact[Stated]]:
    """The stated facts of one kind, in order of the text."""
    return (f for f in stated if isinstance(f.value, kind))


def classes(
    data: Sequence[DataFacts], saved: Sequence[SavedModel], scripts: Sequence[ScriptFacts],
    summaries: Sequence[Summary], stated: Sequence[Fact[Stated]],
) -> Fact[int] | NotMeasured:  # fmt: skip
    """K, at least 2. A single sigmoid unit stands for two classes."""
    for facts in data:
        if len(facts.classes) >= 2:
            return Fact(len(facts.classes), facts.source)
    found = [*_saved(saved), *_coded(scripts), *_summed(summaries), *_written(stated)]
    values = {f.value for f in found if f.value >= 2}
    if found and found[0].value >= 2:
        return found[0]
    if len(values) == 1:
        return next(f for f in found if f.value >= 2)
    return NotMeasured(
        "the number of classes stands nowhere", "the script, model.summary(), or the folder of images"
    )


def _saved(saved: Sequence[SavedModel]) -> Iterator[Fact[int]]:
    for model in saved:
        if model.network is not None and (last := output(model.network)) is not None and last[0]:
            yield Fact(_as_classes(*last), Source(model.file))


def _coded(scripts: Sequence[ScriptFacts]) -> Iterator[Fact[int]]:
    for script in scripts:
        for network in script.networks:
            last = output(network)
            if (
                last is not None
                and last[0]
                and network.source is not None
                and last[1] in ("softmax", "sigmoid")
            ):
                yield Fact(_as_classes(*last), network.source)
        for feed in script.feeds:
            if feed.class_mode is not None and feed.class_mode.value == "binary":
                yield Fact(2, feed.class_mode.source)


def _as_classes(units: int | None, activation: str | None) -> int:
    return 2 if units == 1 and activation != "softmax" else units or 0


def _summed(summaries: Sequence[Summary]) -> Iterator[Fact[int]]:
    for summary in summaries:
        dense = [r for r in summary.rows if r.kind == "Dense" and r.shape and r.shape[-1]]
        if dense and summary.ended and (width := dense[-1].shape[-1] if dense[-1].shape else None):
            yield Fact(_as_classes(width, None), dense[-1].source)


def _written(stated: Sequence[Fact[Stated]]) -> Iterator[Fact[int]]:
    for fact in stated:
        value = fact.value
        if isinstance(value, PartSize | ClassNumber) and value.classes:
            yield Fact(value.classes, fact.source)
        elif isinstance(value, ClassCounts):
            yield Fact(len(value.counts), fact.source)
        elif isinstance(value, Probabilities) and value.sums_to_one and value.rows:
            yield Fact(len(value.rows[0]), fact.source)


def counts(
    data: Sequence[DataFacts], stated: Sequence[Fact[Stated]], part: Part | None = None
) -> Fact[tuple[int, ...]] | NotMeasured:
    """Items of each class in the order of the class numbers: of one part, or of all data."""
    for facts in data:
        for item in facts.parts:
            if item.name == (part or ""):
                return Fact(item.counts, facts.source)
    said = [
        Fact(_by_number(f.value.labels, f.value.counts), f.source)
        for f in of(stated, ClassCounts)
        if isinstance(f.value, ClassCounts) and f.value.part == part and len(f.value.counts) >= 2
    ]
    if said:
        return max(said, key=lambda f: sum(f.value))
    return NotMeasured(
        "the number of images of each class stands nowhere", "the folder of images, or the label array"
    )


def _by_number(labels: tuple[str, ...], values: tuple[int, ...]) -> tuple[int, ...]:
    """In the order of labels that are the numbers 0..K-1, else as written."""
    numbers = [int(label) if label.isdigit() else -1 for label in labels]
    if sorted(numbers) == list(range(len(labels))):
        return tuple(v for _, v in sorted(zip(numbers, values)))
    return values


def sizes_of(
    part: Part, scripts: Sequence[ScriptFacts], stated: Sequence[Fact[Stated]]
) -> tuple[Fact[int], ...]:
    """Sizes of a part: printed by a program, written exactly, or the numerator of steps as "648/32"."""
    said = [(f, f.value) for f in of(stated, PartSize) if isinstance(f.value, PartSize) and f.value.exact]
    found = [Fact(v.images, f.source) for f, v in said if v.part == part and v.printed]
    found += _by_position(part, [Fact(v.images, f.source) for f, v in said if v.part is None and v.printed])
    found += [Fact(v.images, f.source) for f, v in said if v.part == part and not v.printed]
    for fit in (fit for script in scripts for fit in script.fits):
        steps = fit.validation_steps if part == "val" else fit.steps_per_epoch
        if steps is not None and (m := QUOTIENT.search(steps.value.text)):
            found.append(Fact(int(m[1]), steps.source))
    return tuple({f.value: f for f in reversed(found)}.values())[::-1]


def _by_position(part: Part, printed: list[Fact[int]]) -> list[Fact[int]]:
    """Keras names no part for "Found 648 images ...": of two such lines that one program prints the first is training's."""
    position = {"train": 0, "val": 1, "test": 2}[part]
    by_file: dict[str, list[Fact[int]]] = {}
    for fact in printed:
        by_file.setdefault(fact.source.file, []).append(fact)
    told = [lines for lines in by_file.values() if 2 <= len(lines) <= 3]
    return told[0][position : position + 1] if len(told) == 1 else []


def ratio(stated: Sequence[Fact[Stated]]) -> float | None:
    """Validated images over trained ones, from shares in the text ("70 %, 15 %, 15 %")."""
    for fact in of(stated, SplitShares):
        value = fact.value
        if isinstance(value, SplitShares) and value.val:
            train = value.train or 1 - value.val - (value.test or 0)
            return value.val / train if train > 0 else None
    return None


def weights(
    scripts: Sequence[ScriptFacts], stated: Sequence[Fact[Stated]], classes: int
) -> Fact[tuple[float, ...]] | None:
    """Class weights in force, by class number: written as literals in the call or as values in the text; None
    where fit takes none, or none that are known."""
    fits = [f for s in scripts for f in s.fits if f.class_weight is not None]
    if not fits:
        return None
    fit = fits[0]
    literal = dict(fit.class_weights)
    if fit.class_weight is not None and sorted(literal) == list(range(classes)):
        return Fact(tuple(literal[c] for c in range(classes)), fit.class_weight.source)
    for fact in of(stated, ClassWeights):
        value = fact.value
        if isinstance(value, ClassWeights) and len(value.weights) == classes:
            numbers = [int(x) if x.isdigit() else -1 for x in value.labels]
            if sorted(numbers) == list(range(classes)):
                pairs = sorted(zip(numbers, value.weights), key=lambda pair: pair[0])
                return Fact(tuple(r.value for _, r in pairs), fact.source)
    return None
