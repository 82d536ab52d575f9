"""Scores become classes in another way than training counts them.

What it does: finds argmin over a classifier's scores, and pipelines whose threshold, column or rule is not that of
training.
Why it matters: the model is right and its answers are wrong, one-sidedly or all of them.
Instead: argmax over several outputs, score >= 0.5 for one.
Cannot tell: a threshold that was moved on purpose from one that was mistaken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope.case import Case
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import WORSE_IN_USE, Finding, Outcome
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.script import Decision, ScriptFacts
from valscope.worlds import World, draw
from valscope.worlds.programs import using
from valscope.worlds.scripts import flow, network

CODE, NAME = "P117", "decision_differs"
NEEDS = ("decisions",)
SUSPECT = "how scores become classes"
EXACT = ("equals", "truncated")  # another rule's


def check(case: Case) -> Iterator[Outcome]:
    """argmin over what predict gives."""
    for script in case.scripts:
        for decision in script.decisions:
            if decision.kind == "argmin" and _of_scores(script, decision):
                yield Finding(
                    CODE, NAME, "SUSPECTED",
                    f"The class is taken with argmin in {lines_of([decision.source])}: the output that is least likely.",
                    evidence=(decision.source,),
                    explains=(WORSE_IN_USE,),
                    cannot_tell="whether the outputs are distances, of which the smallest is meant.",
                    remedy="argmax over the outputs.",
                    next_step="print((scores.argmax(1) == y).mean(), (scores.argmin(1) == y).mean())",
                    weight=0.7,
                )  # fmt: skip
                return


def mend(served: Pipeline, trained: Pipeline) -> Pipeline | None:
    """Rule, threshold and column of training; which side is which class is another rule's."""
    own, theirs = served.decision, trained.decision
    if own.rule in EXACT or theirs.rule in EXACT:
        return None
    decision = replace(theirs, inverted=own.inverted)
    alike = own.rule == theirs.rule == "argmax" and own.column == theirs.column
    return None if alike or decision == own else served.but(decision=decision)


def _of_scores(script: ScriptFacts, decision: Decision) -> bool:
    """Whether it is about what a classifier said."""
    if decision.predicting is None:
        return False
    return script.predictions[decision.predicting].name.startswith("predict")


def sick(seed: int = 0) -> World:
    """The least likely class."""
    return _used("argmin", seed)


def healthy(seed: int = 0) -> World:
    """The most likely class."""
    return _used("argmax", seed)


def _used(choose: str, seed: int) -> World:
    fit = flow(seed=seed) + "model.fit_generator(train, epochs=9, validation_data=val)\n"
    use = f"scores = model.predict(x_test)\nnames = np.{choose}(scores, axis=1)\n"
    return World({"train.py": network(more=fit + use, seed=2 * seed)})


def sick_program(seed: int = 0) -> World:
    """The least likely class."""
    return _chosen("np.argmin(scores[0])", seed)


def healthy_program(seed: int = 0) -> World:
    """The most likely class."""
    return _chosen("np.argmax(scores[0])", seed)


def _chosen(choose: str, seed: int) -> World:
    return using(draw.bars(seed, (120, 120, 120), side=32), seed, choose=choose)
