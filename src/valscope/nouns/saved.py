"""What a saved model or weight file says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.fact import Fact
from valscope.nouns.network import Network, Shape
from valscope.nouns.script import Backbone, Compile, ScaleName, Step


@dataclass(frozen=True, slots=True)
class SavedModel:
    """Read from a file without building the network.

    format       "keras" (zip), "h5" (whole model), "weights" (weights only, `network` is then None).
    compiled     loss, optimiser, rate and metrics that it was compiled with; None when it was not.
    inside       scaling that the network does itself ("none" when it has no such layer, "unknown" when a
                 Lambda or a custom layer could do it); `scaling` names the layers.
    last_activation   of the last layer that has weights or is an Activation.
    backbones    nested models, or whole networks that are one of Keras' ready-made ones.
    unsafe       Lambda layers and classes that are not Keras' own: they would run code on loading.
    frozen       names of the layers saved with trainable=False.
    weights      number of stored parameters, None where not counted.
    """

    file: str
    format: Literal["keras", "h5", "weights"]
    keras_version: Fact[str] | None = None
    backend: Fact[str] | None = None
    saved_at: Fact[str] | None = None
    network: Network | None = None
    compiled: Compile | None = None
    input_shape: Fact[Shape] | None = None
    inside: ScaleName = "unknown"
    scaling: tuple[Step, ...] = ()
    last_activation: Fact[str] | None = None
    backbones: tuple[Backbone, ...] = ()
    unsafe: tuple[Fact[str], ...] = ()
    frozen: tuple[str, ...] = ()
    weights: int | None = None
