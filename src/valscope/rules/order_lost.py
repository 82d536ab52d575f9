"""Predictions are compared with labels in another order.

What it does: finds scores outside Keras that take the true labels from a feed whose images come shuffled.
Why it matters: evaluate() is right, and the confusion matrix beside it is chance.
Instead: shuffle=False in the feed that is predicted, or labels collected in the same pass.
Cannot tell: what the score is; only that this one is not it.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import WORSE_IN_USE, Finding, Outcome
from valscope.nouns.pipeline import Pipeline
from valscope.worlds import World, draw
from valscope.worlds.programs import TOLD, using
from valscope.worlds.scripts import flow

CODE, NAME = "P110", "order_lost"
NEEDS = ("scorings",)
SUSPECT = "labels in another order than predictions"


def check(case: Case) -> Iterator[Outcome]:
    """confusion_matrix, classification_report, accuracy_score and own counts."""
    for script in case.scripts:
        for scoring in script.scorings:
            if scoring.feed is not None and scoring.feed_shuffled:
                feed = script.feeds[scoring.feed]
                yield Finding(
                    CODE, NAME, "SUSPECTED",
                    f"{scoring.name} in {lines_of([scoring.source])} compares predictions with "
                    f"{scoring.truth or 'the labels'} of a feed that is shuffled: labels stand in file order, predictions "
                    "in another.",
                    numbers={"scoring": scoring.name},
                    evidence=(scoring.source, feed.source),
                    explains=(WORSE_IN_USE,),
                    cannot_tell="the score itself.",
                    remedy="shuffle=False in that feed, then predict again.",
                    next_step="print(model.evaluate(feed))   (the score without that comparison)",
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
