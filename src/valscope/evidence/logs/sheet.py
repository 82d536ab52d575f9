"""The figures of one epoch, gathered from the lines that print it."""

from __future__ import annotations

from dataclasses import dataclass, field

from valscope.evidence.logs.rows import Row
from valscope.nouns.fact import Source


@dataclass(slots=True)
class Sheet:
    """What is known so far. `batch` holds figures of a batch, `extra` those of later lines."""

    source: Source
    form: str
    number: int | None = None
    total: int | None = None
    values: dict[str, str] = field(default_factory=dict)
    batch: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    extra_source: Source | None = None
    steps: int | None = None
    seconds: float | None = None

    def row(self) -> Row:
        """The epoch; a figure of its last batch where the epoch itself has none."""
        values = dict(self.values)
        for name, text in self.batch.items():
            if name not in values:
                values[f"batch_{name}"] = text
        return Row(
            self.form, values, self.source, self.number, self.total, self.steps, self.seconds,
            extra=self.extra, extra_source=self.extra_source,
        )  # fmt: skip
