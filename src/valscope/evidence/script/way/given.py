"""What a function works on, and the step that it is."""

from __future__ import annotations

from valscope.evidence.script.flow.asking import dotted
from valscope.evidence.script.flow.values import Attribute, Call, Value
from valscope.nouns.script import Step
from valscope.nouns.script.feeding import StepKind


def tensor_of(call: Call) -> Value | None:
    """The image that a function or method works on."""
    function = call.function
    if isinstance(function, Attribute):
        return function.base
    return call.argument(
        0, "image", "images", "x", "img", "src", "input", "arr", "a", "value", "tensor", "path", "pic"
    )


def step_of(kind: StepKind, call: Call, value: str = "") -> Step:
    """The step that a call is."""
    return Step(kind, dotted(call.function) or call.text[:40], value, call.source)
