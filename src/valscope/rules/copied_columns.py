"""Two logs that are one.

What it does: compares every pair of logs in the text line by line.
Why it matters: figures typed into a copied log show nothing about any training.
Instead: quote the log of the training that is meant.
Cannot tell: which columns are the true ones where both have all their digits.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.copies import Shared
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, log

CODE, NAME = "L301", "copied_columns"
NEEDS = ("runs",)


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each pair of logs that share their losses and differ elsewhere."""
    for first, second, found in case.copies:
        yield _finding(first, second, found)


def _finding(first: LoggedRun, second: LoggedRun, found: Shared) -> Finding:
    lines = len(found.lines)
    runs = (first, second)
    evidence = tuple(
        runs[side].epochs[pair[side]].source for pair in found.lines[:2] for side in (0, 1)
    )  # fmt: skip
    return Finding(
        CODE, NAME, "PROVED" if found.complete and found.coarser is not None else "SUSPECTED",
        f"The log at line {_line(first)} and the log at line {_line(second)} are one log: "
        f"{_list(found.equal)}{' and the step times' if found.times else ''} agree digit by digit in "
        f"{lines} lines, while {_list(found.differ)} differ; {_verdict(runs, found)} "
        f"Two trainings would agree like this by accident once in {1 / max(found.accident, 1e-300):.0e} times.",
        numbers={
            "lines": lines, "equal": found.equal, "differ": found.differ, "accident": found.accident,
            "step_times_equal": int(found.times),
        },
        evidence=evidence,
        cannot_tell="what the training that the copied log stands for really scored.",
        remedy="Leave the copied log out of every comparison, or paste the log of the training itself.",
        next_step="valscope diagnose history.csv   (the file that CSVLogger or History wrote for that training)",
        weight=0.6,
    )  # fmt: skip


def _verdict(runs: tuple[LoggedRun, LoggedRun], found: Shared) -> str:
    if found.coarser is None:
        return "another metric was printed, or figures were typed in."
    copy = runs[found.coarser]
    shown = copy.epochs[found.lines[0][found.coarser]].readings[found.differ[-1]].text
    return (
        f"in the log at line {_line(copy)} they have fewer digits than the program prints ({shown}): "
        "they were typed in."
    )


def _line(run: LoggedRun) -> int | str:
    return run.epochs[0].source.line or "?"


def _list(names: tuple[str, ...]) -> str:
    return " and ".join(names)


def sick(seed: int = 0) -> World:
    """The second log is the first with other accuracies typed in."""
    rows = learning(seed, epochs=6)
    typed: list[Row] = [(a, 0.9 + 0.01 * i, c, 0.9 + 0.01 * i) for i, (a, _, c, _) in enumerate(rows)]
    return post("One run:", log(rows, form="keras23"), "The other was much better:",
                log(typed, form="keras23", digits=4).replace("00 -", " -"))  # fmt: skip


def healthy(seed: int = 0) -> World:
    """Two trainings."""
    return post("One run:", log(learning(seed, epochs=6), form="keras23"), "The other was much better:",
                log(learning(seed + 1000, epochs=6, top=5), form="keras23"))  # fmt: skip
