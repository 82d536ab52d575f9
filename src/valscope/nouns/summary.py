"""A printed `model.summary()` table, and the contradictions that arithmetic finds in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from valscope.nouns.fact import Fact, Source
from valscope.nouns.finding import Number
from valscope.nouns.network import Shape

Form = Literal["keras1", "keras2", "keras3", "torch"]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One layer's line. `shape` leaves the batch dimension out; `kind` is completed where the table cut it
    ("MaxPooling2" to "MaxPooling2D") and `cut` is then True. `inputs` is the "Connected to" column."""

    name: str
    kind: str
    shape: Shape | None
    params: int | None
    source: Source
    inputs: tuple[str, ...] = ()
    cut: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """A table: rows in order and the totals under it, each None where the text lacks it.

    ended   False when the table has no totals, so that rows may be missing at its end.
    """

    rows: tuple[SummaryRow, ...]
    form: Form
    source: Source
    name: str = ""
    total: Fact[int] | None = None
    trainable: Fact[int] | None = None
    frozen: Fact[int] | None = None
    optimiser: Fact[int] | None = None
    ended: bool = True


ContradictionKind = Literal[
    "shape", "params", "total", "pool", "kernel", "filters", "units", "layers", "activation", "input", "strides",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements that cannot both be true, with the arithmetic in words.

    between  "summary" (within one table), "summary-code", "summary-summary".
    claim    one sentence: what stands where, what follows, what stands there instead.
    """

    kind: ContradictionKind
    between: Literal["summary", "summary-code", "summary-summary"]
    claim: str
    sources: tuple[Source, ...]
    numbers: Mapping[str, Number] = field(default_factory=dict)
