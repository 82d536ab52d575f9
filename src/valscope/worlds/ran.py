"""Scripts of a world, run as their user ran them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from valscope.errors import RunError

LOGS = {"train.py": "training.log"}  # what others print goes into a log of their own name


def run_scripts(names: Sequence[str], folder: Path) -> list[Path]:
    """Run each in its folder and in a process of its own; what it prints is kept as a log there. Returns the new files of
    `folder` itself.

    Raises RunError with the last line of the error where a script fails.
    """
    before = set(folder.iterdir())
    for name in names:
        script = folder / name
        done = subprocess.run(
            [sys.executable, script.name], cwd=script.parent, capture_output=True, text=True, check=False,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        if done.returncode:
            told = done.stderr.strip().splitlines() or ["no message"]
            raise RunError(f"{script} failed ({told[-1]}); Keras and a backend for it must be installed.")
        log = script.parent / LOGS.get(name, f"{script.stem}.log")
        log.write_text(done.stdout, encoding="utf-8")
    return sorted(set(folder.iterdir()) - before)
