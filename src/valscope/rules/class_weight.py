"""Class weights, the usual suspect.

What it does: acquits class_weight where the composition of the split proves another cause, and where classes are
balanced, so that weights change nothing.
Why it matters: it is blamed for every bias towards a class.
Instead: keep it for real imbalance; it never decides whether a class is learned at all.
Cannot tell: its effect where classes are uneven and no other cause is proved.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Outcome
from valscope.nouns.recipe import Recipe, Stage
from valscope.worlds import World, draw, post, trainings
from valscope.worlds.programs import training
from valscope.worlds.scripts import network

CODE, NAME = "D103", "class_weight"
NEEDS = ("training_code",)
SUSPECT = "class weights"
EVEN = 1.15  # largest class over smallest


def check(case: Case) -> Iterator[Outcome]:
    """Silent where the text has no class weights and does not speak of balance."""
    places = _places(case)
    proof = next((t for t in case.tails if t.proved), None)
    if places and proof is not None:
        missing = ", ".join(map(str, proof.composition.untrained))
        yield Acquittal(
            "class_weight",
            f"class weights cannot cause this and cannot mend it: class {missing} is never trained, and a weight on no "
            "images is nothing. They only make the same mistakes cost more in val_loss.",
            evidence=places,
        )
    elif case.counts and places and max(case.counts.value) <= EVEN * min(case.counts.value):
        yield Acquittal(
            "class_weight",
            f"classes are balanced ({', '.join(map(str, case.counts.value))}), so the weights are all close to 1 and "
            "change nothing.",
            evidence=(*places, case.counts.source),
        )


def remedy(recipe: Recipe) -> Recipe | None:
    """All images weigh the same."""
    return recipe.but(class_weights=None) if recipe.class_weights is not None else None


def _places(case: Case) -> tuple[Source, ...]:
    return tuple(f.class_weight.source for s in case.scripts for f in s.fits if f.class_weight is not None)


def sick(seed: int = 0) -> World:
    """Weights for classes of one size: innocent, whatever else is wrong."""
    return _weighted((500, 500 + seed, 510), seed)


def healthy(seed: int = 0) -> World:
    """Weights for uneven classes: nothing to say."""
    return _weighted((500, 200 + seed, 90), seed)


def _weighted(counts: tuple[int, ...], seed: int) -> World:
    said = ", ".join(f"class {k} has {n} images" for k, n in enumerate(counts))
    fit = "model.fit(x, y, epochs=9, class_weight=weights)"
    return post(f"There are three classes: {said}.", network(more=fit, seed=seed))


def sick_training(seed: int = 0) -> World:
    """Three classes of one size, of which one counts sixty times."""
    return trainings.world(draw.blobs(seed), class_weights=(1.0, 1.0, 60.0), stages=(Stage(4),))


def healthy_training(seed: int = 0) -> World:
    """All count alike."""
    return trainings.world(draw.blobs(seed))


def sick_program(seed: int = 0) -> World:
    """Two classes of one size, of which one counts fifty times."""
    return _counted(", class_weight={0: 1.0, 1: 50.0}", seed)


def healthy_program(seed: int = 0) -> World:
    """Both count alike."""
    return _counted("", seed)


def _counted(weights: str, seed: int) -> World:
    return training(draw.bars(seed, (200, 200), side=32), seed, epochs="5", more=weights)
