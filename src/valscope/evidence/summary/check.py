"""One table checked against itself: each row's shape and count from the row before, totals from the rows.

Only what no layer of that kind could give is a contradiction. A convolution may be grouped, strided, dilated
or without bias, so few counts are impossible; those are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod

from valscope.evidence.summary.implied import areas, inputs_of, sides, upright, windows_between
from valscope.nouns.fact import Source
from valscope.nouns.network import Shape
from valscope.nouns.shapes import rank
from valscope.nouns.summary import Contradiction, ContradictionKind, Summary, SummaryRow

_WEIGHTLESS = (
    "Activation",
    "Dropout",
    "Flatten",
    "MaxPooling",
    "AveragePooling",
    "Global",
    "ReLU",
    "Softmax",
)
_SHAPELESS = ("Activation", "Dropout", "ReLU", "LeakyReLU", "Softmax", "BatchNormalization")


def check_summary(summary: Summary) -> tuple[Contradiction, ...]:
    """Contradictions within a table; () for a sound one."""
    summary = upright(summary)
    found: list[Contradiction] = []
    for row, inputs in zip(summary.rows, inputs_of(summary)):
        before = inputs[0] if inputs and len(inputs) == 1 else None
        found += _check_row(row, before)
    return (*found, *_check_totals(summary))


def _check_row(row: SummaryRow, before: Shape | None) -> Iterator[Contradiction]:
    if row.params and row.kind.startswith(_WEIGHTLESS):
        yield _said(
            row, "params", f"{_called(row)} has no weights, but the table gives it {row.params:,} parameters."
        )
    yield from _check_multiple(row)
    if row.shape is None or before is None or None in before or None in row.shape:
        return
    for starts, rule in _RULES:
        if row.kind.startswith(starts):
            yield from rule(row, before)
            return


def _check_multiple(row: SummaryRow) -> Iterator[Contradiction]:
    """Each filter has as many weights as the next, whatever the input."""
    filters = row.shape[-1] if row.shape else None
    if filters and row.params and row.kind.startswith("Conv") and row.params % filters:
        claim = (
            f"{_called(row)} has {filters} filters, so its parameters are a multiple of {filters};"
            f" {row.params:,} is {filters} * {row.params / filters:.2f}."
        )
        yield _said(row, "params", claim, filters=filters, params=row.params)


def _check_convolution(row: SummaryRow, before: Shape) -> Iterator[Contradiction]:
    channels = before[-1]
    if not channels or row.params is None or not row.shape:
        return
    exact = areas(row, channels)
    if not exact or len(before) != rank(row.kind) + 1:
        return  # a grouped convolution, or one that the table tells too little of
    widths = {side for area, _ in exact for side in sides(area)}
    for n, m in zip(before[:-1], row.shape[:-1]):
        if n is not None and m is not None and not any(windows_between(n, m, _dilated(widths, n))):
            area = exact[0][0]
            claim = (
                f"{_called(row)}: {row.params:,} parameters are a kernel of area {area} on {channels} channels,"
                f" and no stride or padding turns a length of {n} into {m} with it."
            )
            yield _said(row, "shape", claim, before=n, after=m, area=area)
            return


def _dilated(widths: set[int], n: int) -> set[int]:
    """Reaches of these kernels under every dilation that fits."""
    return {d * (w - 1) + 1 for w in widths for d in range(1, 33) if d * (w - 1) + 1 <= n}


def _check_dense(row: SummaryRow, before: Shape) -> Iterator[Contradiction]:
    units, width = row.shape[-1] if row.shape else None, before[-1]
    if not units or not width or row.params is None or row.params in (width * units, width * units + units):
        return
    claim = (
        f"{_called(row)} has {width:,} inputs and {units:,} units, so {width:,} * {units:,} + {units:,} ="
        f" {width * units + units:,} parameters; the table has {row.params:,}."
    )
    yield _said(row, "params", claim, expected=width * units + units, params=row.params)


def _check_flatten(row: SummaryRow, before: Shape) -> Iterator[Contradiction]:
    whole = prod(n for n in before if n is not None)
    if row.shape is not None and len(row.shape) == 1 and row.shape[0] not in (None, whole):
        product = " * ".join(str(n) for n in before)
        claim = (
            f"{_called(row)} makes {product} = {whole:,} values of its input; the table has {row.shape[0]:,}."
        )
        yield _said(row, "shape", claim, expected=whole, stated=row.shape[0] or 0)


def _check_pool(row: SummaryRow, before: Shape) -> Iterator[Contradiction]:
    if row.shape is None or len(row.shape) != len(before):
        return
    if row.shape[-1] != before[-1]:
        claim = f"{_called(row)} keeps the channels; the table has {before[-1]} before and {row.shape[-1]} after it."
        yield _said(row, "shape", claim)
    if any(m is not None and n is not None and m > n for n, m in zip(before[:-1], row.shape[:-1])):
        yield _said(
            row,
            "shape",
            f"{_called(row)} cannot make {_size(before)} larger; the table has {_size(row.shape)}.",
        )


def _check_batchnorm(row: SummaryRow, before: Shape) -> Iterator[Contradiction]:
    widths = [n for n in before if n]
    if row.params is not None and not any(row.params in (4 * n, 3 * n, 2 * n) for n in widths):
        claim = (
            f"{_called(row)} has 4 parameters for each of {before[-1]} channels, {4 * (before[-1] or 0):,};"
            f" the table has {row.params:,}."
        )
        yield _said(row, "params", claim, expected=4 * (before[-1] or 0), params=row.params)
    yield from _check_same(row, before)


def _check_same(row: SummaryRow, before: Shape) -> Iterator[Contradiction]:
    if row.shape is not None and row.shape != before:
        claim = f"{_called(row)} does not change the shape; the table has {before} before and {row.shape} after it."
        yield _said(row, "shape", claim)


def _check_totals(summary: Summary) -> Iterator[Contradiction]:
    total, rows = summary.total, summary.rows
    if total is None:
        return
    optimiser = summary.optimiser.value if summary.optimiser else 0
    parts = (summary.trainable, summary.frozen)
    if parts[0] is not None and parts[1] is not None:
        whole = parts[0].value + parts[1].value
        if whole not in (total.value, total.value - optimiser):
            claim = (
                f"Trainable and non-trainable parameters make {parts[0].value:,} + {parts[1].value:,} = {whole:,},"
                f" not {total.value:,}."
            )
            yield _total(claim, (parts[0].source, parts[1].source, total.source), whole, total.value)
            return
    if any(row.params is None for row in rows if not row.depth):
        return
    whole = sum(row.params or 0 for row in rows if not row.depth)
    if whole not in (total.value, total.value - optimiser):
        claim = f"The rows' parameters add up to {whole:,}, not to {total.value:,} as the table says."
        yield _total(claim, (summary.source, total.source), whole, total.value)


def _total(claim: str, sources: tuple[Source, ...], whole: int, stated: int) -> Contradiction:
    return Contradiction("total", "summary", claim, sources, {"sum": whole, "stated": stated})


def _said(row: SummaryRow, kind: ContradictionKind, claim: str, **numbers: int) -> Contradiction:
    return Contradiction(kind, "summary", claim, (row.source,), numbers)


def _called(row: SummaryRow) -> str:
    return f"{row.name} ({row.kind})"


def _size(shape: Shape) -> str:
    return " x ".join(str(n) for n in shape[:-1])


_RULES: tuple[tuple[str | tuple[str, ...], Callable[[SummaryRow, Shape], Iterator[Contradiction]]], ...] = (
    (("Conv2DTranspose", "Conv1DTranspose"), lambda row, before: iter(())),
    (("Conv1D", "Conv2D"), _check_convolution),
    ("Dense", _check_dense),
    ("Flatten", _check_flatten),
    (("MaxPooling", "AveragePooling"), _check_pool),
    ("BatchNormalization", _check_batchnorm),
    (_SHAPELESS, _check_same),
)
