"""The built-in networks that are trained from nothing. Each is a function (shape, outputs, spec) -> Keras
model whose last layer is called "output".

`case0` ... `case4` are the networks of five published reports, rebuilt layer for layer, so that their
trainings can be repeated.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from valscope.engines.keras_engine.backend import keras
from valscope.engines.keras_engine.configured import from_config
from valscope.nouns.recipe import ModelSpec

Shape = tuple[int, ...]
Build = Callable[[Shape, int, ModelSpec], Any]

CNN_FILTERS = (32, 64, 96, 128, 160)
# Moving statistics follow the batch within tens of steps; Keras' default 0.99 needs hundreds, and small sets
# have fewer steps than that in their first epochs.
BATCHNORM_MOMENTUM = 0.9


def output_layer(units: int, spec: ModelSpec) -> Any:
    """The last Dense layer; float32 whatever the precision of the rest."""
    return keras().layers.Dense(units, activation=spec.activation, dtype="float32", name="output")


def cnn(shape: Shape, outputs: int, spec: ModelSpec) -> Any:
    """Convolution, BatchNorm and pooling down to about 4 x 4, global average, dropout, output."""
    k = keras()
    blocks = min(len(CNN_FILTERS), max(2, round(math.log2(max(8, min(shape[:2])) / 4))))
    inputs = k.Input(shape)
    x = inputs
    for block, filters in enumerate(CNN_FILTERS[:blocks]):
        x = _conv_bn(x, filters)
        if block == blocks - 1:
            x = _conv_bn(x, filters)
        elif min(x.shape[1:3]) > 1:
            x = k.layers.MaxPooling2D(padding="same")(x)
    x = k.layers.GlobalAveragePooling2D(name="pool")(x)
    if spec.units:
        x = k.layers.Dense(spec.units, activation="relu")(x)
    x = k.layers.Dropout(spec.dropout)(x)
    return k.Model(inputs, output_layer(outputs, spec)(x), name="cnn")


def _conv_bn(x: Any, filters: int) -> Any:
    layers = keras().layers
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=BATCHNORM_MOMENTUM)(x))


def features(shape: Shape, outputs: int, spec: ModelSpec) -> Any:
    """A head on feature vectors: an optional hidden layer, dropout, output. The vectors are standardised by a
    BatchNorm layer, because their scale is unknown."""
    k = keras()
    chain = [k.Input(shape), k.layers.BatchNormalization(momentum=BATCHNORM_MOMENTUM)]
    if spec.units:
        chain.append(k.layers.Dense(spec.units, activation="relu"))
    return k.Sequential(
        [*chain, k.layers.Dropout(spec.dropout), output_layer(outputs, spec)], name="features"
    )


def case0(shape: Shape, outputs: int, spec: ModelSpec) -> Any:
    """Dense(256) - Dropout(0.5) - output, on feature vectors."""
    k = keras()
    return k.Sequential(
        [
            k.Input(shape),
            k.layers.Dense(256, activation="relu"),
            k.layers.Dropout(0.5),
            output_layer(outputs, spec),
        ],
        name="case0",
    )


def case1(shape: Shape, outputs: int, spec: ModelSpec) -> Any:
    """Two convolutions of 32 with pooling, Dense(128), output; its user had one sigmoid unit."""
    k = keras()
    conv = [_conv(32), k.layers.MaxPooling2D(), _conv(32), k.layers.MaxPooling2D()]
    dense = [k.layers.Flatten(), k.layers.Dense(128, activation="relu"), output_layer(outputs, spec)]
    return k.Sequential([k.Input(shape), *conv, *dense], name="case1")


def case2(shape: Shape, outputs: int, spec: ModelSpec) -> Any:
    """The simple network of the report: convolutions of 32 and 64, one pool, Dense(128), two dropouts."""
    k = keras()
    conv = [_conv(32), _conv(64), k.layers.MaxPooling2D(), k.layers.Dropout(0.25), k.layers.Flatten()]
    dense = [k.layers.Dense(128, activation="relu"), k.layers.Dropout(0.5), output_layer(outputs, spec)]
    return k.Sequential([k.Input(shape), *conv, *dense], name="case2")


def case3(shape: Shape, outputs: int, spec: ModelSpec) -> Any:
    """As the prose has it: three blocks of two convolutions (64, then 32 and 32), Dense 128 and 64."""
    return _case3(shape, outputs, spec, ((64, 2), (32, 2), (32, 2)), (128, 64), "case3")


def case3_summary(shape: Shape, outputs: int, spec: ModelSpec) -> Any:
    """As the first printed summary has it: 32 filters throughout, the first pool is 3 wide."""
    return _case3(shape, outputs, spec, ((32, 3), (32, 2), (32, 2)), (128, 64), "case3_summary")


def case3_edited(shape: Shape, outputs: int, spec: ModelSpec) -> Any:
    """As the second printed summary has it: two blocks, one hidden layer."""
    return _case3(shape, outputs, spec, ((32, 3), (32, 2)), (128,), "case3_edited")


def _case3(
    shape: Shape,
    outputs: int,
    spec: ModelSpec,
    blocks: tuple[tuple[int, int], ...],
    dense: tuple[int, ...],
    name: str,
) -> Any:
    k = keras()
    chain: list[Any] = [k.Input(shape)]
    for filters, pool in blocks:
        chain += [_conv(filters), _conv(filters), k.layers.MaxPooling2D(pool)]
    chain += [k.layers.Flatten(), *(k.layers.Dense(units, activation="relu") for units in dense)]
    return k.Sequential([*chain, output_layer(outputs, spec)], name=name)


def _conv(filters: int) -> Any:
    return keras().layers.Conv2D(filters, 3, activation="relu")


NETWORKS: dict[str, Build] = {
    "cnn": cnn, "features": features, "config": from_config,
    "case0": case0, "case1": case1, "case2": case2,
    "case3": case3, "case3_summary": case3_summary, "case3_edited": case3_edited,
}  # fmt: skip
# Networks of the reports that stand on a backbone: name -> (backbone, how its output is flattened).
CASE_BACKBONES: dict[str, tuple[str, str]] = {
    "case2_resnet50": ("resnet50", "flatten"),
    "case4": ("vgg19", "flatten"),
}
