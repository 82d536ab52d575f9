"""What scripts and logs say about the two pipelines and the numbers that were seen. Code is read here, never run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from valscope.case import Case, open_case
from valscope.case.rebuild.pipelines import Ways, pipelines_from_script
from valscope.errors import UsageError
from valscope.nouns.fact import Source
from valscope.nouns.finding import NotChecked
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.served import ServedModel
from valscope.nouns.stated import KofN, StatedScore
from valscope.reconciling.claims import FEWEST, Said
from valscope.serving import Images

RIGHT = re.compile(r"correct|\bright\b|accura|predict|richtig|juste|acert", re.IGNORECASE)
CODE = (".py", ".ipynb", ".md", ".txt")
PathLike = str | os.PathLike[str] | None


@dataclass(frozen=True, slots=True)
class Written:
    """What texts say.

    said     field of a pipeline ("served.preparation.scale") and the line that sets it.
    reasons  why no pipeline could be read, one sentence each.
    measured  the pipeline of use was seen and not read;  notes  what was seen;  not_measured  why nothing was.
    """

    trained: Pipeline | None = None
    served: Pipeline | None = None
    claims: tuple[Said, ...] = ()
    said: tuple[tuple[str, Source], ...] = ()
    assumed: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    measured: bool = False
    notes: tuple[str, ...] = ()
    not_measured: tuple[NotChecked, ...] = ()


def read_written(
    script: PathLike, predict_script: PathLike, log: PathLike, model: ServedModel, images: Images
) -> Written:
    """Both pipelines from code, and accuracies from a log or post and from what a notebook has printed."""
    telling = [path for path in (log, script, predict_script) if path is not None and _tells(path, log)]
    claims = _claims(open_case(tuple(os.fspath(path) for path in telling))) if telling else ()
    files = [os.fspath(path) for path in (script, predict_script) if path is not None]
    if not files:
        return Written(claims=claims)
    _check_code("--script", script)
    _check_code("--predict-script", predict_script)
    case = open_case(files)
    height, width, channels = model.shape
    size = (height, width) if height is not None and width is not None else None
    ways = pipelines_from_script(case.scripts, size, channels, images.dataset.classes, model.head.outputs)
    if not isinstance(ways, Ways):
        return Written(claims=claims, reasons=(f"The code does not show a pipeline: {ways.reason}.",))
    served = ways.served if predict_script is not None or script is not None else None
    reasons = () if served is not None else ("The code does not show how predictions are made.",)
    trained = ways.trained if script is not None else None
    said = (*ways.said, *_resizing(case, ways.said))
    return Written(trained, served, claims, said, ways.assumed, reasons)


def _check_code(option: str, path: PathLike) -> None:
    """Raises UsageError where a file cannot hold the code that it is given for."""
    if path is None:
        return
    file = os.fspath(path)
    if Path(path).is_file() and not file.lower().endswith(CODE):
        raise UsageError(f"{option} takes code, as a {', '.join(CODE[:-1])} or {CODE[-1]} file; got {file}.")
    if Path(path).exists() and not open_case((file,)).scripts:
        raise UsageError(
            f"{file} holds no code; {option} takes the script, the notebook or a post that shows it."
        )


def _resizing(case: Case, said: Sequence[tuple[str, Source]]) -> Iterator[tuple[str, Source]]:
    """The lines that resize, on the ways whose reading lines are known."""
    reading = {source: field for field, source in said if field.split(".")[-1] == "preparation"}
    for script in case.scripts:
        for path in script.paths:
            field = next(
                (reading[s.source] for s in path.steps if s.kind == "read" and s.source in reading), ""
            )
            yield from ((f"{field}.resize", s.source) for s in path.steps if s.kind == "resize" and field)


def _tells(path: str | os.PathLike[str], log: PathLike) -> bool:
    """A program has printed nothing yet; a notebook keeps what it printed."""
    return path == log or os.fspath(path).lower().endswith(".ipynb")


def _claims(case: Case) -> tuple[Said, ...]:
    """The last validation accuracy of each run, and accuracies printed, counted or stated elsewhere; each once, as exact
    as it is written."""
    found = [*_logged(case), *_printed(case)]
    found.sort(key=lambda said: (said.half, said.n is None))
    kept: list[Said] = []
    for said in found:
        if not any(abs(said.value - other.value) <= said.half + 1e-9 for other in kept):
            kept.append(said)
    return tuple(kept)


def _logged(case: Case) -> Iterator[Said]:
    for run in case.runs:
        last = next((r for r in reversed(run.column("val_accuracy")) if r is not None), None)
        if last is not None and 0 <= last.value <= 1:
            yield Said(last.value, run.epochs[-1].source, accuses=False, half=last.half)
    for evaluation in case.evaluations:
        for name, reading in evaluation.readings.items():
            if name.endswith("accuracy") and 0 <= reading.value <= 1:
                yield Said(reading.value, evaluation.source, half=reading.half)


def _printed(case: Case) -> Iterator[Said]:
    """Scores in words, and "37 of 111" on a line that speaks of right answers."""
    for fact in case.stated:
        score = fact.value
        if isinstance(score, StatedScore) and score.measure == "accuracy" and 0 <= score.value.value <= 1:
            yield Said(score.value.value, fact.source, half=score.value.half)
        elif isinstance(score, KofN) and score.n >= max(FEWEST, score.k) and RIGHT.search(fact.source.quote):
            yield Said(score.k / score.n, fact.source, n=score.n)
