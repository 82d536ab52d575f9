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
    ("codec", "stats", "thresholds"),
    ("data", "calibration", "unsure"),
    ("scoring",),
    ("engines",),
    ("recipes", "run", "training", "evaluation", "prediction", "sorting", "exporting", "comparison"),
    ("evidence",),
    ("case",),
    ("rules",),
    ("diagnosis", "diagnose"),
    ("report",),
    ("cli",),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
# report/ shows nouns and is called by the layers above and by train, which writes the report of a run.
REPORT_MAY_IMPORT = {"nouns", "errors", "codec", "stats", "report"}
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


def ours(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("valscope.")}


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_point_down(path: Path) -> None:
    mine = layer(path)
    if mine == "__init__":
        return
    assert mine in RANK, f"{mine} has no layer; give it one here and in docs/architecture.md"
    targets = {t for t in ours(path) if t in RANK}
    if mine == "report":
        assert targets <= REPORT_MAY_IMPORT
        return
    up = {t for t in targets if RANK[t] > RANK[mine]} - {"report"}
    assert not up, f"{mine} may not import {', '.join(sorted(up))}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_backends_are_imported_by_the_engine_alone(path: Path) -> None:
    found = {name.split(".")[0] for name in imported(path)} & BACKENDS
    allowed = "keras_engine" in path.parts
    assert allowed or not found, f"{path.name} imports {', '.join(found)}"


@pytest.mark.parametrize("code", ["import valscope", "from valscope.cli.app import app"])
def test_nothing_heavy_is_imported_at_the_start(code: str) -> None:
    script = f"import sys; {code}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
