"""`valscope evaluate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from valscope.cli.outputs import check_file
from valscope.cli.partial import csv_line, partial
from valscope.cli.progress import observer

if TYPE_CHECKING:
    from valscope.evaluation import Evaluation

FLATTERS = "trained_on"  # said beside the accuracy, not among the notices
MOST_CLASSES = 12  # a matrix of more does not fit into a terminal


def evaluate(
    run: Path,
    data: str,
    /,
    *,
    part: str | None = None,
    out: Path | None = None,
    group_by: str | None = None,
    label_column: str | None = None,
    path_column: str | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Score a run on labelled images: accuracy with its interval, class by class, and the confusion matrix.

    Examples:
      valscope evaluate runs/photos new_photos/
      valscope evaluate runs/photos photos/ --part test --json
      valscope evaluate runs/patients table.csv --group-by patient --out scored.csv

    Parameters
    ----------
    run
        A run that valscope train made.
    data
        Labelled images: whatever valscope train takes.
    part
        Only the images that the data themselves put into this part: train, val or test.
    out
        A .csv file with the true and the predicted class of each image.
    group_by
        Table column, or a regular expression on the file name: the interval then counts groups.
    label_column
        Table column with the class.
    path_column
        Table column with the path.
    json_
        Print one JSON object to standard output.
    quiet
        Print nothing but results.
    """
    from valscope.evaluation import evaluate as score
    from valscope.run import Run

    check_file(out, (".csv",))
    loaded, watch = Run(run), observer(quiet)
    try:
        found = score(
            loaded, data, part=part, observer=watch,
            group_by=group_by, label_column=label_column, path_column=path_column,
        )  # fmt: skip
        for notice in found.notices:
            if json_ or notice.code != FLATTERS:
                watch.message(notice.message)
    finally:
        watch.close()
    try:
        if out is not None:
            _write(out, found, loaded.classes, quiet)
    finally:  # what was found is said even where the disk has filled meanwhile
        print(json.dumps(_whole(found, run, loaded.classes)) if json_ else "\n".join(lines(found)))
    return 0


def _whole(found: Evaluation, run: Path, classes: tuple[str, ...]) -> dict[str, Any]:
    from valscope.report.json_out import scores_object

    notices = [{"code": n.code, "message": n.message, "items": list(n.items)} for n in found.notices]
    return scores_object(found.scores, str(run), classes) | {"notices": notices}


def _write(out: Path, found: Evaluation, classes: tuple[str, ...], quiet: bool) -> None:
    taken = ("name", "true", "predicted", "probability")
    with partial(out, quiet) as file:
        file.write(csv_line([*taken, *(f"{c} (class)" if c in taken else c for c in classes)]))
        for name, label, p in zip(found.names, found.labels, found.probabilities, strict=True):
            said = [name, classes[label], classes[int(p.argmax())], f"{p.max():.6f}"]
            file.write(csv_line([*said, *(f"{v:.6f}" for v in p)]))


def lines(found: Evaluation) -> list[str]:
    """The scores as lines of text."""
    from valscope.words.plain import count, share

    scores = found.scores
    groups = f" in {count(scores.groups, 'group')}" if scores.groups else ""
    return [
        f"{share(scores.accuracy)}  accuracy, {count(scores.n, 'image')}{groups}",
        f"{share(scores.balanced)}  balanced accuracy, each class counts the same",
        *(notice.message for notice in found.notices if notice.code == FLATTERS),
        "",
        *_table([("class", "images", "recall", "precision"), *_classes(found)]),
        *_matrix(found),
    ]


def _classes(found: Evaluation) -> list[tuple[str, ...]]:
    from valscope.words.plain import clean, share, shorten

    scored = found.scores.per_class
    return [(shorten(clean(c.name), 32), f"{c.n:,}", share(c.recall), share(c.precision)) for c in scored]


def _matrix(found: Evaluation) -> list[str]:
    from valscope.words.plain import clean, shorten

    names = [shorten(clean(c.name), 12) for c in found.scores.per_class]
    if len(names) > MOST_CLASSES:
        return ["", f"The confusion matrix of {len(names)} classes is in --json."]
    rows = [(name, *map(str, row)) for name, row in zip(names, found.scores.confusion, strict=True)]
    return ["", "Confusion: true class in rows, predicted in columns", *_table([("", *names), *rows])]


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Aligned columns, all but the first to the right."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]

    def cell(text: str, at: int) -> str:
        space = " " * (widths[at] - cell_len(text))
        return text + space if at == 0 else space + text

    return ["  ".join(cell(text, at) for at, text in enumerate(row)).rstrip() for row in rows]
