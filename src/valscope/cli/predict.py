"""`valscope predict`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Literal, TextIO

from cyclopts import Parameter

from valscope.cli.outputs import check_file
from valscope.cli.partial import partial
from valscope.cli.progress import PlainLines, observer
from valscope.cli.rows import FORMATS, CsvRows, JsonLines, JsonRows, Rows, Tally, TerminalRows
from valscope.errors import DataError, UsageError
from valscope.nouns.dataset import Notice
from valscope.nouns.prediction import Prediction
from valscope.sorting import Sorter


def predict(
    run: Path,
    /,
    *images: Annotated[str, Parameter(allow_leading_hyphen=True)],
    out: Path | None = None,
    sort_into: Path | None = None,
    by: Literal["copy", "move", "link"] = "copy",
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    unsure: float | None = None,
    batch: int = 64,
    path_column: str | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Classify images with a run; sort them into folders.

    Without --out, rows go to standard output: lines to read in a terminal, CSV in a pipe.

    Examples:
      valscope predict runs/photos new/ --out new.csv
      valscope predict runs/photos new/ --sort-into sorted/ --unsure 0.8
      valscope predict runs/photos 'new/**/*.jpg' --sort-into sorted/ --by move --dry-run
      find . -name '*.jpg' -print0 | valscope predict runs/photos - --out found.json

    Parameters
    ----------
    run
        A run that valscope train made.
    images
        Images, folders (with everything below them), globs, tables with a path column (CSV, Parquet), text files
        with a path a line, or - for such a list on standard input.
    out
        A file for the rows: .csv, .json or .jsonl. Until it is complete it is called FILE.partial.
    sort_into
        A folder that gets a folder for each class, and unsure/ for images that belong to none.
    by
        copy, move or link (a second name for the same file, or a symbolic link).
    dry_run
        Say where each image would go and touch nothing.
    unsure
        Probability from 0 to 1 below which an image is put aside; the run's own threshold if not given.
    batch
        Images that pass through the network at once.
    path_column
        Table column with the path.
    json_
        Print one JSON object to standard output.
    quiet
        Print nothing but results.
    """
    from valscope.prediction import images_of, predict_images
    from valscope.run import Run

    _check(run, images, out, sort_into, dry_run)
    loaded, rows_to = Run(run), _standard_output()
    shows_rows = (out is None or json_) and rows_to.isatty()
    watch = PlainLines(quiet) if shows_rows else observer(quiet)
    with ExitStack() as stack:
        stack.callback(watch.close)
        found = images_of(list(images), loaded, path_column=path_column, skip=sort_into)
        for notice in found.notices:
            watch.message(notice.message)
        predictions = predict_images(loaded, found, batch=batch, unsure=unsure, observer=watch)
        sorter = None
        if sort_into is not None:
            rule = "own" if unsure is None else f"{unsure:g}"
            sorter = Sorter(sort_into, loaded.classes, by, run=str(run.resolve()), rule=rule, dry_run=dry_run)
            stack.enter_context(sorter)
        writers = []
        if out is not None:
            file = stack.enter_context(partial(out, quiet))
            writers.append(_to_file(file, out, str(run), loaded.classes, sorter is not None))
        if out is None or json_:
            writers.append(_to_standard(rows_to, str(run), loaded.classes, sorter is not None, json_))
        tally = _pass(predictions, sorter, writers, loaded.classes, found.notices)
    if not quiet:
        _say(tally, sorter, out, shows_rows)
    if tally.n == len(tally.errors):
        raise DataError(f"None of the {tally.n:,} images could be read: {tally.errors[0][1]}")
    return 0


def _check(
    run: Path, images: tuple[str, ...], out: Path | None, sort_into: Path | None, dry_run: bool
) -> None:
    if not images:
        raise UsageError(f"Give the images to classify:  valscope predict {run} PHOTOS/")
    for text in images:
        if len(text) > 1 and text.startswith("-") and not os.path.lexists(text):
            raise UsageError(f"There is no option {text}. See  valscope predict --help")
    check_file(out, FORMATS)
    if dry_run and sort_into is None:
        raise UsageError("--dry-run says where images would go; give --sort-into DIR with it.")


def _standard_output() -> TextIO:
    """Standard output for any file name: UTF-8 in a pipe, whatever the terminal can show otherwise. Taken before a
    progress bar begins, because that redirects it."""
    if isinstance(sys.stdout, TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="backslashreplace")
        else:
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    return sys.stdout


def _pass(
    predictions: Iterable[Prediction],
    sorter: Sorter | None,
    writers: Sequence[Rows],
    classes: tuple[str, ...],
    notices: tuple[Notice, ...],
) -> Tally:
    """Sort, write and count each prediction as it comes."""
    tally = Tally(classes)
    for prediction in predictions:
        tally.add(prediction)
        placed = sorter.place(prediction) if sorter else None
        for writer in writers:
            writer.write(prediction, placed.target if placed else "")
    summary = tally.summary() | {"notices": [notice.message for notice in notices]}
    if sorter:
        summary |= {"sorted": dict(sorter.counts), "problems": sorter.problems, "dry_run": sorter.dry_run}
    for writer in writers:
        writer.close(summary)
    return tally


def _to_file(file: TextIO, out: Path, run: str, classes: tuple[str, ...], sorting: bool) -> Rows:
    suffix = out.suffix.lower()
    if suffix == ".csv":
        return CsvRows(file, classes, sorting)
    return JsonLines(file, sorting) if suffix == ".jsonl" else JsonRows(file, run, classes, sorting)


def _to_standard(file: TextIO, run: str, classes: tuple[str, ...], sorting: bool, json_: bool) -> Rows:
    if json_:
        return JsonRows(file, run, classes, sorting)
    return TerminalRows(file, classes) if file.isatty() else CsvRows(file, classes, sorting)


def _say(tally: Tally, sorter: Sorter | None, out: Path | None, shows_rows: bool) -> None:
    """What happened, on standard error."""
    from valscope.words.plain import clean, count, listing

    parts = [f"{clean(name)} {n:,}" for name, n in tally.classes.most_common() if n]
    lines = [f"{count(tally.n, 'image')}: {', '.join(parts) or 'none classified'}."]
    if tally.unsure:
        lines.append(f"{count(tally.unsure, 'image')} belong to no class by the rule and are marked unsure.")
    if tally.errors:
        names = listing([clean(path) for path, _ in tally.errors])
        why = "" if shows_rows else " The column error says why."
        lines.append(f"{count(len(tally.errors), 'image')} could not be read: {names}.{why}")
    if sorter:
        lines += _sorted_lines(sorter)
    if out is not None:
        lines.append(f"Rows: {out}")
    print("\n".join(lines), file=sys.stderr)


def _sorted_lines(sorter: Sorter) -> Iterator[str]:
    words = {"copy": "copied", "move": "moved", "link": "linked", "kept": "there before"}
    words["symlink"] = "linked symbolically, because the disk gives them no second name there"
    said = ", ".join(f"{n:,} {words[how]}" for how, n in sorter.counts.items()) or "nothing"
    if sorter.dry_run:
        yield f"Sorting into {sorter.folder} would have: {said}. Nothing was touched."
    else:
        yield f"Sorted into {sorter.folder}: {said}. Take it back with  valscope undo {sorter.folder}"
    renamed = {name: folder for name, folder in sorter.folders.items() if folder != name}
    for name, folder in renamed.items():
        yield f"The folder of class {name!r} is {folder}/."
    yield from sorter.problems
