"""`valscope diagnose`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from valscope.cli.judge import Asked, Asking, FailOn, Trials, answer
from valscope.errors import UsageError


def diagnose(
    *inputs: str,
    json: Annotated[bool, Parameter(negative="")] = False,
    fail_on: FailOn = "suspected",
    trials: Trials = "full",
    budget: str = "5m",
    fix: Annotated[bool, Parameter(negative="")] = False,
    out: Path | None = None,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Say what is wrong with a training: from a post, log, script, model or folder.

    Where images are given beside a script, a recipe or a saved model, each suspicion is put on trial: the user's own
    training is repeated with and without the fault, and scored on images that neither has seen.
    Leaves with 0 where nothing was found, 1 where something was, 2 where nothing given could be judged.

    Examples:
      valscope diagnose post.txt
      valscope diagnose .
      valscope diagnose train.py training.log photos/ --budget 10m --out diagnosis/
      valscope diagnose train.py training.log photos/ --fix --out mended/
      valscope diagnose model.keras predict.py photos/ --trials cheap
      xclip -o | valscope diagnose -

    Parameters
    ----------
    inputs
        Files and folders in any mixture: pasted posts, logs, scripts, notebooks, summaries, saved models, recipes,
        images, arrays. - or nothing reads the standard input.
    json
        Print one JSON object instead of text.
    fail_on
        The weakest finding that makes the exit code 1; minor means remarks by the way too.
    trials
        none only reads; cheap scores the saved model in other ways and asks a probe; full also trains.
    budget
        Time for all trials together with its unit, as 90s, 5m or 1h. Trials are kept and go on where they stopped.
    fix
        Write the mended recipe, train it, and show before and after; needs --out.
    out
        A folder for report.html, diagnosis.json and the mended recipe and run.
    quiet
        Show no progress.
    """
    from valscope.lab.budget import parse_budget

    if fix and out is None:
        raise UsageError("--fix writes a recipe and a run; say where with  --out FOLDER")
    seconds = parse_budget(budget)
    return answer(Asked(inputs, json, fail_on), Asking(trials, seconds, fix, out, quiet))
