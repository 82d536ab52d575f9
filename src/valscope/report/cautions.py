"""What a person must know before believing the number: what was noticed while reading and splitting, and
what the result itself gives away. Only statements that are certain; an interval says the rest."""

from __future__ import annotations

from collections.abc import Iterator

from valscope.nouns.dataset import Notice
from valscope.nouns.recipe import Recipe
from valscope.nouns.result import Result, Share
from valscope.report.run_words import best_baseline
from valscope.words.plain import count, listing, percent, points, share

# An interval this wide (it needs fewer than about 100 images) cannot tell 75 % from 90 %.
WIDE = 0.20
# With fewer test images than this the exact interval of a recall is at least 30 points wide even when all
# are right: 9 of 9 gives [66, 100].
FEW = 10


# Said because nothing is done silently; none of them takes an image away or makes the number doubtful.
HARMLESS = frozenset(
    (
        "descended",
        "text_order",
        "inferred_groups",
        "float_pixels",
        "channels_first",
        "flattened",
        "drained",
        "soft_labels",
    )
)
LEAK = "Leak:"  # how the split begins the sentence about images that are on both sides


def cautions(result: Result, recipe: Recipe | None) -> tuple[Notice, ...]:
    """Everything for the warning strip: first what the result gives away, then the notices as they came."""
    given = (n for n in result.notices if n.code not in HARMLESS)
    return (
        *(Notice("leak", note) for note in result.notes if note.startswith(LEAK)),
        *_own(result, recipe),
        *given,
    )


def remarks(result: Result) -> tuple[str, ...]:
    """What was done and why: the notes, and the notices that are no caution."""
    notes = (note for note in result.notes if not note.startswith(LEAK))
    return (*notes, *(n.message for n in result.notices if n.code in HARMLESS))


def _own(result: Result, recipe: Recipe | None) -> Iterator[Notice]:
    yield from _unfinished(result)
    yield from _part(result)
    yield from _tail(recipe)
    yield from _untrained(result)
    yield from _beaten(result)
    yield from _wide(result.scores.accuracy, result.scores.part)
    yield from _small_classes(result)
    yield from _silent_classes(result)


def _unfinished(result: Result) -> Iterator[Notice]:
    if result.status != "finished":
        text = (
            f"This training is not finished (status: {result.status}, after {count(result.epochs, 'epoch')})."
        )
        yield Notice("unfinished", text)


def _part(result: Result) -> Iterator[Notice]:
    scores = result.scores
    if scores.part == "val":
        text = (
            "There was no test part: the images that gave this accuracy also chose the epoch, so it flatters."
        )
        yield Notice("no_test_part", text)


def _tail(recipe: Recipe | None) -> Iterator[Notice]:
    if recipe is not None and recipe.split.kind == "tail":
        text = (
            "The split takes the last rows as they stand. If rows come sorted by class, whole classes were never "
            "trained; look at the table of the split."
        )
        yield Notice("tail_split", text)


def _untrained(result: Result) -> Iterator[Notice]:
    train = next((row.counts for row in result.split if row.part == "train"), None)
    if train is None:
        return
    scored = [(c.name, c.n) for c, n in zip(result.scores.per_class, train) if n == 0 and c.n > 0]
    if scored:
        names, total = [name for name, _ in scored], result.scores.n
        left = sum(n for _, n in scored)
        text = (
            f"Never trained but scored: {listing(names)}, {left:,} of {count(total, 'image')}; "
            f"the accuracy cannot in practice exceed {percent((total - left) / total, total)}."
        )
        yield Notice("never_trained", text, tuple(names))


def _beaten(result: Result) -> Iterator[Notice]:
    best, right = best_baseline(result), result.scores.accuracy
    if (
        best is None
        or best.accuracy.value is None
        or right.value is None
        or right.value > best.accuracy.value
    ):
        return
    text = (
        f"The network ({share(right)}) is no better than the baseline “{best.name}” ({share(best.accuracy)})."
    )
    yield Notice("baseline_as_good", text)


def _wide(right: Share, part: str) -> Iterator[Notice]:
    if right.value is not None and right.high - right.low > WIDE:
        only = count(right.n, f"{part} image")
        text = f"Only {only}: the interval of the accuracy spans {points(right.high - right.low)}."
        yield Notice("wide_interval", text)


def _small_classes(result: Result) -> Iterator[Notice]:
    small = [c.name for c in result.scores.per_class if 0 < c.n < FEW]
    absent = [c.name for c in result.scores.per_class if c.n == 0]
    if small and result.scores.n:
        text = (
            f"{count(len(small), 'class has', 'classes have')} fewer than {FEW} {result.scores.part} images, "
            f"so the recall is hardly known: {listing(small)}."
        )
        yield Notice("small_class", text, tuple(small))
    if absent and result.scores.n:
        text = (
            f"{count(len(absent), 'class has', 'classes have')} no {result.scores.part} image at all: "
            f"{listing(absent)}."
        )
        yield Notice("absent_class", text, tuple(absent))


def _silent_classes(result: Result) -> Iterator[Notice]:
    silent = [c.name for c in result.scores.per_class if c.n > 0 and c.precision.n == 0]
    if silent:
        text = f"{count(len(silent), 'class was', 'classes were')} never predicted: {listing(silent)}."
        yield Notice("never_predicted", text, tuple(silent))
