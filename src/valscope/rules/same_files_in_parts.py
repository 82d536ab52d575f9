"""The same image stands in training and in validation.

What it does: finds files of identical bytes in different parts, and identical files with different labels.
Why it matters: a score on images that were trained measures memory; contradicting labels put a ceiling on it.
Instead: split groups of identical images together.
Cannot tell: near duplicates, which it does not look for.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.images import DataFacts, Twins
from valscope.worlds import World, draw, spoil

CODE, NAME = "S105", "same_files_in_parts"
NEEDS = ("data",)
FEW = 0.01  # of the images: so few contradictions cost less than a point


def check(case: Case) -> Iterator[Outcome]:
    """Exact duplicates only."""
    for facts in case.data:
        across = [t for t in facts.twins if len(set(t.parts)) > 1]
        if across:
            yield _across(facts, across)
        torn = [t for t in facts.twins if len(set(t.labels)) > 1]
        if torn:
            yield _torn(facts, torn)


def _across(facts: DataFacts, across: list[Twins]) -> Finding:
    held = sum(any(p != "train" for p in t.parts) and "train" in t.parts for t in across)
    rest = sum(p.total for p in facts.parts if p.name not in ("train", ""))
    twice = sum(sum(p != "train" for p in t.parts) for t in across if "train" in t.parts)
    return Finding(
        CODE, NAME, "PROVED",
        f"{len(across)} images stand in more than one part, {held} of them in training and outside it: {twice} of {rest} "
        "validated or tested images were trained.",
        numbers={"groups": len(across), "trained_too": twice, "scored": rest},
        evidence=_files(facts, across),
        cannot_tell="near duplicates: resized, cropped or recompressed copies.",
        remedy="Keep identical images together when splitting, or remove the copies.",
        next_step=f"valscope train {facts.origin}   (keeps duplicates in one part)",
        weight=min(0.9, 0.3 + twice / max(1, rest)),
    )  # fmt: skip


def _torn(facts: DataFacts, torn: list[Twins]) -> Finding:
    share = len(torn) / max(1, sum(p.total for p in facts.parts))
    return Finding(
        CODE, NAME, "PROVED",
        f"{len(torn)} images stand under more than one label with identical bytes: no model can be right about all "
        "their copies.",
        numbers={"conflicts": len(torn)},
        evidence=_files(facts, torn),
        cannot_tell="which label is right.",
        remedy="Look at these images and decide for one label.",
        next_step=f"valscope train {facts.origin}   (names the conflicts)",
        weight=min(0.8, 0.2 + share),
        minor=share < FEW,
    )  # fmt: skip


def _files(facts: DataFacts, twins: list[Twins]) -> tuple[Source, ...]:
    return tuple(Source(facts.origin, None, " = ".join(t.names[:3])) for t in twins[:5])


def sick(seed: int = 0) -> World:
    """Every fourth image stands twice, and the copies were dealt to the parts like all others."""
    images = draw.blobs(seed, (40, 40, 40))
    rows = [*range(120), *range(0, 120, 4)]
    return World(images=spoil.parted(spoil.take(images, rows), val=0.3, seed=seed))


def healthy(seed: int = 0) -> World:
    """Each image once."""
    return World(images=spoil.parted(draw.blobs(seed, (40, 40, 40)), val=0.3, seed=seed))
