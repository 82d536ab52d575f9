"""Functions that scale pixel values: preprocess_input, arithmetic, normalisation."""

from __future__ import annotations

from typing import Any

from valscope.evidence.script.flow.asking import constant, dotted, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Context, Function, Parameter, Value
from valscope.evidence.script.way.families import FAMILY_OF_MODULE
from valscope.evidence.script.way.given import step_of, tensor_of
from valscope.evidence.script.way.scaling import Scaling
from valscope.evidence.script.way.trail import UNKNOWN, Trail, numbers, scaled
from valscope.evidence.script.way.walker import Walker
from valscope.nouns.script import ScaleName

_NOWHERE = Context()
_MODES: dict[Any, ScaleName] = {"caffe": "caffe", "tf": "symmetric", "torch": "imagenet"}


def preprocess_family(function: Value, call: Call | None = None) -> tuple[str, ScaleName]:
    """(module, scale) of a preprocess_input; ("", "unknown") where the import does not tell."""
    mode = constant(call.argument(2, "mode")) if call else None
    if mode in _MODES:
        return str(mode), _MODES[mode]
    parts = dotted(function).split(".")
    for part in reversed(parts[:-1]):
        if part in FAMILY_OF_MODULE:
            return part, FAMILY_OF_MODULE[part]
    return "", "unknown"


def scale_of_function(function: Value, walker: Walker, scaling: Scaling) -> tuple[Scaling, str]:
    """What a preprocessing function does, given by name, as a lambda or as a function of the text."""
    if "preprocess_input" in last_name(function):
        family, scale = preprocess_family(function)
        return (scaling if scale == "none" else scaling.become(scale)), family
    if isinstance(function, Function):
        from valscope.evidence.script.flow.entering import apply

        start = Parameter(function.node, function.parsed, "image")
        call = Call(function.node, function.parsed, function, [start], {}, _NOWHERE)
        result = walker.world.patiently(lambda: apply(function, [start], walker.world, call))
        trail = walker.follow(result)
        told = trail.steps or result is start
        return (
            trail.scaling if not scaling.touched else scaling.become("other")
        ) if told else scaling, function.name
    return scaling.become("unknown"), dotted(function)


def preprocess_way(call: Call, walker: Walker) -> Trail:
    """preprocess_input, by the family of its import."""
    trail = walker.follow(call.argument(0, "x"))
    family, scale = preprocess_family(call.function, call)
    scaling = trail.scaling if scale == "none" else trail.scaling.become(scale)
    return trail.then(step_of("scale", call, family), scaling)


def arithmetic_way(call: Call, walker: Walker) -> Trail:
    """np.divide, tf.subtract and the like."""
    signs = {"divide": "/", "true_divide": "/", "multiply": "*", "subtract": "-", "add": "+", "div": "/"}
    sign = signs[last_name(call.function).rstrip("_")]
    method = isinstance(call.function, Attribute)
    tensor, by = tensor_of(call), call.argument(0 if method else 1, "y", "x2")
    trail = walker.follow(tensor)
    row = numbers(by) if by is not None else None
    return trail.then(step_of("scale", call, by.text if by else ""), scaled(trail.scaling, sign, row))


def other_way(call: Call, walker: Walker) -> Trail:
    """Normalisations of other forms."""
    trail = walker.follow(call.argument(0, "X", "image", "x", "src"))
    name = last_name(call.function)
    scale: ScaleName = "samplewise" if name == "per_image_standardization" else "other"
    return trail.then(step_of("scale", call), trail.scaling.become(scale))


def float_way(call: Call, walker: Walker) -> Trail:
    """Conversions to float that divide by 255."""
    trail = walker.follow(call.argument(0, "image"))
    if "uint8" in dotted(call.argument(1, "dtype")):
        return trail
    return trail.then(step_of("scale", call, "1/255"), trail.scaling.times(1 / 255))


def standardize_way(call: Call, walker: Walker) -> Trail:
    """ImageDataGenerator.standardize and random_transform."""
    from valscope.evidence.script.way.flows import generator_scaling

    trail = walker.follow(call.argument(0, "x"))
    if last_name(call.function) != "standardize" or not isinstance(call.function, Attribute):
        return trail.then(step_of("augment", call))
    maker = call.function.base
    if not isinstance(maker, Call):
        return UNKNOWN
    scaling, steps = generator_scaling(maker, walker, trail.scaling)
    return trail.but(scaling=scaling, steps=trail.steps + steps)
