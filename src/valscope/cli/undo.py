"""`valscope undo`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def undo(
    folder: Path,
    *,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Take back what predict --sort-into did.

    Images that were moved go back to where they were. Copies and links are removed where they are as they were made.
    Everything else stays and is named.

    Examples:
      valscope undo sorted/
      valscope undo sorted/ --dry-run

    Parameters
    ----------
    folder
        The folder that images were sorted into.
    dry_run
        Say what would be done and touch nothing.
    json_
        Print one JSON object to standard output.
    quiet
        Print nothing but what was kept.
    """
    from valscope import sorting
    from valscope.report.json_out import SCHEMA_VERSION
    from valscope.words.plain import clean, count

    done = sorting.undo(folder, dry_run)
    if json_:
        found = {"schema_version": SCHEMA_VERSION, "folder": str(folder), "dry_run": dry_run, **asdict(done)}
        found["kept"] = [{"path": path, "reason": reason} for path, reason in done.kept]
        print(json.dumps(found))
    if not quiet:
        would = "would be " if dry_run else ""
        removed = count(done.removed, "copy or link", "copies and links")
        print(
            f"{count(done.restored, 'image')} {would}moved back, {removed} {would}removed.", file=sys.stderr
        )
    for path, reason in done.kept:
        print(f"Kept {clean(path)}: {clean(reason)}.", file=sys.stderr)
    return 0
