"""`valscope compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from valscope.cli.progress import observer

if TYPE_CHECKING:
    from valscope.nouns.comparison import Comparison

MOST_CLASSES = 20  # lines: a screen


def compare(
    run_a: Path,
    run_b: Path,
    /,
    *,
    data: str | None = None,
    group_by: str | None = None,
    label_column: str | None = None,
    path_column: str | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Is run B better than run A? The same images, paired, with an interval and McNemar's exact test.

    Without --data, the images that are in the untouched test parts of both runs are compared, as each run scored them.

    Examples:
      valscope compare runs/first runs/second
      valscope compare runs/first runs/second --data new_photos/ --json

    Parameters
    ----------
    run_a
        A run that valscope train made.
    run_b
        Another one.
    data
        Labelled images to compare on; those that one of the runs has trained on are left out.
    group_by
        Table column, or a regular expression on the file name: interval and p then count groups.
    label_column
        Table column with the class.
    path_column
        Table column with the path.
    json_
        Print one JSON object to standard output.
    quiet
        Print nothing but the result.
    """
    from valscope import comparison

    watch = observer(quiet)
    try:
        found = comparison.compare(
            run_a, run_b, data, observer=watch,
            **({} if data is None else {
                "group_by": group_by, "label_column": label_column, "path_column": path_column,
            }),
        )  # fmt: skip
        for notice in found.notices:
            watch.message(notice.message)
    finally:
        watch.close()
    print(json.dumps(whole(found)) if json_ else "\n".join(lines(found)))
    return 0


def whole(found: Comparison) -> dict[str, Any]:
    """The comparison as one JSON object."""
    from valscope.codec import to_plain
    from valscope.report.json_out import SCHEMA_VERSION

    plain = to_plain(found)
    rest = {k: v for k, v in plain.items() if k not in ("low", "high")}
    per_class = {c.name: to_plain(c) | {"difference": c.difference} for c in found.per_class}
    return {
        "schema_version": SCHEMA_VERSION,
        **rest,
        "interval": [found.low, found.high],
        "per_class": per_class,
    }


def lines(found: Comparison) -> list[str]:
    """The comparison as lines of text: the verdict, both accuracies, classes that differ."""
    from valscope.comparison import changed
    from valscope.words.plain import clean, count, listing, share

    groups = f" in {count(found.groups, 'group')}" if found.groups else ""
    said = [
        clean(found.verdict),
        "",
        f"A  {share(found.accuracy_a)}  {clean(found.run_a)}",
        f"B  {share(found.accuracy_b)}  {clean(found.run_b)}",
        f"   accuracy on the same {count(found.n, 'image')}{groups}",
    ]
    gained, lost = changed(found.per_class)
    if gained:
        said.append(f"B is better on {listing([clean(name) for name in gained], MOST_CLASSES)}.")
    if lost:
        said.append(f"A is better on {listing([clean(name) for name in lost], MOST_CLASSES)}.")
    if not gained and not lost and len(found.per_class) > 1:
        said.append("No single class differs by more than chance.")
    return [*said, found.cannot_tell]
