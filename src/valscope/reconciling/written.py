"""What scripts and logs say about the two pipelines and the numbers that were seen. Code is read, never run."""

from __future__ import annotations

import os
from dataclasses import dataclass

from valscope.case import Case, open_case
from valscope.case.rebuild.pipelines import Ways, pipelines_from_script
from valscope.nouns.fact import Source
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.served import ServedModel
from valscope.nouns.stated import StatedScore
from valscope.reconciling.claims import Said
from valscope.serving import Images

PathLike = str | os.PathLike[str] | None


@dataclass(frozen=True, slots=True)
class Written:
    """What texts say.

    said     field of a pipeline ("served.preparation.scale") and the line that sets it.
    reasons  why no pipeline could be read, one sentence each.
    """

    trained: Pipeline | None = None
    served: Pipeline | None = None
    claims: tuple[Said, ...] = ()
    said: tuple[tuple[str, Source], ...] = ()
    assumed: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def read_written(
    script: PathLike, predict_script: PathLike, log: PathLike, model: ServedModel, images: Images
) -> Written:
    """Both pipelines from code, and accuracies from a log or post."""
    claims = _claims(open_case((os.fspath(log),))) if log is not None else ()
    files = [os.fspath(path) for path in (script, predict_script) if path is not None]
    if not files:
        return Written(claims=claims)
    case = open_case(files)
    height, width, channels = model.shape
    size = (height, width) if height is not None and width is not None else None
    ways = pipelines_from_script(case.scripts, size, channels, images.dataset.classes, model.head.outputs)
    if not isinstance(ways, Ways):
        return Written(claims=claims, reasons=(f"The code does not show a pipeline: {ways.reason}.",))
    served = ways.served if predict_script is not None or script is not None else None
    reasons = () if served is not None else ("The code does not show how predictions are made.",)
    trained = ways.trained if script is not None else None
    return Written(trained, served, claims, ways.said, ways.assumed, reasons)


def _claims(case: Case) -> tuple[Said, ...]:
    """The last validation accuracy of each run, and accuracies printed or stated elsewhere."""
    found: list[Said] = []
    for run in case.runs:
        last = next((r for r in reversed(run.column("val_accuracy")) if r is not None), None)
        if last is not None and 0 <= last.value <= 1:
            found.append(Said(last.value, run.epochs[-1].source, accuses=False))
    for evaluation in case.evaluations:
        found += [
            Said(reading.value, evaluation.source)
            for name, reading in evaluation.readings.items()
            if name.endswith("accuracy") and 0 <= reading.value <= 1
        ]
    for fact in case.stated:
        score = fact.value
        if isinstance(score, StatedScore) and score.measure == "accuracy" and 0 <= score.value.value <= 1:
            found.append(Said(score.value.value, fact.source))
    return tuple({round(said.value, 6): said for said in reversed(found)}.values())
