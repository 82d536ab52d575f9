"""A class that only the exact number 1.0 gets.

What it does: finds decisions that compare a score with == 1, or cut its fraction off, where a threshold is meant.
Why it matters: a score of 0.9999 then counts as the other class; errors become one-sided.
Instead: score > 0.5 for one sigmoid unit, argmax for several.
Cannot tell: how many images it costs; scores of a saturated network may all be exactly 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.case.objective import output
from valscope.nouns.finding import WORSE_IN_USE, Finding, Outcome
from valscope.nouns.pipeline import Decision as Deciding
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.script import Decision, ScriptFacts
from valscope.worlds import World, draw
from valscope.worlds.programs import using
from valscope.worlds.scripts import flow, network, predicting

CODE, NAME = "P102", "decides_by_equality"
NEEDS = ("decisions",)
EXACT = ("equals", "truncated")
SUSPECT = "the decision by an exact number"


def check(case: Case) -> Iterator[Outcome]:
    """`== 1`, `== 1.0`, `== 0`, `.astype(int)` and truth of a score."""
    for script in case.scripts:
        for decision in script.decisions:
            kind = decision.kind in ("equals", "astype_int", "any") and decision.value in (None, 0.0, 1.0)
            if kind and _of_scores(script, decision):
                yield _finding(decision)


def mend(served: Pipeline, trained: Pipeline) -> Pipeline | None:
    """The decision that training counts by; a threshold of 1/2 where that is none."""
    if served.decision.rule not in EXACT:
        return None
    rule = trained.decision
    if rule.rule in EXACT:
        rule = Deciding("threshold", 0.5, served.decision.column)
    return served.but(decision=rule)


def _of_scores(script: ScriptFacts, decision: Decision) -> bool:
    """Whether it is about what a classifier said: a followed predict, and for kinds that images undergo too, of a
    network that ends in probabilities."""
    if decision.predicting is None or not script.predictions[decision.predicting].name.startswith("predict"):
        return False
    network = script.networks[decision.network] if decision.network is not None else None
    last = output(network) if network is not None else None
    return decision.kind == "equals" or (last is not None and last[1] in ("sigmoid", "softmax"))


def _finding(decision: Decision) -> Finding:
    how = {
        "equals": f"compares the score with {decision.operator or '=='} {decision.value or 0:g}: only the exact float "
        f"{float(decision.value or 0):.1f} passes",
        "astype_int": "cuts the fraction of the score off: 0.999 becomes 0",
        "any": "takes any score that is not exactly 0 for the class",
    }[decision.kind]
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"The decision {how}, where scores lie anywhere between 0 and 1.",
        numbers={"value": decision.value if decision.value is not None else "", "kind": decision.kind},
        evidence=(decision.source,),
        explains=(WORSE_IN_USE,),
        cannot_tell="how many images it costs: decide once by 0.5 and once so from the same scores.",
        remedy="score > 0.5 for a single sigmoid unit, argmax over several units.",
        next_step="print((scores > 0.5).mean(), (scores == 1).mean())   (the same scores decided both ways)",
        weight=0.7,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Only the exact 1.0 is class 1."""
    return _used(("score[0][0] == 1", "score[0][0] == 1.0", "score[0] == 1")[seed % 3], seed)


def healthy(seed: int = 0) -> World:
    """Half and more is."""
    return _used(("score[0][0] > 0.5", "score[0][0] >= 0.5", "score[0] > 0.5")[seed % 3], seed)


def _used(decision: str, seed: int) -> World:
    fit = flow(mode="binary", seed=seed) + "model.fit_generator(train, epochs=9, validation_data=val)\n"
    more = fit + predicting(decision=decision, seed=seed)
    return World({"train.py": network(1, "sigmoid", "binary_crossentropy", more, seed=2 * seed)})


def sick_program(seed: int = 0) -> World:
    """Only a score of exactly 1 is the second class."""
    return _one_unit("int(scores[0][0] == 1)", seed)


def healthy_program(seed: int = 0) -> World:
    """Half and more is."""
    return _one_unit("int(scores[0][0] > 0.5)", seed)


def _one_unit(choose: str, seed: int) -> World:
    one = {"units": "1", "end": "sigmoid", "loss": '"binary_crossentropy"'}
    return using(draw.bars(seed, (200, 200), side=32), seed, one, choose=choose)
