"""A foreign network of which some layers keep the weights of a saved file: marked "kept" in its JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from valscope.engines.keras_engine.backend import keras
from valscope.engines.keras_engine.fitted import gathering
from valscope.engines.keras_engine.wiring import Config, histories
from valscope.errors import ModelError

KEPT = "kept"


def kept_names(config: Config) -> list[tuple[str, ...]]:
    """Paths of names of the marked layers: ("vgg16",), or ("encoder", "conv1") inside a network."""
    found: list[tuple[str, ...]] = []
    for layer in (config.get("config") or {}).get("layers") or ():
        name = str(layer.get("name") or layer["config"].get("name") or "")
        if layer.get(KEPT):
            found.append((name,))
        elif isinstance(layer["config"].get("layers"), list):
            found += [(name, *rest) for rest in kept_names(layer)]
    return found


def keep_weights(model: Any, names: list[tuple[str, ...]], path: str) -> None:
    """Give the marked layers of a fresh model the weights that they have in the file.

    Raises ModelError where the file cannot be loaded or holds other layers.
    """
    if not names:
        return
    saved = _loaded(path)
    for name in names:
        here, there = _layer(model, name), _layer(saved, name)
        if here is None or there is None:
            raise ModelError(f"{path} has no layer {'/'.join(name)!r} whose weights could be kept.")
        try:
            here.set_weights(there.get_weights())
        except ValueError as error:
            reason = str(error).strip().splitlines()[0]
            raise ModelError(f"The weights of {'/'.join(name)!r} in {path} do not fit: {reason}") from None


def _loaded(path: str) -> Any:
    if not Path(path).is_file():
        raise ModelError(f"The saved model {path} does not exist, whose frozen layers the recipe keeps.")
    try:
        return keras().saving.load_model(path, compile=False, safe_mode=True)
    except Exception:  # whatever a file of an older Keras makes this one raise
        from valscope.engines.keras_engine.foreign import load_foreign

        return load_foreign(Path(path), False, None).model


def _layer(model: Any, name: tuple[str, ...]) -> Any:
    found = model
    for part in name:
        found = next((layer for layer in found.layers if layer.name == part), None)
        if found is None:
            return None
    return found


def split_place(config: Config) -> int:
    """How many of the last layers form the head: a chain behind the last layer that is kept, without the layers at
    its beginning that only gather features; 0 where there is none, or where what follows is no chain."""
    layers = (config.get("config") or {}).get("layers") or []
    marked = [n for n, layer in enumerate(layers) if layer.get(KEPT) or _inner(layer)]
    if not marked:
        return 0
    behind = layers[marked[-1] + 1 :]
    names = [str(layer.get("name") or "") for layer in layers]
    for place, layer in enumerate(behind):
        feeds = _feeds(layer)
        if feeds and feeds != [names[marked[-1] + place]]:
            return 0
    return len(behind) - gathering(behind)


def _inner(layer: Config) -> bool:
    return any(one.get(KEPT) or _inner(one) for one in layer["config"].get("layers") or ())


def _feeds(layer: Config) -> list[str]:
    return [str(history[0]) for history in histories(layer.get("inbound_nodes") or [])]
