"""What `valscope diagnose` does with its arguments; free of the argument parser, so that a text is judged in a blink."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from valscope.errors import ValscopeError
from valscope.nouns.finding import Diagnosis

if TYPE_CHECKING:
    from valscope.case import Case
    from valscope.training.observer import Observer

Trials = Literal["none", "cheap", "full"]
FailOn = Literal["proved", "suspected", "minor", "never"]
FOUND, UNJUDGED = 1, 2


class Asked(NamedTuple):
    """The arguments of a plain call, which goes round the argument parser."""

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


class Asking(NamedTuple):
    """What may be tried, and what is written; `command` is what its user typed, where the inputs alone do not tell."""

    trials: Trials = "full"
    budget: float = 300.0
    fix: bool = False
    out: Path | None = None
    quiet: bool = False
    command: str = ""


def plain(asked: Asked) -> int:
    """A call with nothing but inputs, --json and --fail-on."""
    return answer(asked, Asking(quiet=asked.json and not sys.stderr.isatty()))


def answer(asked: Asked, asking: Asking) -> int:
    """Diagnose, try, write, print; the exit code."""
    from valscope.case import open_case
    from valscope.diagnosis import diagnose as judge
    from valscope.diagnosis.settings import Settings

    if asking.out is not None:
        from valscope.cli.outputs import check_folder
        from valscope.diagnosis.written import FILES

        check_folder(asking.out, FILES)
    case = open_case(asked.inputs or ("-",))
    watch = _Later(asking.quiet)
    command = asking.command or f"valscope diagnose {shlex.join(asked.inputs)}"
    try:
        diagnosis = judge(case, Settings(asking.trials, asking.budget, observer=watch, command=command))
        diagnosis, failed = _mended(case, diagnosis, asking, watch)
    finally:
        watch.close()
    try:
        if asking.out is not None:
            _write(case, diagnosis, asking.out)
    finally:  # what took minutes is said even where the disk has filled meanwhile
        _show(diagnosis, asked.json)
    if failed is not None:
        raise failed
    return exit_code(diagnosis, asked.fail_on)


def _mended(
    case: Case, diagnosis: Diagnosis, asking: Asking, watch: Any
) -> tuple[Diagnosis, ValscopeError | None]:
    """With the run that --fix trains, or why there is none: that is said after the diagnosis, not in its place."""
    if not asking.fix or asking.out is None:
        return diagnosis, None
    from valscope.diagnosis.cure import cure

    try:
        return cure(case, diagnosis, asking.out, watch), None
    except ValscopeError as error:
        return diagnosis, error


class _Later:
    """The progress bar, made when there is progress: a text is judged before a bar is imported."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Observer | None = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._bar is None:
            from valscope.cli.progress import observer

            self._bar = observer(self._quiet)
        return getattr(self._bar, name)

    def close(self) -> None:
        """Take the bar away if there is one."""
        if self._bar is not None:
            self._bar.close()  # type: ignore[attr-defined]


def _write(case: Case, diagnosis: Diagnosis, out: Path) -> None:
    """report.html and diagnosis.json in `out`."""
    from valscope.diagnosis.written import write

    write(case, diagnosis, out)


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


def _show(diagnosis: Diagnosis, json: bool) -> None:
    if json:
        from valscope.report.diagnosis_json import diagnosis_json

        print(diagnosis_json(diagnosis))
    elif sys.stdout.isatty():
        from rich.console import Console

        from valscope.report.diagnosis_text import diagnosis_text

        console = Console(highlight=False)
        console.print(diagnosis_text(diagnosis, min(console.width, 120)), soft_wrap=True)
    else:
        from valscope.report.diagnosis_text import diagnosis_lines

        print("\n".join(diagnosis_lines(diagnosis)))
