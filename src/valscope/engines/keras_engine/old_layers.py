"""Layers as files of Keras 2 describe them, with settings that Keras 3 no longer takes."""

from __future__ import annotations

from functools import cache
from typing import Any

from valscope.engines.keras_engine.backend import keras

# Settings that old files hold at their defaults and that Keras 3 refuses.
_GONE = {
    "DepthwiseConv2D": ("groups",),
    "SeparableConv2D": ("groups",),
    "Conv2DTranspose": ("groups",),
    "LSTM": ("time_major", "implementation"),
    "GRU": ("time_major", "implementation"),
    "BatchNormalization": (
        "fused",
        "renorm",
        "renorm_clipping",
        "renorm_momentum",
        "virtual_batch_size",
        "mode",
    ),
    "Dense": ("init", "W_regularizer", "b_regularizer", "activity_regularizer_"),
}


@cache
def old_layers() -> dict[str, Any]:
    """Class name -> the same layer that drops those settings, for `load_model(custom_objects=...)`."""
    return {name: _forgiving(getattr(keras().layers, name), gone) for name, gone in _GONE.items()}


def _forgiving(kind: Any, gone: tuple[str, ...]) -> Any:
    def from_config(cls: Any, config: dict[str, Any]) -> Any:
        return kind.from_config({key: value for key, value in config.items() if key not in gone})

    return type(kind.__name__, (kind,), {"from_config": classmethod(from_config)})
