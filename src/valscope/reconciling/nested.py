"""Scaling that a network does in a network inside it, which is trained and not a known backbone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from valscope.errors import InputError
from valscope.evidence.inside import inside_scale, weighs
from valscope.evidence.kinds import backbone_in
from valscope.evidence.saved import read_saved
from valscope.nouns.network import Layer, Network
from valscope.nouns.script import ScaleName
from valscope.nouns.served import ServedModel


def with_nested_scale(model: ServedModel) -> ServedModel:
    """The model with the scaling that it does further inside, where it does none before its first layer with weights."""
    if model.inside != "none" or model.format not in ("keras", "h5"):
        return model
    try:
        saved = read_saved(Path(model.file))
    except InputError:
        return model
    return replace(model, inside=_scale(saved.network.layers if saved.network is not None else ()))


def _scale(layers: Sequence[Layer]) -> ScaleName:
    """Of the first network inside, and of the first one inside that."""
    first = next((layer for layer in layers if weighs(layer)), None)
    if first is None or not first.layers or backbone_in(first.name, [inner.name for inner in first.layers]):
        return "none"
    own = inside_scale(Network(first.layers, "saved", first.name))
    return own if own != "none" else _scale(first.layers)
