"""Predictions are compared with labels in another order.

What it does: finds scores outside Keras that take the true labels from a feed whose images come shuffled, by its list of
labels or in a pass of their own.
Why it matters: evaluate() is right, and the confusion matrix beside it is chance.
Instead: shuffle=False in the feed that is predicted, or labels collected in the same pass.
Cannot tell: what the score is; only that this one is not it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from valscope.case import Case
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import WORSE_IN_USE, Finding, Outcome
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.script import Feed, Scoring
from valscope.worlds import World, draw
from valscope.worlds.programs import TOLD, using
from valscope.worlds.scripts import flow

CODE, NAME = "P110", "order_lost"
NEEDS = ("scorings",)
SUSPECT = "labels in another order than predictions"
NAMED = {"count": "=="}


def check(case: Case) -> Iterator[Outcome]:
    """One finding a feed: confusion_matrix, classification_report, accuracy_score and comparisons by ==."""
    for script in case.scripts:
        lost = [s for s in script.scorings if s.feed is not None and s.feed_shuffled]
        for place in dict.fromkeys(s.feed for s in lost):
            yield _finding([s for s in lost if s.feed == place], script.feeds[place or 0])


def _finding(scorings: Sequence[Scoring], feed: Feed) -> Finding:
    names = list(dict.fromkeys(NAMED.get(s.name, s.name) for s in scorings))
    places = [s.source for s in scorings]
    orders = (
        "predictions come from one pass over it and labels from another, and each pass has an order of its own"
        if scorings[0].passes
        else "labels stand in file order, predictions in another"
    )
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"{' and '.join(names)} in {lines_of(places)} {'compares' if len(names) == 1 else 'compare'} predictions with "
        f"{scorings[0].truth or 'the labels'} of a feed that is shuffled: {orders}.",
        numbers={"scoring": ", ".join(names)},
        evidence=(*dict.fromkeys(places), feed.source),
        explains=(WORSE_IN_USE,),
        cannot_tell="the score itself.",
        remedy="shuffle=False in that feed, then predict again; or collect labels and predictions in one pass.",
        next_step=f"print(model.evaluate({feed.name or 'feed'}))   (the score without that comparison)",
        weight=0.85,
    )  # fmt: skip


def mend(served: Pipeline, trained: Pipeline) -> Pipeline | None:
    """Labels and predictions of one pass."""
    return served.but(aligned=True) if trained.aligned and not served.aligned else None


USE = "scores = model.predict_generator(val)\nprint(confusion_matrix(val.classes, scores.argmax(1)))\n"


def sick(seed: int = 0) -> World:
    """Labels in the order of the files, predictions in that of a shuffled feed."""
    return World({"evaluate.py": flow(seed=seed) + USE})


def healthy(seed: int = 0) -> World:
    """A feed that is not shuffled."""
    return World({"evaluate.py": flow(val_more=", shuffle=False", seed=seed) + USE})


def sick_program(seed: int = 0) -> World:
    """The photographs of validation come in another order in each pass."""
    return using(draw.bars(seed, (150, 150, 150), side=32), seed, script=TOLD)


def healthy_program(seed: int = 0) -> World:
    """In that of their folders."""
    return using(draw.bars(seed, (150, 150, 150), side=32), seed, script=TOLD, more=", shuffle=False")
