"""From trials to verdicts: what is said once, and what two experiments say together."""

from __future__ import annotations

from dataclasses import replace

from valscope.diagnosis.trials import joined
from valscope.diagnosis.verdicts import judged
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Finding
from valscope.nouns.trial import Arm, Trial
from valscope.scoring import share

ARMS = (Arm("with it", (0.46,), share(46, 100)), Arm("mended", (0.96,), share(96, 100)))
TAIL = Trial("T104", "BatchNorm", "training", "?", *ARMS, 100, 0.5, 0.4, 0.6, 0, 50, 1e-9, 1e-9, "CONFIRMED")
LINE = Source("training.log", 3, "Epoch 1/4")
TRIED = Finding("T104", "batchnorm_statistics", "CONFIRMED", "After 116 updates.", numbers={"updates": 116},
                evidence=(LINE,), trial=TAIL)  # fmt: skip
MEASURED = replace(
    TRIED, claim="57 % stored, 96 % batch.", numbers={"stored": 0.57}, evidence=(Source("m.keras", None, ""),)
)


def test_a_training_and_a_measurement_of_one_fault_are_one_finding() -> None:
    first, rest = joined([TRIED], [MEASURED])
    assert not rest
    (one,) = first
    assert isinstance(one, Finding) and one.claim == "57 % stored, 96 % batch. After 116 updates."
    assert one.numbers == {"updates": 116, "stored": 0.57} and one.evidence[-1] == LINE


def test_other_faults_stay_apart() -> None:
    other = replace(MEASURED, code="X101")
    suspected = replace(TRIED, verdict="SUSPECTED")
    assert joined([TRIED], [other]) == ([TRIED], [other])
    assert joined([suspected], [MEASURED]) == ([suspected], [MEASURED])


def test_what_two_files_acquit_alike_is_said_once() -> None:
    arithmetic = Acquittal("class weights", "A weight on no images is nothing.", "PROVED", (LINE,))
    again = replace(arithmetic, evidence=(Source("train.py", 1, ""),))
    refuted = replace(
        TAIL, code="D103", suspect="class weights", ruling="REFUTED", words="96 to 96 %: not the cause"
    )
    rule = type("Rule", (), {"CODE": "D103", "NAME": "class_weight"})
    made = judged([arithmetic, again], [refuted], [rule], "valscope diagnose x")  # type: ignore[list-item]
    assert len(made) == 1 and isinstance(made[0], Acquittal)
    assert made[0].claim == "A weight on no images is nothing. And 96 to 96 %: not the cause."


def test_a_difference_in_use_that_costs_nothing_is_acquitted_and_kept_by_the_way() -> None:
    """On these images it is not the cause; its line and its remedy still hold for others."""
    differs = replace(
        TRIED, code="P115", verdict="SUSPECTED", trial=None, remedy="Resize alike.", explains=("P112",)
    )
    idle = replace(TAIL, code="P115", kind="rescoring", ruling="REFUTED", words="96 to 96 %: not the cause")
    rule = type("Rule", (), {"CODE": "P115", "NAME": "resize_differs"})
    kept, acquitted = judged([differs], [idle], [rule], "valscope diagnose x")  # type: ignore[list-item]
    assert isinstance(kept, Finding) and kept.minor and kept.remedy and kept.evidence == (LINE,)
    assert kept.explains == () and kept.claim.endswith("On these images it costs nothing.")
    assert isinstance(acquitted, Acquittal) and acquitted.trial == idle
    assert len(judged([differs], [replace(idle, kind="training")], [rule], "x")) == 1  # type: ignore[list-item]
