"""Scripts that predict, as users write them, with a stand-in for Keras beside them so that they start in a blink."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
from PIL import Image

KERAS = """
import sys
sys.path.insert(0, {tests!r})
import numpy as np

class Model:
    def __call__(self, x, training=False):
        from seeing import Formula
        if not hasattr(x, "shape"):
            return "symbol"
        if np.ndim(x) < 3:
            return np.zeros((len(x), 4))
        return Formula().outputs(np.asarray(x, "float32")) * {factor}

    def predict(self, x, batch_size=32, verbose=0):
        if hasattr(x, "shape"):
            return np.concatenate([self(x[i : i + 8]) for i in range(0, len(x), 8)])
        return np.concatenate([self(np.asarray(one[0] if isinstance(one, tuple) else one)) for one in x])

    def evaluate(self, x, y=None, verbose=0):
        self.predict(x)
        return [0.5, 0.5]

    predict_on_batch = test_on_batch = predict

def load_model(path):
    model = Model()
    model("input")  # building a network passes symbols, not images
    return model
"""
TESTS = str(Path(__file__).resolve().parent.parent / "reconcile")


def script(folder: Path, code: str, factor: float = 1.0, **modules: str) -> Path:
    """predict.py with its modules, in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "keras.py").write_text(KERAS.format(tests=TESTS, factor=factor))
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text))
    path = folder / "predict.py"
    path.write_text(textwrap.dedent(code))
    return path


def textured(folder: Path, n: int = 12, size: tuple[int, int] = (22, 30), seed: int = 0) -> list[str]:
    """Photographs of no two alike, in two classes."""
    rng = np.random.default_rng(seed)
    found = []
    for i in range(n):
        low = rng.integers(0, 256, (5, 6, 3), np.uint8)
        path = folder / "ab"[i % 2] / f"{i:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(low).resize(size[::-1], Image.Resampling.BICUBIC).save(path)
        found.append(str(path))
    return sorted(found)
