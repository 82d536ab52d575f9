"""The user's own line of code, mended; "" where it is written in a way that no edit here fits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.reconciliation import Axis

_CALL = r"\((?:[^()]|\([^()]*\))*\)"  # brackets with brackets inside
_NAMES = re.compile(r"[\[(]\s*(['\"])[^'\"]*\1(?:\s*,\s*(['\"])[^'\"]*\2)+\s*,?\s*[\])]")
_STARTED = re.compile(r"(\w+)\s*=\s*([\[({])")
# nothing else is computed before or after the division, so that another can stand in its place
_DIVIDED = re.compile(
    r"((?:^|=|return|\()[^-+*/=]*?)\s*/\s*(?:255(?:\.0*)?|127\.5\s*-\s*1(?:\.0*)?)(?=\s*(?:$|[,)#]))"
)
_RESCALE = re.compile(r"rescale\s*=\s*1(?:\.0*)?\s*/\s*255(?:\.0*)?")
_DIVIDE = {"none": "", "unit": " / 255.0", "symmetric": " / 127.5 - 1.0"}
_CV2 = {
    "bilinear": "INTER_LINEAR",
    "nearest": "INTER_NEAREST",
    "bicubic": "INTER_CUBIC",
    "area": "INTER_AREA",
}
PILLOW = {
    "nearest": "NEAREST", "bilinear": "BILINEAR", "bicubic": "BICUBIC", "lanczos": "LANCZOS", "area": "BOX",
}  # fmt: skip
_LOAD_IMG = {name: "box" if name == "area" else name for name in PILLOW}


def edited(axis: Axis, quote: str, reference: Pipeline, classes: Sequence[str]) -> str:
    """The line with one axis set as `reference` has it, "" where it cannot be edited or would stay as it is."""
    edit = _EDITS.get(axis)
    if edit is None or not quote.strip():
        return ""
    found = edit(quote.strip(), reference, classes)
    return found if found != quote.strip() else ""


def names_in_order(reference: Pipeline, classes: Sequence[str]) -> list[str]:
    """Class names in the order of the outputs."""
    return [classes[i] if i >= 0 else "no class" for i in reference.order or range(len(classes))]


def _scale(quote: str, reference: Pipeline, classes: Sequence[str]) -> str:
    wanted = _preparation(reference).scale
    if wanted not in _DIVIDE:
        return ""
    if _RESCALE.search(quote):
        if wanted == "none":
            return re.sub(r",?\s*" + _RESCALE.pattern, "", quote, count=1)
        return _RESCALE.sub(f"preprocessing_function=lambda x: x{_DIVIDE[wanted]}", quote, count=1)
    if len(_DIVIDED.findall(quote)) != 1:
        return ""
    return _DIVIDED.sub(lambda found: found[1] + _DIVIDE[wanted], quote)


def _class_order(quote: str, reference: Pipeline, classes: Sequence[str]) -> str:
    names = names_in_order(reference, classes)
    written = json.dumps(names, ensure_ascii=False)
    if _NAMES.search(quote):
        return _NAMES.sub(lambda _: written, quote, count=1)
    started = _STARTED.match(quote)
    if started is None:
        return ""
    if started[2] == "{":
        pairs = ", ".join(f"{i}: {json.dumps(name, ensure_ascii=False)}" for i, name in enumerate(names))
        return f"{started[1]} = {{{pairs}}}"
    return f"{started[1]} = {written}"


def _decision(quote: str, reference: Pipeline, classes: Sequence[str]) -> str:
    decision = reference.decision
    if decision.rule == "argmax":
        return quote.replace("argmin", "argmax")
    if decision.rule != "threshold" or decision.inverted:
        return ""
    value = f">= {decision.value:g}"
    exact = re.sub(r"==\s*1(?:\.0*)?(?![\d.])", value, quote, count=1)
    return exact if exact != quote else re.sub(r">=?\s*\d+(?:\.\d*)?(?![\d.])", value, quote, count=1)


def _channels(quote: str, reference: Pipeline, classes: Sequence[str]) -> str:
    if _preparation(reference).order != "rgb" or "cvtColor" in quote:
        return ""
    return re.sub(r"cv2\.imread" + _CALL, r"cv2.cvtColor(\g<0>, cv2.COLOR_BGR2RGB)", quote, count=1)


def _exif(quote: str, reference: Pipeline, classes: Sequence[str]) -> str:
    if _preparation(reference).exif and "exif_transpose" in quote:
        return ""
    if _preparation(reference).exif:
        return re.sub(r"Image\.open" + _CALL, r"ImageOps.exif_transpose(\g<0>)", quote, count=1)
    flags = "cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION"
    plain = re.sub(r"cv2\.imread\(([^(),]+)\)", rf"cv2.imread(\1, {flags})", quote, count=1)
    return re.sub(rf"ImageOps\.exif_transpose\(((?:[^()]|{_CALL})*)\)", r"\1", plain, count=1)


def _colour(quote: str, reference: Pipeline, classes: Sequence[str]) -> str:
    if _preparation(reference).colour != "rgb":
        return ""
    found = re.sub(r"cv2\.IMREAD_GRAYSCALE", "cv2.IMREAD_COLOR", quote)
    found = re.sub(r"""convert\((['"])L\1\)""", r"convert(\1RGB\1)", found)
    return re.sub(r"""color_mode\s*=\s*(['"])grayscale\1""", r"color_mode=\1rgb\1", found)


def _resize(quote: str, reference: Pipeline, classes: Sequence[str]) -> str:
    p = _preparation(reference)
    if "cv2.resize(" in quote:
        if p.antialias or p.kernel not in _CV2:
            return ""
        plain = re.sub(r",\s*interpolation\s*=\s*[\w.]+", "", quote)
        return re.sub(
            rf"(cv2\.resize{_CALL[:-2]})\)", rf"\1, interpolation=cv2.{_CV2[p.kernel]})", plain, count=1
        )
    if not p.antialias and p.kernel != "nearest":
        return ""
    if "load_img(" in quote:
        plain = re.sub(r",\s*interpolation\s*=\s*(['\"])\w+\1", "", quote)
        return re.sub(
            rf"(load_img{_CALL[:-2]})\)", rf'\1, interpolation="{_LOAD_IMG[p.kernel]}")', plain, count=1
        )
    pillow = rf".resize(\1, Image.Resampling.{PILLOW[p.kernel]})"
    return re.sub(r"(?<!tf\.image)\.resize\((\(\s*\w+\s*,\s*\w+\s*\))[^()]*\)", pillow, quote, count=1)


def _axes(quote: str, reference: Pipeline, classes: Sequence[str]) -> str:
    p = _preparation(reference)
    if p.axes != "kept" or "tf.image" in quote or "resize(" not in quote:
        return ""
    return re.sub(rf"\(\s*{p.height}\s*,\s*{p.width}\s*\)", f"({p.width}, {p.height})", quote, count=1)


def _mode(quote: str, reference: Pipeline, classes: Sequence[str]) -> str:
    wanted = "training=False" if reference.mode == "moving" else "training=True"
    return re.sub(r"training\s*=\s*(?:True|False)", wanted, quote)


def _preparation(reference: Pipeline) -> Preparation:
    assert reference.preparation is not None
    return reference.preparation


_EDITS: dict[Axis, Callable[[str, Pipeline, Sequence[str]], str]] = {
    "scale": _scale, "class order": _class_order, "decision": _decision, "channel order": _channels, "EXIF": _exif,
    "colour": _colour, "resize": _resize, "axes": _axes, "mode": _mode,
}  # fmt: skip
