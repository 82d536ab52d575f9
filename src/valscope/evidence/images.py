"""Images or arrays given beside a report: counts, order, sizes, identical files, class sets. Facts only."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from valscope.errors import DataError
from valscope.evidence.twins import twins_of
from valscope.nouns.fact import Fact, Source
from valscope.nouns.images import DataFacts, LabelOrder, PartFacts

if TYPE_CHECKING:
    from valscope.nouns.dataset import Dataset

# Headers read for sizes and modes: enough to see a share of 0.3 % with 95 % certainty (3/n, Hanley 1983).
_HEADERS = 1000
_STRAYS = (".", "_", "thumbs", "desktop.ini", "ipynb_checkpoints")


def measure(path: str | Path) -> DataFacts:
    """What a folder, a table, an array file or a class_indices JSON holds.

    Raises DataError where it cannot be read.
    """
    if str(path).lower().endswith(".json"):
        return _class_indices(Path(path))
    from valscope.data.sources.open import open_dataset

    return measure_dataset(open_dataset(str(path)))


def measure_dataset(dataset: Dataset) -> DataFacts:
    """The facts of a dataset that is already open."""
    from valscope.nouns.dataset import Files

    source = Source(dataset.origin, None, "measured")
    files = dataset.content.paths if isinstance(dataset.content, Files) else ()
    sizes, modes, looked_at = _headers(files)
    labels = dataset.labels.tolist()
    low, high, dtype = _values(dataset)
    # A folder's rows are listed class by class, whatever was done with them later: its order says nothing.
    told = not files or any("/" not in name for name in dataset.names)
    return DataFacts(
        dataset.origin,
        "folder" if files else "arrays",
        source,
        dataset.classes,
        parts=tuple(_parts(dataset)),
        order=Fact(label_order(labels), source) if told and labels else None,
        sizes=sizes,
        modes=modes,
        looked_at=looked_at,
        twins=tuple(twins_of(dataset, files)),
        empty=_noticed(dataset, "empty_class"),
        strays=tuple(name for name in dataset.classes if name.lower().startswith(_STRAYS)),
        missing=tuple(_missing(dataset)),
        value_range=None if low is None or high is None else (low, high),
        dtype=dtype,
    )


def label_order(labels: Sequence[int]) -> LabelOrder:
    """How labels follow one another: runs, the runs that chance would give, and whether they are sorted.

    A random order of counts n_c has 1 + n - sum n_c^2 / n runs on average (Wald and Wolfowitz 1940).
    """
    runs = [label for position, label in enumerate(labels) if position == 0 or label != labels[position - 1]]
    counts = Counter(labels)
    size = len(labels)
    expected = 1 + size - sum(n * n for n in counts.values()) / size if size else 0.0
    is_sorted = len(counts) > 1 and len(runs) == len(counts)
    return LabelOrder(size, len(runs), expected, is_sorted, tuple(runs) if is_sorted else ())


def _class_indices(path: Path) -> DataFacts:
    try:
        given = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} cannot be read as JSON ({error}); give the class_indices that Keras printed."
        ) from None
    numbers = sorted(given.values()) if _is_indices(given) else []
    if not numbers or numbers != list(range(len(numbers))):
        raise DataError(
            f"{path} does not map class names to the numbers 0, 1, 2 ...; it is no class_indices."
        )
    classes = tuple(sorted(given, key=lambda name: int(given[name])))
    return DataFacts(
        str(path), "class_indices", Source(str(path), 1, path.read_text(errors="replace")[:200]), classes
    )


def _is_indices(given: Any) -> bool:
    return isinstance(given, dict) and all(type(value) is int for value in given.values())


def _parts(dataset: Dataset) -> Iterator[PartFacts]:
    names = dataset.parts or ("",) * len(dataset)
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for part, label in zip(names, dataset.labels.tolist()):
        counts[part][label] += 1
    for part in sorted(counts, key=lambda name: ("train", "val", "test", "").index(name)):
        row = tuple(counts[part][label] for label in range(len(dataset.classes)))
        own = tuple(sorted(name for name, count in zip(dataset.classes, row) if count))
        yield PartFacts(part, row, own)


def _missing(dataset: Dataset) -> Iterator[tuple[str, str]]:
    parts = list(_parts(dataset))
    for part in parts if len(parts) > 1 else ():
        yield from ((part.name, name) for name, count in zip(dataset.classes, part.counts) if not count)


def _noticed(dataset: Dataset, code: str) -> tuple[str, ...]:
    return tuple(item for notice in dataset.notices if notice.code == code for item in notice.items)


def _headers(
    files: Sequence[str],
) -> tuple[tuple[tuple[tuple[int, ...], int], ...], tuple[tuple[str, int], ...], int]:
    """Sizes and modes from the headers of evenly drawn files; damaged ones are left out."""
    if not files:
        return (), (), 0
    from PIL import Image, UnidentifiedImageError

    sizes: Counter[tuple[int, ...]] = Counter()
    modes: Counter[str] = Counter()
    step = max(1, len(files) // _HEADERS)
    for file in files[::step]:
        try:
            with Image.open(file) as image:
                sizes[(image.height, image.width)] += 1
                modes[image.mode] += 1
        except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
            continue
    return tuple(sizes.most_common()), tuple(modes.most_common()), sum(sizes.values())


def _values(dataset: Dataset) -> tuple[float | None, float | None, str | None]:
    from valscope.nouns.dataset import Arrays

    content = dataset.content
    if not isinstance(content, Arrays) or not content.values.size:
        return None, None, None
    return float(content.values.min()), float(content.values.max()), str(content.values.dtype)
