"""What a table implies: which row feeds which, kernels from counts, pools from shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope.evidence.kinds import MERGING
from valscope.nouns.network import Layer, Network, Shape
from valscope.nouns.shapes import rank, slide
from valscope.nouns.summary import Summary, SummaryRow

_WIDEST = 31  # kernels wider than this are not met in image networks
_STRIDES = range(1, 17)


def upright(summary: Summary) -> Summary:
    """The table with channels last; that of a Theano-ordered network is turned round."""
    if not _channels_first(summary):
        return summary
    return replace(summary, rows=tuple(replace(row, shape=_turned(row.shape)) for row in summary.rows))


def inputs_of(summary: Summary) -> tuple[tuple[Shape, ...] | None, ...]:
    """Input shapes of each row; None where the table does not tell what feeds it."""
    rows = summary.rows
    if any(row.inputs for row in rows):
        return tuple(_connected(rows, position) for position in range(len(rows)))
    branching = any(row.kind in MERGING for row in rows) or sum(row.kind == "InputLayer" for row in rows) > 1
    if branching or any(row.depth for row in rows):
        return (None,) * len(rows)
    return (None, *(None if before.shape is None else (before.shape,) for before in rows[:-1]))


def network_of(summary: Summary) -> Network:
    """The network that a table tells of, with what its numbers imply beside what they state."""
    summary = upright(summary)
    given = inputs_of(summary)
    layers = tuple(_layer(row, inputs) for row, inputs in zip(summary.rows, given))
    first = summary.rows[0]
    shape = first.shape if first.kind == "InputLayer" else None
    return Network(layers, "summary", summary.name, shape, summary.ended, source=summary.source)


def areas(row: SummaryRow, channels: int) -> list[tuple[int, bool]]:
    """(kernel area, with bias) pairs that give a convolution's count exactly; [] when none does."""
    if row.shape is None or row.params is None or not row.shape[-1]:
        return []
    per_filter, rest = divmod(row.params, row.shape[-1])
    if rest:
        return []
    found = [((per_filter - bias) / channels, bool(bias)) for bias in (1, 0) if per_filter > bias]
    whole = [(int(area), bias) for area, bias in found if area == int(area) and area >= 1]
    square = [(area, bias) for area, bias in whole if round(area**0.5) ** 2 == area]
    return square or whole  # with one channel a square kernel with bias looks like an odd one without


def pools(before: Shape, after: Shape) -> list[int]:
    """Square pools (stride equal to pool, no padding) that turn one shape into another."""
    return [
        pool for pool in range(2, _WIDEST + 1)
        if all(n is not None and m is not None and n // pool == m for n, m in zip(before[:-1], after[:-1]))
    ]  # fmt: skip


def windows_between(n: int, m: int, kernels: set[int]) -> Iterator[tuple[int, int, str]]:
    """(kernel, stride, padding) that turn a length n into m."""
    for stride in _STRIDES:
        if slide(n, 1, stride, "same") == m:
            yield 0, stride, "same"
        for kernel in kernels:
            if slide(n, kernel, stride, "valid") == m:
                yield kernel, stride, "valid"


def sides(area: int) -> set[int]:
    """Sides of rectangles of this area, as kernels have them."""
    return {side for side in range(1, _WIDEST + 1) if area % side == 0}


def _connected(rows: tuple[SummaryRow, ...], position: int) -> tuple[Shape, ...] | None:
    names = rows[position].inputs
    if not names:
        return () if rows[position].kind == "InputLayer" or position == 0 else None
    shapes = []
    for name in names:
        found = [row for row in rows[:position] if _same_name(row.name, name)]
        if len(found) != 1 or found[0].shape is None:
            return None
        shapes.append(found[0].shape)
    return tuple(shapes)


def _same_name(name: str, link: str) -> bool:
    """Whether a connection means this row; either may have been cut and end in an ellipsis."""
    if "…" in name or "…" in link:
        short, long = sorted((name.rstrip("…"), link.rstrip("…")), key=len)
        return long.startswith(short)
    return name == link


def _layer(row: SummaryRow, inputs: tuple[Shape, ...] | None) -> Layer:
    layer = Layer(
        row.kind,
        row.name,
        stated_shape=row.shape,
        stated_params=row.params,
        stated_input=inputs[0] if inputs else None,
        inputs=row.inputs,
        source=row.source,
    )
    width = row.shape[-1] if row.shape else None
    if row.kind == "InputLayer":
        return layer.but(input_shape=row.shape)
    if row.kind in ("Dense", "LSTM", "GRU", "SimpleRNN", "Embedding"):
        return layer.but(units=width)
    if row.kind.startswith(("Conv", "SeparableConv")):
        return _convolution(layer.but(filters=width), row, inputs)
    if row.kind.startswith(("MaxPooling", "AveragePooling")) and inputs and row.shape:
        fitting = pools(inputs[0], row.shape)
        return layer.but(pool=(fitting[0],) * rank(row.kind)) if len(fitting) == 1 else layer
    return layer


def _convolution(layer: Layer, row: SummaryRow, inputs: tuple[Shape, ...] | None) -> Layer:
    channels = inputs[0][-1] if inputs else None
    fitting = areas(row, channels) if channels else []
    if not row.kind.startswith("Conv") or len(fitting) != 1:
        return layer
    area, bias = fitting[0]
    side = round(area ** (1 / rank(row.kind)))
    if side ** rank(row.kind) != area:
        return layer.but(use_bias=bias)
    return layer.but(kernel=(side,) * rank(row.kind), use_bias=bias)


def _turned(shape: Shape | None) -> Shape | None:
    return shape if shape is None or len(shape) < 3 else (*shape[1:], shape[0])


def _channels_first(summary: Summary) -> bool:
    """Whether counts fit only when the first number of each shape is the number of channels."""
    rows = [row for row in summary.rows if row.shape and len(row.shape) == 3]
    pairs = [
        (before, row) for before, row in zip(rows, rows[1:])  # noqa: RUF007
        if row.kind == "Conv2D" and row.params and row.shape and before.shape
    ]  # fmt: skip
    if not pairs:
        return False
    last = all(before.shape and before.shape[-1] and areas(row, before.shape[-1]) for before, row in pairs)
    if last:
        return False
    return all(
        before.shape and before.shape[0] and areas(replace(row, shape=_turned(row.shape)), before.shape[0])
        for before, row in pairs
    )
