"""Imports point one way, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "valscope"

# From the ground up; a module may import from its own layer and from those before it.
LAYERS = (
    ("nouns", "errors"),
    ("words",),
    ("codec", "stats", "thresholds", "architecture", "keras2", "writable"),
    ("data", "calibration", "unsure"),
    ("scoring",),
    ("engines",),
    ("recipes", "run", "training", "evaluation", "prediction", "sorting", "exporting", "comparison"),
    ("evidence",),
    ("serving",),
    ("case",),
    ("paths",),
    ("worlds",),
    ("lab",),
    ("rules",),
    ("reconciling",),
    ("diagnosis",),
    ("demo",),
    ("report",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
# report/ shows nouns and is called by the layers above and by those that write the report of a run or of a diagnosis.
CALL_REPORT = {"training", "run", "diagnosis"}
REPORT_MAY_IMPORT = {"nouns", "words", "errors", "codec", "stats", "report"}
BACKENDS = {"keras", "tensorflow", "torch", "jax"}
HEAVY = ("tensorflow", "keras", "torch", "jax", "scipy", "sklearn", "pandas", "PIL", "h5py")


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def ours(names: set[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith("valscope.")}


def wrong_imports(path: Path) -> str:
    """What is wrong with a module's imports, "" for nothing."""
    mine, names = layer(path), imported(path)
    heavy = {name.split(".")[0] for name in names} & BACKENDS
    if heavy and "keras_engine" not in path.parts:
        return f"imports {', '.join(sorted(heavy))}, which only engines/keras_engine may"
    if mine == "__init__":
        return ""
    if mine not in RANK:
        return f"has no layer: give {mine} one here and a line in docs/architecture.md"
    targets = {t for t in ours(names) if t in RANK}
    above = {t for t in targets if RANK[t] > RANK[mine]} - ({"report"} if mine in CALL_REPORT else set())
    up = targets - REPORT_MAY_IMPORT if mine == "report" else above
    return f"({mine}) may not import {', '.join(sorted(up))}" if up else ""


def test_imports_point_down() -> None:
    wrong = {str(p.relative_to(SOURCE)): w for p in modules() if (w := wrong_imports(p))}
    assert not wrong


@pytest.mark.parametrize("code", ["import valscope", "from valscope.cli.app import app"])
def test_nothing_heavy_is_imported_at_the_start(code: str) -> None:
    script = f"import sys; {code}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
