"""How a training went, in sentences: its size, the epoch that was kept, its probabilities."""

from __future__ import annotations

from valscope.nouns.recipe import Recipe
from valscope.nouns.result import Result
from valscope.words.plain import count, duration, listing, number, percent, points, share


def chosen(result: Result, restored: bool) -> str:
    """Which epoch was kept, and how much its validation accuracy flatters; empty without a validation part."""
    o = result.optimism
    if o is None:
        return ""
    accuracy = percent(o.val_accuracy, o.n)
    if o.epochs < 2:
        return f"One epoch was trained; nothing was chosen. Its validation accuracy is {accuracy}."
    if not restored:
        return f"The weights of the last epoch are used, not those of the best; its validation accuracy is {accuracy}."
    return (
        f"Epoch {o.best_epoch} of {o.epochs} was kept: its validation loss was lowest. "
        f"Being the best of {o.epochs} on {count(o.n, 'image')} makes its validation accuracy of {accuracy} "
        f"look about {points(o.points)} too good."
    )


def calibrated(result: Result) -> str:
    """How far stated probabilities can be trusted, with the temperature and without."""
    c, scores = result.calibration, result.scores
    after = scores.ece if scores.ece is not None or c is None else c.ece_after
    miss = (
        ""
        if after is None
        else f"On the {count(scores.n, f'{scores.part} image')} a stated probability misses by {points(after)} on average"
    )
    if c is None:
        return f"{miss}; no temperature was fitted." if miss else ""
    fitted = f"Logits are divided by the temperature {number(c.temperature)}, fitted on {count(c.n, 'validation image')}."
    if not miss:
        return fitted
    return f"{fitted} {miss}" + (
        "." if c.ece_before is None else f", without the temperature by {points(c.ece_before)}."
    )


def put_aside(result: Result) -> str:
    """The rule for images of none of the classes, with its error; empty when there is none."""
    u = result.unsure
    if u is None:
        return ""
    return (
        f"An image is put aside as unsure when its probability is below {percent(u.probability, 1000)} or when it lies "
        f"farther than {number(u.distance)} from the training images in feature space. The rule puts aside "
        f"{share(u.false_unsure)} of {count(u.false_unsure.n, 'image')} that do belong to a class."
    )


def facts(result: Result, recipe: Recipe) -> list[str]:
    """What stands beside the title: model, size, length."""
    parts = [recipe.model.name, count(len(result.classes), "class", "classes")]
    parts += [count(result.parameters, "parameter")] if result.parameters else []
    parts += [count(result.epochs, "epoch")] if result.epochs else []
    return parts + ([duration(result.seconds)] if result.seconds else [])


def versions(result: Result) -> str:
    """`keras 3.15.1, numpy 2.3.4`."""
    return listing([f"{name} {version}" for name, version in result.versions.items()], most=50)
