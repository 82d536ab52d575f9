"""Random changes of training images as Keras layers, in the graph: the backend runs them, their seed
generators are part of the net's state."""

from __future__ import annotations

from typing import Any

from valscope.engines.keras_engine.backend import keras
from valscope.nouns.recipe import Augmentation


def augmenter(spec: Augmentation, shape: tuple[int, ...], value_range: tuple[float, float], seed: int) -> Any:
    """A Keras model image -> image of the same shape.

    value_range  lowest and highest value of a prepared pixel; brightness and contrast stay inside it.
    """
    k = keras()
    layers = k.layers
    fill = {"fill_mode": "nearest"}
    chain = [k.Input(shape)]
    flips = {(True, False): "horizontal", (False, True): "vertical", (True, True): "horizontal_and_vertical"}
    mode = flips.get((spec.flip_horizontal, spec.flip_vertical))
    if mode:
        chain.append(layers.RandomFlip(mode, seed=seed + 11))
    if spec.rotate:
        chain.append(layers.RandomRotation(spec.rotate, seed=seed + 12, **fill))
    if spec.shift:
        chain.append(layers.RandomTranslation(spec.shift, spec.shift, seed=seed + 13, **fill))
    if spec.zoom:
        chain.append(layers.RandomZoom(spec.zoom, seed=seed + 14, **fill))
    if spec.brightness:
        chain.append(layers.RandomBrightness(spec.brightness, value_range=value_range, seed=seed + 15))
    if spec.contrast:
        chain.append(layers.RandomContrast(spec.contrast, value_range=value_range, seed=seed + 16))
    return k.Sequential(chain, name="augmentation")
