"""What lies beside an exported network: preparation.json for programs, README.md for people."""

from __future__ import annotations

import json
from typing import Any

from valscope.codec import to_plain
from valscope.exporting.formats import Format
from valscope.exporting.snippet import imports, pixels_code
from valscope.run import Run

SCHEMA = 1


def about(run: Run, to: Format, model_name: str, own_scale: bool) -> dict[str, Any]:
    """For programs: what goes in, what was done to it inside, what comes out."""
    preparation, result = run.recipe.preparation, run.result
    inside = [] if preparation is None or own_scale else ["order", "scale"]
    return {
        "schema_version": SCHEMA,
        "format": to.name,
        "model": model_name,
        "classes": list(run.classes),
        "input": _input(run, own_scale),
        "output": {"name": "probabilities", "shape": [None, len(run.classes)], "calibrated": True},
        "temperature": run.temperature,
        "preparation": None if preparation is None else to_plain(preparation),
        "inside": [*inside, "temperature", "softmax"],
        "outside": [] if preparation is None else ["decode", "exif", "alpha", "colour", "resize"],
        "unsure_below": result.unsure.probability if result.unsure else None,
        "run": run.folder.name,
        "versions": dict(result.versions),
    }


def _input(run: Run, own_scale: bool) -> dict[str, Any]:
    preparation = run.recipe.preparation
    if preparation is None:
        return {"name": "pixels", "content": "feature vectors as the run was trained on", "dtype": "float32"}
    content = "floats in the scale of the training arrays" if own_scale else "levels 0..255"
    colour = "grey" if preparation.channels == 1 else "RGB"
    return {
        "name": "pixels", "content": f"{content}, {colour}", "dtype": "float32", "shape": [None, *preparation.shape],
    }  # fmt: skip


def readme(run: Run, to: Format, model_name: str, side_name: str, own_scale: bool, difference: float) -> str:
    """For people: what it is, and the exact code that predicts with it."""
    result = run.result
    names = "\n".join(f"* `{json.dumps(name, ensure_ascii=False)}`" for name in run.classes[:50])
    more = f"\n* ... {len(run.classes) - 50} more in {side_name}" if len(run.classes) > 50 else ""
    accuracy = result.scores.accuracy
    score = (
        f"Accuracy on {accuracy.n:,} {result.scores.part} images: {100 * (accuracy.value or 0):.1f} % "
        f"[{100 * accuracy.low:.1f}, {100 * accuracy.high:.1f}] (95 %)."
        if accuracy.n
        else ""
    )
    return f"""# {run.folder.name} as {to.title}

An image classifier trained with valscope. {score}
{_what(run, own_scale)} Out come calibrated probabilities of {len(run.classes)} classes, in this order:

{names}{more}

Loaded again and fed with the run's probe images, its probabilities differed from the run's by at most {difference:.1e}.
Resizing is not inside: no graph resamples exactly as Pillow does, and other resampling costs accuracy. `{side_name}` says
everything that is needed.

```python
{code(run, to, model_name, side_name, own_scale)}
```
"""


def _what(run: Run, own_scale: bool) -> str:
    p = run.recipe.preparation
    if p is None:
        return "In go feature vectors as the run was trained on."
    colour = "grey" if p.channels == 1 else "RGB"
    images = f"In go {colour} images of {p.height} x {p.width} pixels"
    if own_scale:
        return f"{images}, in the scale of the arrays that it was trained on."
    return f"{images} with levels 0..255; scaling and channel order are inside."


def code(run: Run, to: Format, model_name: str, side_name: str, own_scale: bool) -> str:
    """Python source that defines `predict`: from paths (or arrays, where the run takes arrays) to probabilities."""
    preparation = run.recipe.preparation
    arrays = preparation is None or own_scale
    given = "items" if arrays else "paths"
    batch = (
        "np.asarray(items, np.float32)"
        if arrays
        else "np.stack([pixels(path) for path in paths]).astype(np.float32)"
    )
    imported = ["import numpy as np"] if arrays or preparation is None else imports(preparation)
    parts = [
        "\n".join([*imported, to.imports]),
        "",
        to.load.format(model=model_name),
        f"classes = {json.dumps(list(run.classes), ensure_ascii=True)}",
        "" if arrays or preparation is None else f"\n\n{pixels_code(preparation, side_name)}",
        f'''

def predict({given}):
    """Probabilities, shape (n, {len(run.classes)}), in the order of `classes`."""
    batch = {batch}
    return {to.call}''',
    ]
    return "\n".join(parts)
