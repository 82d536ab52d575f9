"""A table against the code beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from valscope.evidence.kinds import LAYERS, MERGING, backbone
from valscope.evidence.summary.implied import areas, network_of, pools
from valscope.nouns.counts import parameter_count
from valscope.nouns.fact import Source
from valscope.nouns.network import Layer, Network, Shape
from valscope.nouns.shapes import output_shape
from valscope.nouns.summary import Contradiction, ContradictionKind, Summary, SummaryRow

_UNSEEN = ("InputLayer",)


def pair_up(summaries: Sequence[Summary], networks: Sequence[Network]) -> tuple[tuple[int, int], ...]:
    """(summary, network) positions that belong together: the code whose kinds of layer agree furthest with
    the table; of equal ones the one that contradicts it least, and of those the last before the table. A table
    that agrees with no code is left out."""
    found = []
    for position, summary in enumerate(summaries):
        told = network_of(summary)
        agreed = [_agreement(network, told) for network in networks]
        longest = max(agreed, default=0)
        if longest < 2 and not (longest == 1 and len(networks) == 1):
            continue
        alike = [
            n
            for n, count in enumerate(agreed)
            if count == longest or not _clashes(summary, networks[n], count)
        ]
        found.append((position, min(alike, key=lambda n: (_clashes(summary, networks[n], agreed[n]), -agreed[n],
                                                          -_nearness(networks[n], summary)))))  # fmt: skip
    return tuple(found)


def _clashes(summary: Summary, network: Network, agreed: int) -> int:
    """Contradictions with code that agrees in at least two layers; many with other code."""
    return len(compare_to_code(summary, network)) if agreed >= 2 else 99


def compare_to_code(summary: Summary, network: Network) -> tuple[Contradiction, ...]:
    """Where a table is not that of the code. Code that shows only the beginning of a network is compared as
    far as it goes."""
    told = _visible(network_of(summary).layers)
    written = _before(_visible(network.layers), summary)
    found: list[Contradiction] = []
    shape = network.input_shape
    for position, (layer, row) in enumerate(zip(written, told)):
        if layer.layers or layer.kind in ("?", "Operation") or backbone(layer.kind):
            return _merged(found)
        if not _same_kind(layer, row):
            return _merged([*found, _other_kind(layer, row, position)])
        found += _differences(layer, row, row.stated_input or (shape if position == 0 else None))
        shape = row.stated_shape
    return _merged([*found, *_ends(written, told, network, summary)])


def _agreement(network: Network, told: Network) -> int:
    """How many layers agree in kind from the start."""
    count = 0
    for layer, row in zip(_visible(network.layers), _visible(told.layers)):
        if not _same_kind(layer, row):
            break
        count += 1
    return count


def _same_kind(layer: Layer, row: Layer) -> bool:
    """Whether a row's class is the code's; one that the column cut beyond telling may be."""
    return layer.kind == row.kind or (row.kind not in LAYERS and layer.kind.startswith(row.kind))


def _nearness(network: Network, summary: Summary) -> float:
    """Code before the table in the same file is nearest when it is last before it."""
    if network.source is None or network.source.file != summary.source.file:
        return -1e9
    gap = (summary.source.line or 0) - (network.source.line or 0)
    return -float(gap) if gap >= 0 else -1e6 + gap


def _visible(layers: Sequence[Layer]) -> list[Layer]:
    return [layer for layer in layers if layer.kind not in _UNSEEN]


def _before(layers: list[Layer], summary: Summary) -> list[Layer]:
    """The layers that stand before the table in its file: what is added later is not in it yet. All of them
    where the table stands before or elsewhere."""
    place = summary.source
    earlier = [
        layer for layer in layers
        if layer.source is None or layer.source.file != place.file or (layer.source.line or 0) < (place.line or 0)
    ]  # fmt: skip
    return earlier or layers


def _differences(layer: Layer, row: Layer, before: Shape | None) -> Iterator[Contradiction]:
    width = row.stated_shape[-1] if row.stated_shape else None
    if layer.filters is not None and width is not None and layer.filters != width:
        yield _width(layer, row, "filters", layer.filters, width, before)
    elif layer.units is not None and width is not None and layer.kind == "Dense" and layer.units != width:
        yield _width(layer, row, "units", layer.units, width, before)
    else:
        yield from _recomputed(layer, row, before)
    if layer.filters is not None and layer.filters != width and before is not None:
        yield from _recomputed(layer.but(filters=width), row, before)


def _width(
    layer: Layer, row: Layer, kind: ContradictionKind, written: int, told: int, before: Shape | None
) -> Contradiction:
    claim = f"The code gives {layer.kind} {written} {kind}, the table's {row.name} has {told}"
    channels = before[-1] if before else None
    fitting = areas(_row(row), channels) if channels and layer.kind == "Conv2D" else []
    if fitting and row.stated_params is not None:
        area, bias = fitting[0]
        claim += f", and its {row.stated_params:,} parameters are ({area} * {channels}{' + 1' if bias else ''}) * {told}"
    return _made(kind, claim + ".", layer, row, {"code": written, "summary": told})


def _recomputed(layer: Layer, row: Layer, before: Shape | None) -> Iterator[Contradiction]:
    if before is None or row.stated_shape is None or layer.inputs or layer.kind in MERGING:
        return  # what is fed by several layers cannot be recomputed from one
    expected = output_shape(layer, [before])
    if expected is not None and _clash(expected, row.stated_shape):
        yield _shape(layer, row, before, expected)
        return
    count = parameter_count(layer, [before])
    if layer.kind == "GRU" and layer.reset_after is None and row.stated_params is not None:
        older = parameter_count(layer.but(reset_after=False), [before])  # the default up to Keras 2.2
        count = older if older is not None and older.total == row.stated_params else count
    if count is not None and row.stated_params is not None and count.total != row.stated_params:
        claim = (
            f"{layer.kind} as the code writes it has {count.total:,} parameters on an input of {before}; the table's"
            f" {row.name} has {row.stated_params:,}."
        )
        yield _made("params", claim, layer, row, {"code": count.total, "summary": row.stated_params})


def _shape(layer: Layer, row: Layer, before: Shape, expected: Shape) -> Contradiction:
    stated = row.stated_shape or ()
    size, wanted, found = (" x ".join(str(n) for n in shape[:-1]) for shape in (before, expected, stated))
    if ("Pooling" in layer.kind and layer.pool is not None) or layer.kind.startswith("MaxPooling"):
        pool = (layer.pool or (2,))[0]
        fitting = pools(before, stated)
        reason = f", which is a pool of {fitting[0]}" if len(fitting) == 1 else ""
        claim = (
            f"The code's {layer.kind} has a pool of {pool}: {size} becomes {wanted}."
            f" The table's {row.name} has {found}{reason}."
        )
        numbers = {"code": pool, "before": before[0] or 0, "after": stated[0] or 0}
        return _made(
            "pool", claim, layer, row, numbers | ({"summary": fitting[0]} if len(fitting) == 1 else {})
        )
    claim = f"{layer.kind} as the code writes it turns {before} into {expected}; the table's {row.name} has {stated}."
    return _made("shape", claim, layer, row, {})


def _other_kind(layer: Layer, row: Layer, position: int) -> Contradiction:
    claim = f"Layer {position + 1} is {layer.kind} in the code and {row.name} ({row.kind}) in the table."
    return _made("layers", claim, layer, row, {"position": position + 1})


def _ends(
    written: list[Layer], told: list[Layer], network: Network, summary: Summary
) -> Iterator[Contradiction]:
    """Code or table that goes on where the other has ended."""
    if len(written) > len(told) and summary.ended and told:
        layer, row = written[len(told)], told[-1]
        claim = f"The table ends with {row.name}; the code goes on with {layer.kind}."
        yield _made("layers", claim, layer, row, {"code": len(written), "summary": len(told)})
    headed = network.whole and written and written[-1].kind == "Dense" and written[-1].units is not None
    if len(told) > len(written) and headed and told[len(written)].kind not in ("Activation", "Softmax"):
        layer, row = written[-1], told[len(written)]
        claim = f"The code ends with Dense({layer.units}); the table goes on with {row.name} ({row.kind})."
        yield _made("layers", claim, layer, row, {"code": len(written), "summary": len(told)})


def _made(
    kind: ContradictionKind, claim: str, layer: Layer, row: Layer, numbers: dict[str, int]
) -> Contradiction:
    sources = tuple(source for source in (layer.source, row.source) if source is not None)
    return Contradiction(kind, "summary-code", claim, sources, numbers)


def _merged(found: Sequence[Contradiction]) -> tuple[Contradiction, ...]:
    """One contradiction for all layers that differ in the same way."""
    merged: dict[tuple[object, ...], Contradiction] = {}
    for one in found:
        told = (one.kind, one.numbers.get("code"), one.numbers.get("summary"))
        if told in merged and one.kind in ("filters", "units", "pool"):
            known = merged[told]
            merged[told] = replace(known, sources=_union(known.sources, one.sources))
        else:
            merged[told if one.kind in ("filters", "units", "pool") else (*told, one.claim)] = one
    return tuple(merged.values())


def _union(first: tuple[Source, ...], second: tuple[Source, ...]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(first + second))


def _clash(expected: Shape, stated: Shape) -> bool:
    if len(expected) != len(stated):
        return True
    return any(a is not None and b is not None and a != b for a, b in zip(expected, stated))


def _row(layer: Layer) -> SummaryRow:
    source = layer.source or Source("")
    return SummaryRow(layer.name, layer.kind, layer.stated_shape, layer.stated_params, source)
