"""Opening a folder for sorting: new, or where an earlier sorting of it stood."""

from __future__ import annotations

from pathlib import Path

from valscope.errors import UsageError
from valscope.sorting.journal import NAME, Header, Journal, Step, read_journal
from valscope.sorting.settle import settle

There = dict[str, str]  # source -> target of what an earlier sorting has done


def look(folder: Path) -> There:
    """What an earlier sorting has done, without touching anything."""
    pending = read_journal(folder / NAME).pending()
    return {step.source: step.target for step in pending if step.source}


def open_folder(folder: Path, run: str, rule: str) -> tuple[Journal, There]:
    """The folder's journal, begun or taken up.

    Raises UsageError where another process works there, or another run or rule has sorted it; OSError where it
    cannot be written.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        journal = Journal(folder)
    except BlockingIOError:
        raise UsageError(f"Another valscope is working in {folder}; wait until it is done.") from None
    try:
        return journal, _take_up(journal, folder, run, rule, made)
    except BaseException:
        journal.close()
        raise


def _take_up(journal: Journal, folder: Path, run: str, rule: str, made: bool) -> There:
    before = journal.record
    pending = before.pending()
    if before.header is None or not pending:
        state = folder.stat()
        made = made or (before.header is not None and before.header.made)
        journal.begin(Header(run, rule, (state.st_dev, state.st_ino), made))
    elif (before.header.run, before.header.rule) != (run, rule):
        raise UsageError(
            f"{folder} was sorted by another run or rule; take that back with  valscope undo {folder}  "
            "or sort into another folder."
        )
    there = {}
    for step in pending:
        done = before.status[step.number] == "done" or _settled(journal, folder, step)
        if done and step.source:
            there[step.source] = step.target
    return there


def _settled(journal: Journal, folder: Path, step: Step) -> bool:
    done = settle(folder, step)
    if done:
        journal.done(step, folder / step.target)
    else:
        journal.void(step)
    return done
