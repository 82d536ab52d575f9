"""All timings in one command:  python -m bench

Each part runs in a process of its own and may be run alone:  python -m bench.training, .prediction, .frozen.
The table is written to docs/benchmarks.md. Real images and weights are used where VALSCOPE_DATA and
VALSCOPE_WEIGHTS name folders of them.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

from bench.measure import Row, in_words, machine, versions
from bench.page import page

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
PARTS = ("training", "prediction", "frozen")


def measured(part: str) -> list[Row]:
    """The rows of one part, told as they come; what the libraries say aside is left out unless it fails."""
    python_path = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, "-m", f"bench.{part}", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": python_path, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )  # fmt: skip
    out, aside = process.communicate()
    if process.returncode:
        sys.exit(f"bench.{part} failed:\n{aside[-4000:]}")
    rows = [Row(**json.loads(line[4:])) for line in out.splitlines() if line.startswith("ROW ")]
    for row in rows:
        print(in_words(row), flush=True)
    return rows


def main() -> int:
    asked = [part for part in PARTS if part in sys.argv[1:]] or list(PARTS)
    before = os.getloadavg()[0]
    rows = {part: measured(part) for part in asked}
    if len(asked) == len(PARTS):
        about = {"machine": machine(), "versions": versions(), "date": datetime.date.today().isoformat()}
        PAGE.write_text(page(rows, about, before), encoding="utf-8")
    return 0 if all(row.met for part in rows.values() for row in part) else 1


if __name__ == "__main__":
    sys.exit(main())
