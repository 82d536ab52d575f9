"""Keras layers and torch transforms applied to images outside a network."""

from __future__ import annotations

from valscope.evidence.script.build.arguments import settings
from valscope.evidence.script.build.layers import layer_of
from valscope.evidence.script.build.models import builds
from valscope.evidence.script.flow.values import Call, Items, Value
from valscope.evidence.script.way.trail import UNKNOWN, Trail
from valscope.evidence.script.way.walker import Walker
from valscope.nouns.script import Step


def layer_way(call: Call, maker: Call, walker: Walker) -> Trail:
    """A Keras layer, or a Sequential of layers, applied to images; a torch transform likewise."""
    trail = walker.follow(call.argument(0, "inputs", "x", "img", "image"))
    from valscope.evidence.script.way.transforms import transform_trail

    transformed = transform_trail(maker, trail, walker)
    if transformed is not None:
        return transformed
    if builds(maker) and maker.arguments and isinstance(maker.arguments[0], Items):
        for item in maker.arguments[0].items:
            trail = _layer_step(item, trail)
        return trail
    return _layer_step(maker, trail) if layer_of(maker) is not None else UNKNOWN


def _layer_step(maker: Value, trail: Trail) -> Trail:
    layer = layer_of(maker) if isinstance(maker, Call) else None
    if layer is None or not isinstance(maker, Call):
        return UNKNOWN
    if layer.kind == "Rescaling":
        given = settings(maker, "Rescaling", False)
        step = Step("scale", "Rescaling", given["scale"].text if "scale" in given else "", maker.source)
        if layer.scale is None:
            return trail.then(step, trail.scaling.become("other"))
        return trail.then(step, trail.scaling.times(layer.scale).plus(layer.offset or 0.0))
    if layer.kind == "Normalization":
        return trail.then(
            Step("scale", "Normalization", "", maker.source), trail.scaling.become("featurewise")
        )
    if layer.kind == "Resizing":
        return trail.then(
            Step("resize", "Resizing", str(layer.size), maker.source), size=layer.size, kernel="bilinear"
        )
    if layer.kind.startswith("Random"):
        return trail.then(Step("augment", layer.kind, maker.text, maker.source))
    return trail
