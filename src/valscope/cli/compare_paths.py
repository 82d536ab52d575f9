"""`valscope compare-paths`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from valscope.cli.outputs import check_file, write_page
from valscope.errors import UsageError

if TYPE_CHECKING:
    from valscope.nouns.path_difference import PathDifference


def compare_paths(
    *inputs: str,
    script: Path | None = None,
    run_script: Annotated[bool, Parameter(negative="")] = False,
    argument: tuple[str, ...] = (),
    most: int = 60,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
    out: Path | None = None,
) -> int:
    """Do training and prediction give the network the same tensors? Needs no labels and no model.

    The same files go both ways, as two scripts describe them or a run stores it. Scripts are read; the second is run only
    with --run-script. What differs is named at the first stage: EXIF, alpha, resizing, channel order, scale.
    Leaves with 0 where the tensors are equal, 1 where they differ.

    Examples:
      valscope compare-paths train.py predict.py photos/
      valscope compare-paths train.py predict.py photos/ --run-script
      valscope compare-paths runs/photos photos/ --script predict.py --out paths.html

    Parameters
    ----------
    inputs
        Two ways, then images or folders of them. A way is a script or a run; with --script one way only.
    script
        The script that predicts, as the second way.
    run_script
        Run the second script, in its own folder and another process, and compare what reaches its model. It has all your
        rights: nothing keeps it from writing files or using the network.
    argument
        An argument for the script that is run. May be given several times.
    most
        Files that go both ways, at most; some of every kind are taken.
    json_
        Print one JSON object to standard output.
    out
        Also write the report to this .html file.
    """
    from valscope.paths import compare_paths as compared

    ways = [inputs[0], str(script)] if script is not None and inputs else list(inputs[:2])
    files = list(inputs[1 if script is not None else 2 :])
    if len(ways) < 2 or not files:
        raise UsageError(
            "compare-paths takes two ways and images: train.py predict.py photos/, or a run and photos/ with --script "
            f"predict.py; got {len(inputs)} inputs."
        )
    check_file(out, (".html",))
    found = compared(ways[0], ways[1], files, most=most, run_script=run_script, arguments=argument)
    try:
        if out is not None:
            from valscope.report.path_html import path_html

            write_page(out, path_html(found))
    finally:  # what was found is said even where the disk has filled meanwhile
        _show(found, json_)
    return found.exit_code


def _show(found: PathDifference, json: bool) -> None:
    if json:
        from valscope.codec import to_json, to_plain

        plain = {k: v for k, v in to_plain(found).items() if k != "pictures"}
        print(to_json({"schema_version": 1, "equal": found.equal, "exit_code": found.exit_code, **plain}))
    else:
        from valscope.report.path_text import path_lines

        print("\n".join(path_lines(found)))
