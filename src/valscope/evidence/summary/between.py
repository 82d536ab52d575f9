"""Two tables against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from valscope.evidence.summary.implied import network_of
from valscope.nouns.network import Layer
from valscope.nouns.summary import Contradiction, Summary

_SECONDARY = (
    "Activation",
    "Dropout",
    "ReLU",
    "LeakyReLU",
    "Softmax",
    "InputLayer",
    "SpatialDropout",
    "Gaussian",
)


def compare_summaries(first: Summary, second: Summary) -> tuple[Contradiction, ...]:
    """What makes two tables different networks; () when they are the same one. Layers without weights that
    keep the shape (activations, dropout) are not counted as a difference."""
    one, other = _weighty(first), _weighty(second)
    if [_key(layer) for layer in one] == [_key(layer) for layer in other]:
        return ()
    parts = [*_count_words(one, other), *_only_in(one, other)]
    totals = (first.total.value if first.total else None, second.total.value if second.total else None)
    numbers: dict[str, int] = {}
    if totals[0] is not None and totals[1] is not None and totals[0] != totals[1]:
        parts.append(f"{totals[0]:,} against {totals[1]:,} parameters")
        numbers = {"first_total": totals[0], "second_total": totals[1]}
    claim = f"The two summaries are two different networks: {'; '.join(parts)}."
    return (Contradiction("layers", "summary-summary", claim, (first.source, second.source), numbers),)


def _weighty(summary: Summary) -> list[Layer]:
    return [layer for layer in network_of(summary).layers if not layer.kind.startswith(_SECONDARY)]


def _key(layer: Layer) -> tuple[object, ...]:
    return (layer.kind, layer.stated_shape, layer.stated_params)


def _label(layer: Layer) -> str:
    width = layer.units if layer.kind == "Dense" else layer.filters
    return f"{layer.kind}({width})" if width is not None else layer.kind


def _count_words(one: list[Layer], other: list[Layer]) -> Iterator[str]:
    """Kinds of layer that one has more of."""
    first, second = Counter(layer.kind for layer in one), Counter(layer.kind for layer in other)
    for kind in dict.fromkeys([*first, *second]):
        if first[kind] != second[kind]:
            yield f"{first[kind]} {kind} layers against {second[kind]}"


def _only_in(one: list[Layer], other: list[Layer]) -> Iterator[str]:
    first, second = Counter(_label(layer) for layer in one), Counter(_label(layer) for layer in other)
    only_first, only_second = first - second, second - first
    wide = [label for label in only_first if label.startswith("Dense")]
    if wide:
        yield f"{', '.join(wide)} only in the first"
    wide = [label for label in only_second if label.startswith("Dense")]
    if wide:
        yield f"{', '.join(wide)} only in the second"
    if first == second:
        yield "the same kinds of layer with other shapes"
