"""A script that may be run: what reaches its model is measured where reading the code does not tell it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.paths.tensors import Floats, Tensor, tensor

SECONDS = (
    120.0  # that a script may take until its images have reached a model: importing TensorFlow is ten of them
)
GRACE = 20.0  # seconds beyond that for writing, before the process is killed
RUNNER = Path(__file__).with_name("runner.py")
QUIET = {"MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One image as a script's model got it.

    file      that was opened for it, "" where it is not known.
    outputs   of the script's model, None where it has several;  training  the model was asked with training=True.
    """

    tensor: Tensor
    file: str
    outputs: NDArray[np.float32] | None
    training: bool

    @property
    def values(self) -> Floats:
        """float32 (height, width, channels)."""
        return self.tensor.values


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """What a script gave its model, and the image files that it opened.

    failed  why nothing or not everything was seen, one sentence; "" where the script came as far as was wanted.
    """

    script: str
    rows: tuple[Row, ...] = ()
    opened: tuple[str, ...] = ()
    failed: str = ""


def run_script(
    script: str | os.PathLike[str], arguments: Sequence[str] = (), seconds: float = SECONDS
) -> Capture:
    """Run a script in its own folder, in another process, until enough images have reached its model.

    It may do whatever its user may do, write files too: run it only with its user's leave.
    """
    path = Path(script).absolute()
    if path.suffix.lower() != ".py":
        return Capture(str(script), failed=f"{script} is read only: a .py file can be run.")
    with tempfile.TemporaryDirectory(prefix="valscope-") as folder:
        out, errors = Path(folder) / "seen.npz", Path(folder) / "errors.txt"
        command = [sys.executable, str(RUNNER), str(out), str(seconds), str(path), *arguments]
        with errors.open("wb") as said:
            child = subprocess.Popen(
                command, cwd=path.parent, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said,
                env={**os.environ, **QUIET}, start_new_session=True,
            )  # fmt: skip
            _waited(child, seconds + GRACE)
        last = _last_line(errors)
        if not out.is_file():
            return Capture(str(script), failed=_sentence(path.name, "killed", last, seconds))
        with np.load(out) as kept:
            return _capture(str(script), path.name, kept, last, seconds)


def _waited(child: subprocess.Popen[bytes], seconds: float) -> None:
    """End the process and all that it has started, also where somebody interrupts."""
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError, AttributeError):
            child.kill()
        child.wait()


def _last_line(errors: Path) -> str:
    lines = [line.strip() for line in errors.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


def _capture(script: str, name: str, kept: Any, last: str, seconds: float) -> Capture:
    about = json.loads(str(kept["about"]))
    rows = tuple(_row(i, one, kept, name) for i, one in enumerate(about["rows"]))
    how, failed = about["how"], ""
    if not rows:
        failed = _sentence(name, how, about["error"] or last, seconds, about["others"])
    elif how in ("failed", "time", "exit"):
        failed = f"It ended early, after {len(rows)} images: {about['error'] or last or 'its time was over'}."
    return Capture(script, rows, tuple(dict.fromkeys(about["opened"])), failed)


def _row(i: int, one: dict[str, Any], kept: Any, name: str) -> Row:
    outputs = np.asarray(kept[f"y{i}"], np.float32).ravel() if f"y{i}" in kept else None
    found = tensor(kept[f"x{i}"], name, one["file"] or f"image {i}")
    return Row(Tensor(found.values, found.shape, one["dtype"]), one["file"], outputs, bool(one["training"]))


def _sentence(name: str, how: str, error: str, seconds: float, others: Sequence[Sequence[int]] = ()) -> str:
    """Why nothing was seen."""
    said = f": {error.rstrip('.')}" if error else ""
    if how == "failed":
        return f"{name} was run and failed before an image reached a model{said}."
    if how == "exit":
        needs = "; arguments are given with --argument" if "argument" in error or "usage" in error else ""
        return f"{name} was run and left before an image reached a model{said}{needs}."
    if how == "time":
        return f"{name} was run and no image reached a model within {seconds:.0f} seconds."
    if others:
        shape = " x ".join(map(str, others[0]))
        return f"{name} was run and gave its models no images, but numbers of the shape {shape}."
    if how == "ended":
        return f"{name} was run to its end and asked no Keras model."
    return f"{name} was run and its process died before an image reached a model{said}."
