"""The single acts of sorting, each in the journal before it is done."""

from __future__ import annotations

from pathlib import Path

from valscope.errors import DataError
from valscope.sorting import disk
from valscope.sorting.journal import Act, Journal, Step


def carry_out(journal: Journal, folder: Path, by: Act, source: str, target: str) -> str:
    """Copy, move or link `source` to `folder`/`target`; how it was done in the end.

    Raises FileExistsError where the target is taken, FileNotFoundError where the source is gone, other OSErrors
    as the disk gives them; nothing has changed then.
    """
    given, made = Path(source), folder / target
    state = given.lstat()
    moves_link = by == "move" and given.is_symlink()
    text = str(given.readlink()) if moves_link else ""
    act: Act = "relink" if moves_link else by
    step = journal.step(act, source, target, state.st_size, state.st_mtime_ns, text)
    try:
        how = _act(step, given, made)
    except OSError:
        _forget(journal, step)
        raise
    journal.done(step, made)
    return how


def make_folder(journal: Journal | None, folder: Path, inside: str) -> None:
    """The folder of a class: a real one, so that nothing leads outside. Without a journal it is only looked at."""
    path = folder / inside
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        kind = "a link" if path.is_symlink() else "no folder"
        raise DataError(
            f"{path} is {kind}, so nothing is put into it; rename it, or sort into another folder."
        )
    if journal is not None and not path.exists():
        step = journal.step("mkdir", "", inside)
        path.mkdir()
        journal.done(step, path)


def _act(step: Step, source: Path, target: Path) -> str:
    unfinished = target.parent / step.unfinished
    if step.act == "copy":
        disk.copy(source, target, unfinished)
    elif step.act == "move":
        disk.move(source, target, unfinished)
    elif step.act == "relink":
        disk.relink(source, target)
        return "move"
    else:
        return disk.link(source, target)
    return step.act


def _forget(journal: Journal, step: Step) -> None:
    try:
        journal.void(step)
    except OSError:  # the disk is full: the journal says "begun", and undo looks at the disk
        return
