"""Killed at any batch, with dropout and augmentation on, a training ends with the numbers it would have had."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

DRIVER = """
import os, signal, sys
from valscope.training import loop
from valscope.training.observer import Silent
from valscope.training.train import resume, train

loop.CHECKPOINT_SECONDS = 0.3
out, kill_at = sys.argv[1], int(sys.argv[2])
batches = 0

class Killer(Silent):
    def advance(self, count, **numbers):
        global batches
        batches += bool(numbers)
        if numbers and batches == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

watch = Killer()
if os.path.exists(os.path.join(out, "run.json")):
    resume(out, observer=watch)
else:
    train("sample:digits", out, epochs=3, patience=3, batch=64, dropout=0.4, observer=watch, rate=0.002)
"""


def drive(folder: Path, kill_at: int) -> int:
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(folder), str(kill_at)],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def history(folder: Path) -> list[dict[str, float]]:
    rows = [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]
    return [{k: v for k, v in row.items() if k != "seconds"} for row in rows]


def weights_hash(folder: Path) -> str:
    import zipfile

    import h5py

    digest = hashlib.sha256()
    with zipfile.ZipFile(folder / "model.keras") as whole, whole.open("model.weights.h5") as inner:
        path = folder / "weights.h5"
        path.write_bytes(inner.read())
    with h5py.File(path) as file:
        file.visititems(
            lambda name, node: (
                digest.update(np.asarray(node).tobytes()) if isinstance(node, h5py.Dataset) else None
            )
        )
    return digest.hexdigest()


@pytest.mark.keras
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL needs POSIX")
def test_five_kills_change_no_number(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert drive(whole, kill_at=0) == 0
    draw = random.Random(7)
    for _ in range(5):
        assert drive(killed, kill_at=draw.randint(2, 14)) == -signal.SIGKILL
    assert drive(killed, kill_at=0) == 0
    assert len(history(whole)) == 3
    assert history(killed) == history(whole)
    assert weights_hash(killed) == weights_hash(whole)
    scores = [json.loads((folder / "result.json").read_text())["scores"] for folder in (whole, killed)]
    assert scores[0] == scores[1]
