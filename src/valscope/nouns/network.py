"""A network as a list of layers, whatever it was read from: code, a printed summary, or a saved model.

Shapes leave the batch dimension out: (height, width, channels). A dimension that is not known is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from valscope.nouns.fact import Source

Shape = tuple[int | None, ...]
Origin = Literal["script", "summary", "saved"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer. Every setting is None where it was not written or does not apply; `valscope.nouns.shapes`
    knows the defaults.

    kind           class name as Keras spells it: "Conv2D", "Dense", "MaxPooling2D", "Activation".
    name           the layer's own name, "" when it has none yet.
    units          width of Dense and recurrent layers.
    filters        of convolutions.
    width          units or filters as written where they are no literal: "len(classes)".
    kernel, strides, pool, dilation   (rows, columns).
    padding        "valid" or "same"; of ZeroPadding2D and Cropping2D see `border`.
    border         ((top, bottom), (left, right)) of ZeroPadding2D and Cropping2D.
    size           factor of UpSampling2D; (height, width) of Resizing and CenterCrop.
    activation     "relu", "softmax", ... also of Activation layers and of ReLU, Softmax classes.
    rate           of Dropout and its relatives.
    scale, offset  of Rescaling: x * scale + offset.
    shape          target of Reshape; shape of an Input.
    input_shape    as written on a first layer.
    vocabulary     number of rows of an Embedding.
    layers         of a nested model.
    weights        of a ready-made backbone: "imagenet", a path, or "none".
    include_top, pooling, classes   of a ready-made backbone.
    inputs         names or positions ("#3") of the layers that feed it; () means the one before.
    shared_with    position of an earlier layer whose weights it uses, None for its own.
    stated_shape, stated_params, stated_input   what the source itself says of them.
    """

    kind: str
    name: str = ""
    units: int | None = None
    filters: int | None = None
    width: str = ""
    kernel: tuple[int, ...] | None = None
    strides: tuple[int, ...] | None = None
    padding: str | None = None
    dilation: tuple[int, ...] | None = None
    groups: int | None = None
    depth_multiplier: int | None = None
    pool: tuple[int, ...] | None = None
    border: tuple[tuple[int, ...], ...] | None = None
    size: tuple[int, ...] | None = None
    activation: str | None = None
    use_bias: bool | None = None
    centre: bool | None = None
    gamma: bool | None = None
    rate: float | None = None
    scale: float | None = None
    offset: float | None = None
    axis: int | None = None
    shape: Shape | None = None
    input_shape: Shape | None = None
    vocabulary: int | None = None
    return_sequences: bool | None = None
    reset_after: bool | None = None
    keepdims: bool | None = None
    trainable: bool | None = None
    training: bool | None = None
    layers: tuple[Layer, ...] = ()
    weights: str | None = None
    include_top: bool | None = None
    pooling: str | None = None
    classes: int | None = None
    inputs: tuple[str, ...] = ()
    shared_with: int | None = None
    stated_shape: Shape | None = None
    stated_params: int | None = None
    stated_input: Shape | None = None
    source: Source | None = None

    def but(self, **changes: Any) -> Layer:
        """The same layer with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Network:
    """Layers in the order of the data (of building, where they branch).

    origin       what it was read from.
    name         variable or model name, "" when unknown.
    input_shape  (height, width, channels) where known.
    whole        False when layers may be missing (a loop that could not be followed, a cut text).
    framework    "keras" or "torch".
    """

    layers: tuple[Layer, ...]
    origin: Origin
    name: str = ""
    input_shape: Shape | None = None
    whole: bool = True
    framework: str = "keras"
    source: Source | None = field(default=None)

    @property
    def last(self) -> Layer | None:
        """The last layer with weights, None for an empty network."""
        weighted = [layer for layer in self.layers if layer.units is not None or layer.filters is not None]
        return weighted[-1] if weighted else None

    def but(self, **changes: Any) -> Network:
        """The same network with some fields changed."""
        return replace(self, **changes)
