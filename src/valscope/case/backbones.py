"""Which ready-made network a recipe stands on, and how that one wants its images."""

from __future__ import annotations

import re

from valscope import architecture
from valscope.nouns.preparation import Order, Scale
from valscope.nouns.recipe import ModelSpec

CASES = {"case2_resnet50": "resnet50", "case4": "vgg19"}  # networks of published reports


def backbone_of(model: ModelSpec) -> str | None:
    """The `keras.applications` network, by name in lower case, that carries pretrained weights; None for a
    network that is trained from nothing."""
    if model.weights == "none":
        return None
    if model.name == "config":
        return _nested(model.config or "{}")
    name = CASES.get(model.name, model.name)
    return name if name in _families() else None


def expected(model: ModelSpec) -> tuple[Scale, Order] | None:
    """Scale and channel order that its weights were trained with; None without a known backbone, and for a network that
    does something to its input itself."""
    name = backbone_of(model)
    if model.name == "config" and architecture.scales_first(model.config or "{}"):
        return None
    return _families()[name] if name is not None else None


def fine_tunes(model: ModelSpec) -> bool:
    """Whether pretrained weights may be trained: a foreign network can hold them frozen."""
    if backbone_of(model) is None:
        return False
    return model.name != "config" or architecture.frozen(model.config or "{}") == 0


def _nested(config: str) -> str | None:
    """By the names that Keras gives its own networks: "mobilenetv2_1.00_160", "vgg19"."""
    longest = sorted(_families(), key=len, reverse=True)
    for name in architecture.networks(config):
        flat = re.sub(r"[^a-z0-9]", "", name.lower())
        for family in longest:
            if flat.startswith(family):
                return family
    return None


def _families() -> dict[str, tuple[Scale, Order]]:
    from valscope.data.pixels.scale import FAMILIES

    return FAMILIES
