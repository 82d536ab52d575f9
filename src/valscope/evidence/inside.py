"""Scaling that a network does itself, before its first layer with weights."""

from __future__ import annotations

from valscope.evidence.kinds import LAYERS, backbone
from valscope.evidence.script.way.families import FAMILY_OF_MODULE
from valscope.evidence.script.way.scaling import Scaling
from valscope.nouns.network import Layer, Network
from valscope.nouns.script import ScaleName

_NETWORKS = ("Functional", "Model", "Sequential")
_PLAIN = (
    "InputLayer", "Random", "Resizing", "CenterCrop", "ZeroPadding2D", "GaussianNoise", "Reshape", "Cropping"
)  # fmt: skip


def inside_scale(network: Network) -> ScaleName:
    """Name of it; "none" when there is no such layer, "unknown" when a layer of unknown effect comes first."""
    scaling = _through(network.layers, Scaling())
    name = scaling.name()
    return "unknown" if name == "none" and not network.layers else name


def _through(layers: tuple[Layer, ...], scaling: Scaling) -> Scaling:
    for layer in layers:
        if layer.layers and not weighs(layer):
            scaling = _through(layer.layers, scaling)
        elif layer.kind == "Rescaling":
            known = layer.scale is not None
            scaling = (
                scaling.times(layer.scale or 1.0).plus(layer.offset or 0.0)
                if known
                else scaling.become("other")
            )
        elif layer.kind == "Normalization":
            scaling = scaling.become("featurewise")
        elif layer.kind == "Operation":
            scaling = _operation(layer, scaling)
        elif _is_opaque(layer):
            return scaling.become("unknown")
        elif not layer.kind.startswith(_PLAIN):
            return scaling
    return scaling


def _is_opaque(layer: Layer) -> bool:
    """Whether nothing is known of what a layer does to values."""
    known = layer.kind in LAYERS or layer.kind in _NETWORKS or backbone(layer.kind) is not None
    return layer.kind == "Lambda" or not (known or layer.layers)


def _operation(layer: Layer, scaling: Scaling) -> Scaling:
    if layer.scale is not None:
        return scaling.times(layer.scale).plus(layer.offset or 0.0)
    if "preprocess" in layer.name:
        parts = layer.name.split(".")
        known = [FAMILY_OF_MODULE[part] for part in reversed(parts) if part in FAMILY_OF_MODULE]
        found: ScaleName = known[0] if known else "unknown"
        return scaling if found == "none" else scaling.become(found)
    return scaling.become("unknown") if layer.name in ("-", "/", "*", "+") else scaling


def weighs(layer: Layer) -> bool:
    """Whether a layer has weights, or a nested network has: what it does to values is then its own affair."""
    if layer.layers:
        return any(weighs(inner) for inner in layer.layers)
    return bool(
        layer.units or layer.filters or layer.width or layer.kind.startswith(("Conv", "Depthwise", "Dense"))
    )
