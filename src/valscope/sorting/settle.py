"""What became of a step that a kill interrupted: looked up on the disk, finished or cleaned up."""

from __future__ import annotations

import os
from pathlib import Path

from valscope.sorting.disk import leads_to, only_holds_name, remove_moved, same_content, same_file
from valscope.sorting.journal import Step


def settle(folder: Path, step: Step) -> bool:
    """Bring an interrupted step to an end: True when it is done, False when it is as if it never began."""
    target, source = folder / step.target, Path(step.source)
    (target.parent / step.unfinished).unlink(missing_ok=True)
    if not os.path.lexists(target):
        return False
    if step.act == "mkdir":
        return target.is_dir()
    if _taken_name(step, source, target):
        target.unlink()
        return False
    if step.act == "link":
        return leads_to(source, target)
    if step.act == "copy":
        return same_content(source, target)
    return _finish_move(step, source, target)


def _taken_name(step: Step, source: Path, target: Path) -> bool:
    """A file that only held the name, perhaps still empty, where the disk has no second names."""
    if target.is_symlink() or not target.is_file() or not os.path.lexists(source):
        return False
    return only_holds_name(target) or (target.stat().st_size == 0 and step.size > 0)


def _finish_move(step: Step, source: Path, target: Path) -> bool:
    if not os.path.lexists(source):
        return True
    if step.act == "relink":
        whole = target.is_symlink()
    else:
        whole = same_file(source, target) or (not source.is_symlink() and same_content(source, target))
    if whole:
        remove_moved(source, target)
    return whole
