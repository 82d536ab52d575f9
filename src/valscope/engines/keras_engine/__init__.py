"""The real engine: Keras 3 on whichever backend is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from valscope.data.pixels.scale import value_range
from valscope.engines.keras_engine.augment import augmenter
from valscope.engines.keras_engine.backbones import build_backbone, find_weights
from valscope.engines.keras_engine.backend import keras, seeded
from valscope.engines.keras_engine.configured import divided, pool_and_head
from valscope.engines.keras_engine.net import KerasNet
from valscope.engines.keras_engine.networks import CASE_BACKBONES, NETWORKS, output_layer
from valscope.engines.keras_engine.objective import Objective
from valscope.errors import ModelError
from valscope.nouns.recipe import ModelSpec, Recipe


class KerasEngine:
    """Builds and loads `KerasNet`."""

    name = "keras"
    model_file = "model.keras"

    def build(self, recipe: Recipe, shape: tuple[int, ...]) -> KerasNet:
        """A fresh net for inputs of `shape`; every random start is drawn from the recipe's seed."""
        with seeded(recipe.seed, recipe.precision):
            augment = None
            if recipe.augmentation and recipe.preparation is not None:
                augment = augmenter(recipe.augmentation, shape, value_range(recipe.preparation), recipe.seed)
            units = Objective(recipe).units
            if recipe.model.name in NETWORKS:
                model = NETWORKS[recipe.model.name](shape, units, recipe.model)
                foreign = recipe.model.name == "config"
                parts = divided(model, recipe.model, shape, units) if foreign else None
                backbone, head, features = parts or (None, None, None)
                return KerasNet(recipe, model, backbone, head, features, augment)
            return _on_backbone(recipe, shape, units, augment)

    def load(self, path: Path, recipe: Recipe) -> KerasNet:
        """The net that `KerasNet.save` wrote, for prediction."""
        try:
            model = keras().saving.load_model(path, compile=False, safe_mode=True)
        except (OSError, ValueError, TypeError) as error:
            raise ModelError(f"{path} cannot be loaded: {str(error).strip().splitlines()[0]}") from None
        return KerasNet(recipe, model)

    def find_weights(self, name: str) -> str | None:
        """Where the ImageNet weights of this backbone can be had: a file, "imagenet", or None for nowhere."""
        return find_weights(name)

    def versions(self) -> dict[str, str]:
        """Keras, its backend, and their versions."""
        import importlib.metadata as metadata

        backend = keras().backend.backend()
        found = {"keras": keras().__version__, "backend": backend}
        for package in (backend, f"{backend}-cpu"):
            try:
                found[backend] = metadata.version(package)
                break
            except metadata.PackageNotFoundError:
                continue
        return found


def _on_backbone(recipe: Recipe, shape: tuple[int, ...], units: int, augment: Any) -> KerasNet:
    """image -> backbone (BatchNorm as the recipe says) -> pool -> head."""
    k = keras()
    spec = recipe.model
    name, flattening = CASE_BACKBONES.get(spec.name, (spec.name, "average"))
    backbone = build_backbone(name, spec.weights, shape)
    inputs = k.Input(shape)
    maps = backbone(inputs, training=False) if spec.batchnorm == "inference" else backbone(inputs)
    if spec.config is not None:
        pool, head = pool_and_head(spec, maps.shape[1:], units)
    else:
        pool = (
            k.layers.Flatten(name="pool")
            if flattening == "flatten"
            else k.layers.GlobalAveragePooling2D(name="pool")
        )
        head = _head(spec, pool(maps).shape[1:], units)
    vectors = pool(maps)
    model = k.Model(inputs, head(vectors), name=f"{spec.name}_classifier")
    return KerasNet(recipe, model, backbone, head, k.Model(inputs, vectors), augment)


def _head(spec: ModelSpec, shape: tuple[int, ...], units: int) -> Any:
    k = keras()
    chain = [k.Input(shape)]
    if spec.units:
        chain += [k.layers.Dropout(spec.dropout), k.layers.Dense(spec.units, activation="relu")]
    return k.Sequential([*chain, k.layers.Dropout(spec.dropout), output_layer(units, spec)], name="head")
