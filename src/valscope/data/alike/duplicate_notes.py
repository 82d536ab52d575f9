"""What was found about duplicates, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from valscope.nouns.dataset import Notice

if TYPE_CHECKING:
    from valscope.data.alike.duplicates import Duplicates, Group

CROWDED = 0.05  # of the images, before a crowd is worth a sentence


def notices(
    found: Duplicates, labels: NDArray[np.int64], names: Sequence[str] | None, classes: Sequence[str] | None
) -> Iterator[Notice]:
    """One notice for each kind of duplicate, with all items it is about; nothing where there is nothing."""
    called = names or [f"row {i}" for i in range(len(found.thumbs))]
    yield from _identical(found, called)
    yield from _near(found, called)
    yield from _labels(found, labels, called, classes)
    yield from _unjudged(found, called)


def _identical(found: Duplicates, names: Sequence[str]) -> Iterator[Notice]:
    if found.identical:
        yield Notice(
            "duplicates",
            f"{_sets(found.identical, 'set')} of identical pictures: each stays on one side of a split.",
            _items(found.identical, names),
        )
    if found.conflicts:
        example = " = ".join(repr(names[i]) for i in found.conflicts[0][:2])
        yield Notice(
            "label_conflict",
            f"{_sets(found.conflicts, 'set')} of identical pictures carry different labels (such as {example}): "
            f"at most {found.ceiling:.2%} of the labels can be right.",
            _items(found.conflicts, names),
        )


def _near(found: Duplicates, names: Sequence[str]) -> Iterator[Notice]:
    if found.near:
        hows = ", ".join(
            f"{t.same_label + t.other_label} {'resaved, resized or taken again' if t.how == 'same' else t.how}"
            for t in found.turned
        )
        yield Notice(
            "near_duplicates",
            f"{_sets(found.near, 'group')} of near-duplicates (pairs: {hows}): each stays on one side of a split.",
            _items(found.near, names),
        )
    if found.too_large:
        yield Notice(
            "large_groups",
            f"{_sets(found.too_large, 'group')} of near-duplicates, each more than 5 % of a class, were not "
            "kept together: if they come from one film or object, group by it.",
            _items(found.too_large, names),
        )


def _labels(
    found: Duplicates, labels: NDArray[np.int64], names: Sequence[str], classes: Sequence[str] | None
) -> Iterator[Notice]:
    swapping = {t.how for t in found.turned if found.changes_label(t.how)}
    for t in found.turned:
        if t.how in swapping and t.how != "same":
            yield Notice(
                "mirror_labels",
                f"{t.other_label} of {t.other_label + t.same_label} pairs of pictures that are each other "
                f"{t.how} carry different labels: augmentation must not do that.",
            )
    apart = [
        p
        for p in found.pairs
        if labels[p.first] != labels[p.second] and min(labels[p.first], labels[p.second]) >= 0
    ]
    apart = [p for p in apart if p.how == "same" or p.how not in swapping]
    if apart:
        p = apart[0]
        under = (
            ""
            if classes is None
            else f" under {classes[labels[p.first]]!r} and {classes[labels[p.second]]!r}"
        )
        yield Notice(
            "near_label_conflict",
            f"{len(apart)} pairs of nearly identical pictures carry different labels (such as "
            f"{names[p.first]!r} and {names[p.second]!r}{under}): one of each pair may be wrong.",
            _items([(p.first, p.second) for p in apart], names),
        )


def _unjudged(found: Duplicates, names: Sequence[str]) -> Iterator[Notice]:
    n = len(found.thumbs)
    if len(found.crowd) > CROWDED * n:
        yield Notice(
            "crowd",
            f"{len(found.crowd)} of {n} images have a neighbour as near as a resaved copy, in a crowd where copies "
            "cannot be told apart (frames of a film, simple drawings): if they come from films, group by film.",
            tuple(names[i] for i in found.crowd),
        )
    if found.flat:
        yield Notice(
            "flat",
            f"{len(found.flat)} pictures are too flat to be compared other than for identity "
            f"(such as {names[found.flat[0]]!r}).",
            tuple(names[i] for i in found.flat),
        )


def _sets(groups: Sequence[Group], what: str) -> str:
    return f"{len(groups)} {what}{'s' if len(groups) > 1 else ''} ({sum(map(len, groups))} images)"


def _items(groups: Sequence[Group], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[i] for group in groups for i in group)
