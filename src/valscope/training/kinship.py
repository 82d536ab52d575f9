"""Which images belong together, and what mirror images mean: found before the split, said in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.data.alike.duplicates import find_duplicates
from valscope.data.alike.flips import flip_safe
from valscope.data.reading.reader import Reader
from valscope.data.splitting.groups import infer_groups, join_groups
from valscope.nouns.dataset import Arrays, Dataset, Notice


@dataclass(frozen=True, slots=True)
class Kinship:
    """groups  one an item, "" for an item that stands alone, or None where nothing is grouped.
    flips   whether a horizontal flip is known to keep every label; `why` says how that is known.
    """

    groups: tuple[str, ...] | None
    flips: bool
    why: str
    notices: tuple[Notice, ...]


def kinship(dataset: Dataset, reader: Reader) -> Kinship:
    """Groups by the source, by the names and by the pictures themselves."""
    notices: list[Notice] = []
    groups: Sequence[str] = dataset.groups or ("",) * len(dataset)
    if dataset.groups is None and (inferred := infer_groups(dataset.names)) is not None:
        groups = inferred.groups
        notices.append(Notice("inferred_groups", inferred.sentence))
    flips, why = False, ""
    if not (isinstance(dataset.content, Arrays) and dataset.content.vectors):
        names, classes = dataset.names, dataset.classes
        found = find_duplicates(reader.read, len(dataset), reader.hashes(), dataset.labels, names, classes)
        notices += found.notices
        groups = join_groups(groups, found.groups)
        verdict = flip_safe(found.thumbs, dataset.labels, classes, found)
        flips, why = verdict.safe, verdict.reason
        if verdict.verdict == "unsafe":
            notices.append(
                Notice("flips_change_labels", f"Training images are not mirrored. {verdict.reason}")
            )
    return Kinship(tuple(groups) if any(groups) else None, flips, why, tuple(notices))
