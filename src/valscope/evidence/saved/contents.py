"""What was found in a file, and how its texts become plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from valscope.errors import ModelError
from valscope.nouns.fact import Fact, Source

# The largest architecture seen (NASNetLarge) is 1.6 MB of JSON; a config far beyond that is a bomb.
LARGEST_CONFIG = 64_000_000


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds. `config` is None for weights alone; `compiled` is None where it was not compiled."""

    file: str
    format: Literal["keras", "h5", "weights"]
    config: dict[str, Any] | None = None
    compiled: dict[str, Any] | None = None
    keras_version: str | None = None
    backend: str | None = None
    saved_at: str | None = None
    weights: int | None = None

    def source(self, quote: str = "") -> Source:
        """A place in this file; it has no lines."""
        return Source(self.file, None, quote)

    def fact(self, value: str | None, quote: str) -> Fact[str] | None:
        """A fact of this file, None where it is absent."""
        return None if value is None else Fact(value, self.source(f"{quote}: {value}"))


def json_of(data: bytes, what: str, file: str) -> dict[str, Any]:
    """A JSON object. Raises ModelError for anything else."""
    if len(data) > LARGEST_CONFIG:
        raise ModelError(f"{file}: {what} has {len(data):,} bytes, far more than any architecture.")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"{file}: {what} is not JSON ({error}); the file is damaged: save the model again."
        ) from None
    if not isinstance(found, dict):
        raise ModelError(f"{file}: {what} holds a {type(found).__name__} where an architecture belongs.")
    return found


def text_of(value: Any) -> str | None:
    """A value as text, None where it is absent or no plain value."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value) if value is not None and not isinstance(value, dict | list) else None


def count(group: Any) -> int:
    """Numbers in all datasets but an optimiser's and random seeds; links are not followed."""
    total = 0

    def add(name: str, item: Any) -> None:
        nonlocal total
        aside = name.startswith(("optimizer", "_optimizer")) or "seed_generator" in name
        if hasattr(item, "shape") and hasattr(item, "dtype") and not aside:
            total += int(item.size or 0)

    group.visititems(add)
    return total
