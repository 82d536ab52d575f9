"""Lines of code that set one axis as a pipeline has it: for Pillow, NumPy and Keras, with the real sizes and names."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.reconciliation import Axis
from valscope.nouns.served import ServedModel
from valscope.reconciling.axes import SCALES
from valscope.reconciling.edits import PILLOW, names_in_order

# pixels 0..255 in RGB order to each scale
SCALE_CODE = {
    "none": "x = x.astype('float32')              # 0..255, no division",
    "unit": "x = x.astype('float32') / 255.0",
    "symmetric": "x = x.astype('float32') / 127.5 - 1.0",
    "centred": "x = (x.astype('float32') - 127.0) / 128.0",
    "imagenet": "x = (x.astype('float32') / 255.0 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]",
    "caffe": "x = x.astype('float32') - [123.68, 116.779, 103.939]",
    "image_max": "x = x.astype('float32') / x.max()",
    "image_std": "x = (x.astype('float32') - x.mean()) / x.std()",
    "unit_unit": "x = x.astype('float32') / 255.0 / 255.0",
    "unit_symmetric": "x = x.astype('float32') / 255.0 / 127.5 - 1.0",
    "unit_imagenet": "x = (x.astype('float32') / 255.0 / 255.0 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]",
    "unit_caffe": "x = x.astype('float32') / 255.0 - [123.68, 116.779, 103.939]",
}
_GREY = {  # a grey channel gets the mean of the three colours
    "[0.485, 0.456, 0.406]": "0.449", "[0.229, 0.224, 0.225]": "0.226", "[123.68, 116.779, 103.939]": "114.799",
}  # fmt: skip
_BGR = {
    "[0.485, 0.456, 0.406]": "[0.406, 0.456, 0.485]", "[0.229, 0.224, 0.225]": "[0.225, 0.224, 0.229]",
    "[123.68, 116.779, 103.939]": "[103.939, 116.779, 123.68]",
}  # fmt: skip
_TF = {
    "bilinear": "", "nearest": ", method='nearest'", "area": ", method='area'", "bicubic": ", method='bicubic'",
    "lanczos": ", method='lanczos3'",
}  # fmt: skip


def code_for(axis: Axis, reference: Pipeline, model: ServedModel, classes: Sequence[str]) -> str:
    """One line that does what `reference` does on an axis."""
    p = reference.preparation
    if axis == "decision":
        return decision_code(reference.decision, model)
    if axis == "class order":
        return f"class_names = {json.dumps(names_in_order(reference, classes), ensure_ascii=False)}"
    if axis == "mode":
        return f"y = model(x, training={reference.mode != 'moving'})"
    if axis == "checkpoint":
        return _checkpoint(reference.checkpoint or model.file)
    if axis == "alignment":
        return "shuffle=False   # in the feed that is predicted on" if reference.aligned else "shuffle=True"
    assert p is not None
    if axis == "scale":
        inside = model.inside not in ("none", "unknown") and p.scale == "none"
        return scale_code(p) + (
            f"   (the model itself does: {SCALES.get(model.inside, model.inside)})" if inside else ""
        )
    return _OF_PREPARATION[axis](p)


def scale_code(p: Preparation) -> str:
    """Pixels in the order of channels that the network gets to its scale."""
    code = SCALE_CODE[p.scale]
    for rgb, other in (_GREY if p.channels == 1 else _BGR if p.order == "bgr" else {}).items():
        code = code.replace(rgb, other)
    return code


def decision_code(decision: Decision, model: ServedModel) -> str:
    """How a class number is got from outputs `y` (n, k)."""
    if decision.rule in ("argmax", "argmin"):
        return f"number = y.{decision.rule}(axis=-1)"
    column = min(1, model.head.outputs - 1) if decision.column is None else decision.column
    if decision.rule == "truncated":
        return f"number = y[:, {column}].astype(int)"
    sign = "==" if decision.rule == "equals" else ">="
    if decision.inverted:
        sign = "!=" if decision.rule == "equals" else "<"
    return f"number = (y[:, {column}] {sign} {decision.value:g}).astype(int)"


def _checkpoint(file: str) -> str:
    name = json.dumps(Path(file).name, ensure_ascii=False)
    load = "model.load_weights" if file.endswith(".weights.h5") else "model = keras.saving.load_model"
    return f"{load}({name})"


def _colour(p: Preparation) -> str:
    made = {"rgb": '.convert("RGB")', "grey": '.convert("L")', "grey_rgb": '.convert("L").convert("RGB")'}
    return f"image = image{made[p.colour]}"


def _alpha(p: Preparation) -> str:
    if p.alpha == "drop":
        return 'image = image.convert("RGB")'
    return (
        f'ground = Image.new("RGBA", image.size, "{p.alpha}"); ground.alpha_composite(image.convert("RGBA")); '
        'image = ground.convert("RGB")'
    )


def _exif(p: Preparation) -> str:
    if p.exif:
        return "image = ImageOps.exif_transpose(image)"
    return "image = Image.open(path)   # without ImageOps.exif_transpose"


def _geometry(p: Preparation) -> str:
    how = {"stretch": "image.resize(", "crop": "ImageOps.fit(image, ", "pad": "ImageOps.pad(image, "}[
        p.geometry
    ]
    return f"image = {how}({p.width}, {p.height}), Image.Resampling.{PILLOW[p.kernel]})"


def _resize(p: Preparation) -> str:
    if p.antialias:
        return f"image = image.resize(({p.width}, {p.height}), Image.Resampling.{PILLOW[p.kernel]})"
    return f"x = tf.image.resize(x, ({p.height}, {p.width}){_TF[p.kernel]})"


def _axes(p: Preparation) -> str:
    if p.axes == "kept":
        return f"image = image.resize(({p.width}, {p.height}))   # Pillow and cv2 take (width, height)"
    if p.axes == "transposed":
        return "x = x.transpose(0, 2, 1, 3)"
    return f"x = np.asarray(image.resize(({p.height}, {p.width}))).reshape({p.shape})"


_OF_PREPARATION: dict[Axis, Callable[[Preparation], str]] = {
    "colour": _colour, "alpha": _alpha, "EXIF": _exif, "geometry": _geometry, "resize": _resize, "axes": _axes,
    "channel order": lambda p: f"x = x[..., ::-1]   # {'RGB to BGR' if p.order == 'bgr' else 'BGR to RGB'}",
}  # fmt: skip
