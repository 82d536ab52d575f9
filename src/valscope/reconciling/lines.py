"""The line of code behind a step, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from valscope.nouns.fact import Source
from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.reconciliation import Axis, Fall, Waterfall
from valscope.nouns.served import ServedModel
from valscope.reconciling.axes import SCALES, value_of

_NAMES: dict[Axis, tuple[str, ...]] = {
    "scale": ("scale",), "channel order": ("preparation.order", "channels"), "colour": ("colour",),
    "resize": ("kernel", "resize", "antialias"), "geometry": ("geometry",), "axes": ("axes", "size"), "EXIF": ("exif",),
    "alpha": ("alpha",), "mode": ("mode",), "checkpoint": ("checkpoint",), "decision": ("decision",),
    "class order": ("classes", "served.order", "class_order"), "alignment": ("aligned",),
}  # fmt: skip
# pixels 0..255 in RGB order to each scale
_SCALE_CODE = {
    "none": "x = x.astype('float32')              # 0..255, no division",
    "unit": "x = x.astype('float32') / 255.0",
    "symmetric": "x = x.astype('float32') / 127.5 - 1.0",
    "centred": "x = (x.astype('float32') - 127.0) / 128.0",
    "imagenet": "x = (x.astype('float32') / 255.0 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]",
    "caffe": "x = x.astype('float32') - [123.68, 116.779, 103.939]",
    "image_max": "x = x.astype('float32') / x.max()",
    "image_std": "x = (x.astype('float32') - x.mean()) / x.std()",
}
_KERNEL_CODE = {
    ("nearest", True): "image = image.resize((width, height), Image.Resampling.NEAREST)",
    ("bilinear", True): "image = image.resize((width, height), Image.Resampling.BILINEAR)",
    ("bicubic", True): "image = image.resize((width, height), Image.Resampling.BICUBIC)",
    ("lanczos", True): "image = image.resize((width, height), Image.Resampling.LANCZOS)",
    ("area", True): "image = image.resize((width, height), Image.Resampling.BOX)",
    ("bilinear", False): "x = tf.image.resize(x, (height, width))",
    ("nearest", False): "x = tf.image.resize(x, (height, width), method='nearest')",
    ("area", False): "x = cv2.resize(x, (width, height), interpolation=cv2.INTER_AREA)",
    ("bicubic", False): "x = tf.image.resize(x, (height, width), method='bicubic')",
    ("lanczos", False): "x = tf.image.resize(x, (height, width), method='lanczos3')",
}


def with_lines(
    found: Waterfall, reference: Pipeline, said: Sequence[tuple[str, Source]], model: ServedModel
) -> Waterfall:
    """The waterfall with the code line of each step and the line that mends it."""
    falls = []
    for fall in found.falls:
        used, trained = _lines(fall.step.axis, said)
        change = _change(fall, reference, model)
        if fall.step.axis == "decision" and used is not None:
            change = _edited(used.quote, value_of("decision", reference)) or change
        falls.append(replace(fall, line=used, trained_line=trained, change=change))
    return replace(found, falls=tuple(falls))


def _lines(axis: Axis, said: Sequence[tuple[str, Source]]) -> tuple[Source | None, Source | None]:
    """(line of use, line of training) that set an axis."""
    fitting = [(field, source) for field, source in said if any(name in field for name in _NAMES[axis])]
    used = [source for field, source in fitting if field.startswith("served")]
    trained = [source for field, source in fitting if not field.startswith("served")]
    return next(iter(used), None), next(iter(trained), None)


def _edited(quote: str, decision: Decision) -> str:
    """The quoted line with its comparison mended; "" where it compares in another way."""
    if decision.rule != "threshold" or decision.inverted:
        return ""
    edited = re.sub(r"==\s*1(?:\.0*)?(?![\d.])", f">= {decision.value:g}", quote, count=1)
    return edited.strip() if edited != quote else ""


def _change(fall: Fall, reference: Pipeline, model: ServedModel) -> str:
    axis = fall.step.axis
    value = value_of(axis, reference)
    if axis == "scale":
        inside = model.inside not in ("none", "unknown") and value == "none"
        more = f"   (the model itself does: {SCALES.get(model.inside, model.inside)})" if inside else ""
        code = _SCALE_CODE.get(value, f"# {fall.step.before}")
        if reference.preparation is not None and reference.preparation.channels == 1 and "[" in code:
            return f"# {fall.step.before}"
        return code + more
    if axis == "resize":
        return _KERNEL_CODE[value]
    if axis == "decision":
        return decision_code(value, model)
    fixed: dict[Axis, str] = {
        "channel order": "x = x[..., ::-1]", "EXIF": "image = ImageOps.exif_transpose(image)",
        "mode": "model(x, training=False)" if value == "moving" else "",
        "axes": "image = image.resize((width, height))   # Pillow and cv2 take width first",
        "alignment": "shuffle=False", "colour": "image = image.convert('RGB')",
    }  # fmt: skip
    return fixed.get(axis, f"use: {fall.step.before}")


def decision_code(decision: Decision, model: ServedModel) -> str:
    """How a class number is got from outputs `y` (n, k)."""
    if decision.rule in ("argmax", "argmin"):
        return f"number = y.{decision.rule}(axis=-1)"
    column = min(1, model.head.outputs - 1) if decision.column is None else decision.column
    sign = {"threshold": "<" if decision.inverted else ">=", "equals": "=="}.get(decision.rule, ">=")
    return f"number = (y[:, {column}] {sign} {decision.value:g}).astype(int)"
