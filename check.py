"""Installs valscope with its test tools into .venv and checks everything: style, types, tests.

    python3 check.py            all of it, as CI does
    python3 check.py --fast     style, types and the tests of a minute: no TensorFlow, no fuzzing, no exams
    python3 check.py --here     use this Python as it is, install nothing

Needs Python 3.11 or newer and the package registry. Tests on real images read the folder that VALSCOPE_DATA
names, tests on real weights VALSCOPE_WEIGHTS; without them they are skipped and say so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
FOLDER = ROOT / ".venv"


def python(here: bool) -> str:
    """The Python to check with; makes .venv the first time."""
    if here:
        return sys.executable
    binary = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not binary.exists():
        print(f"Making {FOLDER} ...", flush=True)
        venv.create(FOLDER, with_pip=True)
    step([str(binary), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", ".[test]"])
    return str(binary)


def step(command: list[str]) -> None:
    """Run one command in the project's folder; leave with its exit code when it fails."""
    print(
        f"\n$ {' '.join(Path(part).name if i == 0 else part for i, part in enumerate(command))}", flush=True
    )
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


def main() -> None:
    """Style, types, then tests: the fast ones first."""
    if sys.version_info < (3, 11):  # noqa: UP036  whoever runs this may have an older one
        sys.exit(f"valscope needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    binary = python("--here" in sys.argv)
    tools = [binary, "-m"]
    step([*tools, "ruff", "check", "."])
    step([*tools, "ruff", "format", "--check", "."])
    step([*tools, "mypy"])
    step([*tools, "pytest", "-m", "not keras and not slow", "-n", "auto"])
    if "--fast" not in sys.argv:
        step([*tools, "pytest", "-m", "slow and not keras", "-n", "auto"])
        step([*tools, "pytest", "-m", "keras"])


if __name__ == "__main__":
    main()
