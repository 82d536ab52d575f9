"""Ready-made networks and where they are used."""

from __future__ import annotations

from valscope.evidence.script.build.models import ready_made
from valscope.evidence.script.build.written import shape_of
from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.facts.settings import flag, text
from valscope.evidence.script.flow.asking import is_none
from valscope.evidence.script.flow.values import Call, Constant
from valscope.evidence.script.way.families import expected_scale
from valscope.nouns.fact import Fact
from valscope.nouns.script import Backbone

_PUBLISHED = ("notop", "imagenet", "tf_dim_ordering", "keras-applications")


def backbones(reading: Reading) -> tuple[Backbone, ...]:
    """Ready-made networks, each once, in order."""
    found: list[Backbone] = []
    for call in reading.calls:
        name = ready_made(call)
        if name is not None:
            made = _backbone(call, name, reading)
            if made not in found:
                found.append(made)
    return tuple(found)


def _backbone(call: Call, name: str, reading: Reading) -> Backbone:
    weights = call.argument(None, "weights", "pretrained")
    shape = call.argument(None, "input_shape")
    known = shape_of(shape)
    network, training = _holder(call, reading)
    return Backbone(
        name,
        call.source,
        weights=_loaded(call, reading) or _weights(weights),
        include_top=flag(call.argument(None, "include_top")),
        input_shape=Fact(known, shape.source) if shape is not None and known is not None else None,
        pooling=text(call.argument(None, "pooling")),
        expects=expected_scale(name),
        training=training,
        network=network,
    )


def _loaded(call: Call, reading: Reading) -> Fact[str] | None:
    """Weights that `load_weights` puts in; files of keras.applications are ImageNet's."""
    file = reading.networks.loaded(call)
    if file is None:
        return None
    return Fact("imagenet" if any(word in file for word in _PUBLISHED) else file, call.source)


def _weights(value: object) -> Fact[str] | None:
    if not isinstance(value, Constant):
        name = getattr(value, "text", "")
        return Fact(name, value.source) if name else None  # type: ignore[attr-defined]
    if is_none(value) or value.value is False:
        return Fact("none", value.source)
    return Fact("imagenet" if value.value is True else str(value.value), value.source)


def _holder(call: Call, reading: Reading) -> tuple[int | None, Fact[bool] | None]:
    """The network that a backbone is part of, and the `training=` of its call there."""
    for position, network in enumerate(reading.networks.built):
        for layer in network.layers:
            if layer.source == call.source or any(inner.source == call.source for inner in layer.layers):
                training = Fact(layer.training, call.source) if layer.training is not None else None
                return position, training
    return reading.networks.index(call), None
