"""`valscope diagnose`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from valscope.nouns.finding import Diagnosis

FailOn = Literal["proved", "suspected", "minor", "never"]
FOUND, UNJUDGED = 1, 2


class Asked(NamedTuple):
    """The arguments of a plain call."""

    inputs: tuple[str, ...]
    json: bool = False
    fail_on: FailOn = "suspected"


def plainly(arguments: Sequence[str]) -> Asked | None:
    """The arguments where they are nothing but inputs, --json and --fail-on; None leaves them to the parser."""
    inputs: list[str] = []
    json, fail_on, rest = False, "suspected", list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument == "--json":
            json = True
        elif argument == "--fail-on" and rest and rest[0] in get_args(FailOn):
            fail_on = rest.pop(0)
        elif argument == "-" or not argument.startswith("-"):
            inputs.append(argument)
        else:
            return None
    return Asked(tuple(inputs), json, fail_on)  # type: ignore[arg-type]


def diagnose(*inputs: str, json: bool = False, fail_on: FailOn = "suspected") -> int:
    """Say what is wrong with a training: from a post, log, script, model or folder.

    Leaves with 0 where nothing was found, 1 where something was, 2 where nothing given could be judged.

    Examples:
      valscope diagnose post.txt
      valscope diagnose train.py training.log photos/
      valscope diagnose model.keras labels.npy history.json --json
      xclip -o | valscope diagnose -

    Parameters
    ----------
    inputs
        Files and folders in any mixture: pasted posts, logs, scripts, notebooks, summaries, saved models,
        images, arrays. - or nothing reads the standard input.
    json
        Print one JSON object instead of text.
    fail_on
        The weakest finding that makes the exit code 1; minor means remarks by the way too.
    """
    from valscope.case import open_case
    from valscope.diagnosis import diagnose as judge

    diagnosis = judge(open_case(inputs or ("-",)))
    if json:
        from valscope.report.diagnosis_json import diagnosis_json

        print(diagnosis_json(diagnosis))
    else:
        _show(diagnosis)
    return exit_code(diagnosis, fail_on)


def exit_code(diagnosis: Diagnosis, fail_on: FailOn) -> int:
    """0 nothing found, 1 a finding at or above `fail_on`, 2 nothing could be judged."""
    if not diagnosis.checked and not diagnosis.findings:
        return UNJUDGED
    hard = [f for f in diagnosis.findings if not f.minor]
    counted = {
        "proved": [f for f in hard if f.verdict in ("PROVED", "CONFIRMED")], "suspected": hard,
        "minor": [f for f in diagnosis.findings if f.weight > 0], "never": [],
    }  # fmt: skip
    return FOUND if counted[fail_on] else 0


def _show(diagnosis: Diagnosis) -> None:
    if sys.stdout.isatty():
        from rich.console import Console

        from valscope.report.diagnosis_text import diagnosis_text

        console = Console(highlight=False)
        console.print(diagnosis_text(diagnosis, min(console.width, 120)), soft_wrap=True)
    else:
        from valscope.report.diagnosis_text import diagnosis_lines

        print("\n".join(diagnosis_lines(diagnosis)))
