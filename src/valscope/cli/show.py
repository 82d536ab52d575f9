"""Printing a result: coloured tables in a terminal, aligned plain lines in a pipe."""

from __future__ import annotations

import sys

from valscope.run import Run


def show_run(run: Run) -> None:
    """The summary of a finished run on standard output."""
    from valscope.report.run_text import run_lines, run_text

    if sys.stdout.isatty():
        from rich.console import Console

        Console().print(run_text(run.result, run.recipe))
    else:
        print("\n".join(run_lines(run.result, run.recipe)))
    print(f"\nReport: {run.folder / 'report.html'}")
