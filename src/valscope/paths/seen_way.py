"""The way of a script that was run: its tensors are those that reached its model."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from valscope.errors import UsageError, ValscopeError
from valscope.nouns.fact import Source
from valscope.paths.files import Paths, listed
from valscope.paths.measured import FEWEST
from valscope.paths.running import Row, run_script
from valscope.paths.same_files import files_of
from valscope.paths.ways import SCRIPTS, Given, Way, way_of


def seen_way(
    given: Given, other: Given, files: Paths, arguments: Sequence[str]
) -> tuple[Way, tuple[str, ...]]:
    """The way of a script as it was seen, and the files that it goes for; where nothing was seen the way that reading shows,
    with the reason, and no files.

    Raises UsageError for what is no script.
    """
    if not isinstance(given, str | os.PathLike) or Path(given).suffix.lower() not in SCRIPTS:
        raise UsageError("--run-script runs a script that predicts; give one as the second way.")
    if not Path(given).is_file():
        raise UsageError(f"{given} does not exist; give the script that predicts.")
    name = Path(given).name
    capture = run_script(given, arguments)
    rows = _of_one_shape(capture.rows)
    known = dict(zip(files_of(capture, listed(files)), capture.rows, strict=True)) if rows else {}
    seen = {file: row for file, row in known.items() if file and row.values.shape == rows[0].values.shape}
    if len(seen) < FEWEST:
        failed = capture.failed or (
            f"Of {len(rows)} images that reached the model of {name} only {len(seen)} are pictures of a known file."
        )
        try:
            read = way_of(given, "serve", other)
        except UsageError as error:
            raise UsageError(f"{failed} Reading it instead: {error}") from None
        return Way(read.name, read.ask, read.preparation, read.said, (*read.assumed, failed)), ()
    note = f"{name} was run: its tensors are those of {len(seen)} images that reached its model."
    return Way(f"{given} as run", lambda file: _again(seen[file]), None, _said(given, other), (note,)), tuple(
        seen
    )


def _of_one_shape(rows: Sequence[Row]) -> list[Row]:
    """Those of the most common shape: a script may ask more than one model."""
    if not rows:
        return []
    shape = Counter(row.values.shape for row in rows).most_common(1)[0][0]
    return [row for row in rows if row.values.shape == shape]


def _again(row: Row) -> object:
    """In the type and the layout that the model got."""
    values = row.values.transpose(2, 0, 1) if row.tensor.turned_over else row.values
    return values.reshape(row.tensor.shape).astype(row.tensor.dtype)


def _said(given: Given, other: Given) -> tuple[tuple[str, Source], ...]:
    """Lines that set a stage, as far as reading finds them."""
    try:
        return way_of(given, "serve", other).said
    except ValscopeError:
        return ()
