"""The facts of a saved model, from its configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from valscope.evidence.inside import inside_scale, weighs
from valscope.evidence.kinds import backbone_in
from valscope.evidence.saved.compiled import compiled_of
from valscope.evidence.saved.contents import Contents
from valscope.evidence.saved.layers import NETWORKS, is_foreign, layers_of, walk
from valscope.evidence.script.way.families import expected_scale
from valscope.nouns.fact import Fact, Source
from valscope.nouns.network import Layer, Network, Shape
from valscope.nouns.saved import SavedModel
from valscope.nouns.script import Backbone, ScaleName, Step

_SCALING = ("Rescaling", "Normalization", "Lambda", "Operation")


def facts_of(contents: Contents) -> SavedModel:
    """All facts of a model with an architecture."""
    assert contents.config is not None
    network = network_of(contents.config, contents.source())
    unsafe = _unsafe(contents)
    inside: ScaleName = inside_scale(network)
    return SavedModel(
        contents.file,
        contents.format,
        keras_version=contents.fact(
            contents.keras_version or _text(contents.config.get("keras_version")), "keras_version"
        ),
        backend=contents.fact(contents.backend or _text(contents.config.get("backend")), "backend"),
        saved_at=contents.fact(contents.saved_at, "date_saved"),
        network=network,
        compiled=compiled_of(contents),
        input_shape=Fact(network.input_shape, contents.source(f"input shape {network.input_shape}"))
        if network.input_shape is not None
        else None,
        inside=inside,
        scaling=tuple(_scaling(network.layers)),
        last_activation=_last_activation(network, contents),
        backbones=_backbones(network, contents.source()),
        unsafe=unsafe,
        frozen=tuple(_frozen(network.layers)),
        weights=contents.weights,
    )


def network_of(config: Mapping[str, Any], source: Source) -> Network:
    """The network of a serialised model (Sequential, Functional, or a list of layers as Keras 1 wrote it)."""
    inner = config.get("config")
    body: Mapping[str, Any] = inner if isinstance(inner, Mapping) else {"layers": inner}
    layers = layers_of(body, source)
    shape = body.get("build_input_shape")
    built = config.get("build_config")
    if not isinstance(shape, list) and isinstance(built, Mapping):
        shape = built.get("input_shape")
    first = next((layer.input_shape for layer in layers[:1]), None)
    written = (
        tuple(n if isinstance(n, int) else None for n in shape[1:]) if _is_flat(shape) and shape else None
    )
    name = str(body.get("name") or config.get("class_name") or "")
    return Network(layers, "saved", name, first or written, bool(layers), source=source)


def _is_flat(shape: Any) -> bool:
    return isinstance(shape, list) and all(n is None or isinstance(n, int) for n in shape)


def _unsafe(contents: Contents) -> tuple[Fact[str], ...]:
    found: list[Fact[str]] = []
    inner = (contents.config or {}).get("config")
    for entry in walk(inner) if isinstance(inner, Mapping) else ():
        if is_foreign(entry) or _activates_foreign(entry):
            settings = entry.get("config")
            name = settings.get("name") if isinstance(settings, Mapping) else ""
            kind = str(entry.get("class_name"))
            found.append(Fact(f"{kind} {name}".strip(), contents.source(f"{kind} {name}")))
    return tuple(found)


def _activates_foreign(entry: Mapping[str, Any]) -> bool:
    settings = entry.get("config")
    value = settings.get("activation") if isinstance(settings, Mapping) else None
    return isinstance(value, Mapping) and value.get("class_name") == "__lambda__"


def _scaling(layers: tuple[Layer, ...]) -> list[Step]:
    """Layers that scale before the first one with weights."""
    found: list[Step] = []
    for layer in layers:
        if weighs(layer):
            break
        if layer.layers:
            found += _scaling(layer.layers)
        elif layer.kind in _SCALING and (layer.kind != "Operation" or layer.scale is not None):
            value = "" if layer.scale is None else f"x * {layer.scale:g} + {layer.offset or 0:g}"
            found.append(Step("scale", layer.kind, value, layer.source or Source("")))
    return found


def _last_activation(network: Network, contents: Contents) -> Fact[str] | None:
    for layer in reversed(network.layers):
        if layer.kind in ("Activation", "Softmax", "ReLU"):
            return contents.fact(layer.activation, f"{layer.name} activation")
        if layer.units is not None or layer.filters is not None:
            return contents.fact(layer.activation, f"{layer.name} activation")
    return None


def _backbones(network: Network, source: Source) -> tuple[Backbone, ...]:
    found = []
    for layer in network.layers:
        nested = bool(layer.layers) or layer.kind in NETWORKS
        name = backbone_in(layer.name, [inner.name for inner in layer.layers]) if nested else None
        if name is not None:
            training = Fact(layer.training, source) if layer.training is not None else None
            found.append(_backbone(name, layer.input_shape, training, source))
    if not found:
        name = backbone_in(network.name, [layer.name for layer in network.layers])
        found = [_backbone(name, network.input_shape, None, source)] if name is not None else []
    return tuple(found)


def _backbone(name: str, shape: Shape | None, training: Fact[bool] | None, source: Source) -> Backbone:
    return Backbone(
        name,
        Source(source.file, None, name),
        input_shape=Fact(shape, source) if shape is not None else None,
        expects=expected_scale(name),
        training=training,
    )


def _frozen(layers: tuple[Layer, ...]) -> list[str]:
    """Names of layers saved with trainable=False; of a frozen network only its own name."""
    found: list[str] = []
    for layer in layers:
        if layer.trainable is False:
            found.append(layer.name)
        elif layer.layers:
            found += _frozen(layer.layers)
    return found


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
