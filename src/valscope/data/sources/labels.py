"""Labels as they stand in a source to numbers and class names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.decode_reasons import shown
from valscope.data.sources.label_notices import absent_classes, left_out, odd_classes
from valscope.data.sources.multilabel import multilabel, refuse_multilabel
from valscope.errors import DataError
from valscope.nouns.dataset import Notice

# More different labels than half the items, on more than this many items, are identifiers or measurements.
MANY_ITEMS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Label numbers of the items `keep` (int64 indices), and the class names by number."""

    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    keep: NDArray[np.int64]
    notices: tuple[Notice, ...]


def encode(
    labels: Sequence[object],
    classes: Sequence[str] | None,
    names: Sequence[str],
    by_folder: bool = False,
    fewest: int = 2,
) -> Encoded:
    """Number the labels.

    Whole numbers keep their numerical order; names are sorted as strings, as Keras sorts class folders;
    `classes` fixes order and names, and whole numbers then count into it. Items without a label, or with one
    that is not in `classes`, are left out with a notice.
    Raises DataError for several labels on one item, measurements, and fewer than `fewest` classes.
    """
    plain = [_plain(label) for label in labels]
    if not by_folder:
        refuse_multilabel(plain)
    missing = [i for i, label in enumerate(plain) if label is None]
    counts = Counter(label for label in plain if label is not None)
    wanted, number = _numbering(counts, classes)
    _refuse_unusable(counts, wanted, len(plain) - len(missing), by_folder, fewest)
    unknown = [i for i, label in enumerate(plain) if label is not None and label not in number]
    out = {*missing, *unknown}
    keep = np.array([i for i in range(len(plain)) if i not in out], np.int64)
    numbers = np.array([number[plain[i]] for i in keep], np.int64)
    if not len(keep):
        found = ", ".join(shown(label) for label in list(counts)[:5])
        raise DataError(f"No item has one of the classes {', '.join(map(shown, wanted))}; found {found}.")
    notices = [
        left_out("no_label", missing, names, "Items without a label"),
        left_out(
            "unknown_class", unknown, names, f"Items with a label that is none of the {len(wanted)} classes"
        ),
        *absent_classes(numbers, wanted),
        *odd_classes(wanted),
    ]
    return Encoded(numbers, wanted, keep, tuple(notice for notice in notices if notice))


def _plain(label: Any) -> str | int | None:
    """A label as text or whole number; None for nothing."""
    if isinstance(label, bytes):
        label = label.decode("utf-8", "replace")
    if isinstance(label, str):
        return label or None
    if label is None or label != label or type(label).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(label, bool | np.bool_ | int | np.integer):
        return int(label)
    if isinstance(label, float | np.floating):
        if float(label).is_integer():
            return int(label)
        raise DataError(
            f"The label {label!r} is no whole number; valscope classifies, so give classes and not measurements."
        )
    if isinstance(label, list | tuple | set | frozenset | np.ndarray):
        raise multilabel(list(label))
    return str(label)


def _numbering(
    counts: Counter[str | int], classes: Sequence[str] | None
) -> tuple[tuple[str, ...], dict[str | int, int]]:
    if classes is not None:
        wanted = tuple(classes)
        if len(set(wanted)) < len(wanted):
            raise DataError(f"A class is named twice in {', '.join(map(shown, wanted))}; name each once.")
        by_name: dict[str | int, int] = {name: i for i, name in enumerate(wanted)}
        return wanted, {**{label: by_name[str(label)] for label in counts if str(label) in by_name},
                        **_counted(counts, wanted)}  # fmt: skip
    if all(isinstance(label, int) for label in counts):
        ordered: list[str | int] = sorted(counts)
    else:
        ordered = sorted(counts, key=str)
    return tuple(str(label) for label in ordered), {label: i for i, label in enumerate(ordered)}


def _counted(counts: Counter[str | int], wanted: tuple[str, ...]) -> dict[str | int, int]:
    """Whole numbers that count into given class names, where no class is named by a number."""
    if (
        not counts
        or not all(isinstance(label, int) for label in counts)
        or {str(c) for c in counts} & set(wanted)
    ):
        return {}
    return {label: label for label in counts if isinstance(label, int) and 0 <= label < len(wanted)}


def _refuse_unusable(
    counts: Counter[str | int], wanted: tuple[str, ...], n: int, by_folder: bool, fewest: int
) -> None:
    if len(wanted) < max(1, fewest):
        only = f"only the class {shown(wanted[0])}" if wanted else "no label at all"
        raise DataError(f"There is {only} in {n:,} items; a classifier needs two classes at least.")
    if not by_folder and n > MANY_ITEMS and len(counts) > n / 2:
        some = ", ".join(shown(label) for label in list(counts)[:3])
        raise DataError(
            f"The labels have {len(counts):,} different values in {n:,} items ({some}, ...), as identifiers "
            f"or measurements have; name the column that holds the class."
        )
