"""`valscope export`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter


def export(
    run: Path,
    /,
    *,
    to: Literal["keras", "onnx", "savedmodel", "litert"],
    out: Path,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Write a run as keras, onnx, savedmodel or litert, scale, channel order and calibration included.

    Beside the network lie preparation.json (everything a program needs) and README.md (the exact code that predicts
    with it). The network is loaded again and must give the run's own probabilities, or nothing is left behind.

    Examples:
      valscope export runs/photos --to onnx --out photos_onnx
      valscope export runs/photos --to litert --out photos.tflite

    Parameters
    ----------
    run
        A run that valscope train made.
    to
        keras, onnx, savedmodel (TensorFlow) or litert (TensorFlow Lite).
    out
        A new folder, or a new file ending in .keras, .onnx or .tflite.
    json_
        Print one JSON object to standard output.
    quiet
        Print nothing but results.
    """
    from valscope import exporting
    from valscope.report.json_out import SCHEMA_VERSION

    done = exporting.export(run, to, out)
    if json_:
        found = {
            "schema_version": SCHEMA_VERSION, "run": str(run), "to": done.to, "model": str(done.model),
            "files": [str(path) for path in done.files], "difference": done.difference, "n": done.n,
        }  # fmt: skip
        print(json.dumps(found))
    elif not quiet:
        print(
            f"{done.model}: as {to}. Loaded again, its probabilities differ by at most {done.difference:.1e}",
            end="",
        )
        print(f" from the run's, over {done.n} images.")
        print(f"How to use it: {done.files[2]}", file=sys.stderr)
    return 0
