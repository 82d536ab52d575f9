"""What numbering the labels noticed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.decode_reasons import shown
from valscope.nouns.dataset import Notice


def left_out(code: str, rows: list[int], names: Sequence[str], what: str) -> Notice | None:
    """`what` was left out, with its number and names; None where nothing was."""
    if not rows:
        return None
    return Notice(code, f"{what}, left out: {len(rows):,}.", tuple(names[i] for i in rows))


def absent_classes(numbers: NDArray[np.int64], classes: tuple[str, ...]) -> list[Notice]:
    """Classes that no item has, as happens where their names were given."""
    present = set(np.unique(numbers).tolist())
    absent = tuple(name for i, name in enumerate(classes) if i not in present)
    if not absent:
        return []
    return [Notice("missing_class", f"No item has the class {', '.join(map(shown, absent))}.", absent)]


def odd_classes(classes: tuple[str, ...]) -> list[Notice]:
    """Names that may be one class spelled twice, and numbers that are not in numerical order."""
    notices = []
    alike = Counter(unicodedata.normalize("NFKC", name).casefold().strip() for name in classes)
    twins = tuple(n for n in classes if alike[unicodedata.normalize("NFKC", n).casefold().strip()] > 1)
    if twins:
        listed = ", ".join(map(shown, twins))
        text = f"Class names differ only in case, spaces or encoding: {listed}; are they one?"
        notices.append(Notice("alike_classes", text, twins))
    numeric = all(re.fullmatch(r"\d+", name) for name in classes)
    if numeric and list(classes) != sorted(classes, key=int):
        text = (
            f"Class numbers are sorted as text ({', '.join(classes[:3])}, ...), as Keras sorts folders: "
            f"output 1 is class {classes[1]}."
        )
        notices.append(Notice("text_order", text, classes))
    return notices
