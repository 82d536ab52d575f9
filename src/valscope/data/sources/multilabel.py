"""Recognising labels that say several things at once, which one class an image cannot hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from valscope.data.pixels.decode_reasons import shown
from valscope.errors import DataError


def refuse_multilabel(labels: list[str | int | None]) -> None:
    """Raise DataError where texts are lists of other texts ("cat|dog" beside "cat" and "dog").

    Every part must occur as a label of its own; with | and ; it is enough that it occurs in another list. So
    "red fox" and "arctic fox", or "Tomato, late" and "Potato, late", are names and no lists.
    """
    values = {label for label in labels if isinstance(label, str)}
    for separator in "|;, ":
        several = {
            value: [t.strip() for t in value.split(separator)] for value in values if separator in value
        }
        single = values - set(several)
        used = Counter(token for tokens in several.values() for token in set(tokens))
        for tokens in several.values():
            if all(token in single for token in tokens) or (
                separator in "|;" and all(token in single or used[token] > 1 for token in tokens)
            ):
                raise multilabel(tokens)


def multilabel(tokens: Sequence[object]) -> DataError:
    """The refusal, with some of the labels that stand on one item."""
    some = " and ".join(shown(token) for token in tokens[:3])
    return DataError(
        f"An item has several labels ({some}): this is multi-label data, and valscope gives each image one "
        f"class; choose one label an image, or train one run for each label."
    )
