"""The parts do not hold the same classes.

What it does: compares the class folders (or labels) of training, validation and test.
Why it matters: a class that training lacks cannot be recognised; and one folder more in a part shifts every class
number after it, because numbers follow the sorted folder names.
Instead: the same class folders in every part, and no stray folder among them.
Cannot tell: whether a class was left out on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.images import DataFacts
from valscope.worlds import World, draw, spoil

CODE, NAME = "D101", "class_sets_differ"
NEEDS = ("data",)
SHOWN = 4


def check(case: Case) -> Iterator[Outcome]:
    """Missing classes, empty class folders, and folders that are hardly classes."""
    for facts in case.data:
        if facts.missing:
            yield _finding(facts, f"{_pairs(facts)}", 0.9)
        if facts.strays:
            yield _finding(
                facts, f"{_names(facts.strays)} stands among the class folders and counts as a class", 0.5
            )
        if facts.empty:
            yield _finding(facts, f"the class folder {_names(facts.empty)} holds no image", 0.4)


def _pairs(facts: DataFacts) -> str:
    said = [f"{part} has no image of {name!r}" for part, name in facts.missing[:SHOWN]]
    more = f" and {len(facts.missing) - SHOWN} more" if len(facts.missing) > SHOWN else ""
    return "; ".join(said) + more


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names[:SHOWN]))


def _finding(facts: DataFacts, reason: str, weight: float) -> Finding:
    counts = ", ".join(f"{p.name or 'all'} {len(p.own_classes)}" for p in facts.parts)
    return Finding(
        CODE, NAME, "PROVED",
        f"The parts do not hold the same classes: {reason} (class folders: {counts}; {len(facts.classes)} classes in "
        "all).",
        numbers={"classes": len(facts.classes), "missing": len(facts.missing)},
        evidence=(facts.source,),
        explains=("overfitting", "L203", "L209"),
        cannot_tell="whether it was meant.",
        remedy="Give every part the same class folders; pass classes=[...] to every feed in one order.",
        next_step=f"valscope train {facts.origin}   (refuses or names such folders before it trains)",
        weight=weight,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """No training image of the last class."""
    images = spoil.parted(draw.blobs(seed, (40, 40, 30 + seed)), val=0.3, seed=seed)
    lacking = [
        i for i, (label, part) in enumerate(zip(images.labels, images.parts)) if label < 2 or part == "val"
    ]
    return World(images=spoil.take(images, lacking))


def healthy(seed: int = 0) -> World:
    """All classes in both parts."""
    return World(images=spoil.parted(draw.blobs(seed, (40, 40, 30 + seed)), val=0.3, seed=seed))
