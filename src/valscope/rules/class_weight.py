"""Class weights, the usual suspect.

What it does: acquits class_weight where the composition of the split proves another cause, and where classes are
balanced and the weights follow from their counts or are written and equal, so that they change nothing.
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
from valscope.nouns.script import Fit
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
        return
    equal = _equal(case) if places and case.counts else ""
    if case.counts and equal and max(case.counts.value) <= EVEN * min(case.counts.value):
        yield Acquittal(
            "class_weight",
            f"classes are balanced ({', '.join(map(str, case.counts.value))}), {equal}, and change nothing.",
            evidence=(*places, case.counts.source),
        )


def _equal(case: Case) -> str:
    """Why the weights of every fit are close to each other; empty where one is not known to be so."""
    fits = [f for s in case.scripts for f in s.fits if f.class_weight is not None]
    known = case.weights.value if case.weights else ()
    if all(f.class_weight_power for f in fits):
        return "so the weights, which are computed from these counts, are all close to each other"
    size = len(case.counts.value) if case.counts else 0
    written = [_written(f, size) or known for f in fits if not f.class_weight_power]
    if all(w and min(w) > 0 and max(w) <= EVEN * min(w) for w in written):
        largest, smallest = max(map(max, written)), min(map(min, written))
        return f"and so are the weights, from {smallest:g} to {largest:g}"
    return ""


def _written(fit: Fit, classes: int) -> tuple[float, ...]:
    """The weights that the call writes; a class that it leaves out counts once, as in Keras. Empty for none."""
    told = dict(fit.class_weights)
    return tuple(told.get(k, 1.0) for k in range(max(classes, *(k + 1 for k in told)))) if told else ()


def remedy(recipe: Recipe) -> Recipe | None:
    """All images weigh the same."""
    return recipe.but(class_weights=None) if recipe.class_weights is not None else None


def _places(case: Case) -> tuple[Source, ...]:
    return tuple(f.class_weight.source for s in case.scripts for f in s.fits if f.class_weight is not None)


def sick(seed: int = 0) -> World:
    """Weights for classes of one size, computed or written: innocent, whatever else is wrong."""
    weights = "{0: 1.0, 1: 1.0, 2: 0.98}" if seed % 2 else COMPUTED
    return _weighted((500, 500 + seed, 510), weights, seed)


def healthy(seed: int = 0) -> World:
    """Weights for uneven classes, or uneven weights that nobody computed: nothing to say."""
    counts = (500, 500 + seed, 510) if seed % 2 else (500, 200 + seed, 90)
    return _weighted(
        counts, ("{0: 1, 1: 1, 2: 200}", "weights")[seed // 2 % 2] if seed % 2 else COMPUTED, seed
    )


COMPUTED = "dict(enumerate(compute_class_weight('balanced', classes=np.unique(y), y=y)))"


def _weighted(counts: tuple[int, ...], weights: str, seed: int) -> World:
    said = ", ".join(f"class {k} has {n} images" for k, n in enumerate(counts))
    fit = f"model.fit(x, y, epochs=9, class_weight={weights})"
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
