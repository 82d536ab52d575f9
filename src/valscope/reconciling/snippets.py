"""Prediction code for one pipeline, whole, for Pillow, NumPy and Keras."""

from __future__ import annotations

from dataclasses import fields

from valscope.exporting.snippet import imports, pixels_code
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.served import ServedModel
from valscope.reconciling.code import SCALE_CODE, decision_code, scale_code
from valscope.reconciling.edits import names_in_order


def snippet(pipeline: Pipeline, model: ServedModel, classes: tuple[str, ...]) -> str:
    """Python source with `predict(path)`; "" for models that Keras does not load and scales without a name."""
    p = pipeline.preparation
    if p is None or model.format not in ("keras", "h5", "run") or p.scale not in SCALE_CODE:
        return ""
    names = tuple(names_in_order(pipeline, classes))
    file = f"{model.file}/model.keras" if model.format == "run" else model.file
    return "\n".join([
        *(["import keras"] + (_imports(p))), "",
        f"model = keras.saving.load_model({file!r}, compile=False)",
        f"names = {names!r}   # class of output 0, 1, ...", "", "",
        _pixels(p), "", "",
        "def predict(path):",
        f"    x = pixels(path){'[..., ::-1]' if p.order == 'bgr' and p.channels == 3 else ''}[None]",
        f"    {scale_code(p)}",
        "    y = model.predict(x, verbose=0)",
        *([f"    {_picked(model.head.name)}"] if model.head.others else []),
        f"    {decision_code(pipeline.decision, model)}",
        "    return names[int(number[0])]",
    ])  # fmt: skip


def _picked(name: str) -> str:
    """One of several outputs, which come by name or in the order of their names."""
    return f'y = y["{name}"] if isinstance(y, dict) else y[model.output_names.index("{name}")]'


def _alone(p: Preparation) -> bool:
    """Whether Pillow and NumPy can do it."""
    return p.antialias and p.axes == "kept"


def _imports(p: Preparation) -> list[str]:
    if _alone(p):
        return imports(p)
    return [
        "from valscope import Preparation",
        "from valscope.data.pixels.prepare import pixels as prepare",
    ]


def _pixels(p: Preparation) -> str:
    if _alone(p):
        return pixels_code(p)
    plain = {f.name: getattr(p, f.name) for f in fields(p) if getattr(p, f.name) != f.default}
    given = ", ".join(f"{name}={value!r}" for name, value in plain.items())
    return f"def pixels(path):\n    return prepare(path, Preparation({given}))"
