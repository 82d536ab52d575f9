"""Run the users' scripts, then diagnose what they left."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.cases.prepare import CASES, WEIGHTS


def train(folder: Path) -> None:
    """The user's script in a process of its own; what it prints is the log, and of prediction scripts too."""
    env = {
        **os.environ,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "WEIGHTS": str(WEIGHTS / "mobilenetv2_imagenet_notop.weights.h5"),
    }
    for script in ("train.py", "predict.py"):
        if (folder / script).exists():
            done = subprocess.run(
                [sys.executable, script], cwd=folder, env=env, capture_output=True, text=True
            )
            if done.returncode:
                sys.exit(f"{folder / script}: {done.stderr[-2000:]}")
            with (folder / "training.log").open("a") as log:
                log.write(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=list(CASES))
    parser.add_argument("--keep", type=Path, default=Path("/tmp/valscope-cases"))
    parser.add_argument("--budget", default="8m")
    parser.add_argument("--fix", action="store_true")
    given = parser.parse_args()
    for name in given.cases:
        folder = given.keep / name
        if not (folder / "inputs").exists():
            folder.mkdir(parents=True, exist_ok=True)
            inputs = CASES[name](folder)
            train(folder)
            (folder / "inputs").write_text("\n".join(inputs))
        inputs = (folder / "inputs").read_text().split("\n")
        began = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "valscope",
            "diagnose",
            *inputs,
            "--budget",
            given.budget,
            "--out",
            "diagnosis",
        ]
        print(f"== {name}: valscope diagnose {' '.join(inputs)}", flush=True)
        done = subprocess.run(command + (["--fix"] if given.fix else []), cwd=folder)
        print(f"== {name}: exit code {done.returncode}, {time.monotonic() - began:.0f} s\n", flush=True)


if __name__ == "__main__":
    main()
