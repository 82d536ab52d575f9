"""Where two networks given as JSON differ, layer by layer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from valscope.nouns.trial import Change

Difference = tuple[str, str, str, str]  # layer, setting, before, after
NESTED = ("config", "layers", "module", "registered_name", "build_config")


def config_changes(path: str, before: str | None, after: str | None) -> tuple[Change, ...]:
    """`model.config.dense_2.activation: softmax -> linear`; the same change of several layers is one:
    `model.config.48 layers.trainable`. () where either is no JSON or the layers are others."""
    try:
        found = list(_differences(json.loads(before or ""), json.loads(after or ""), ()))
    except (ValueError, RecursionError):
        return ()
    layers: dict[tuple[str, str, str], list[str]] = {}
    for layer, setting, old, new in found:
        layers.setdefault((setting, old, new), []).append(layer)
    return tuple(
        Change(f"{path}.{names[0] if len(names) == 1 else f'{len(names)} layers'}.{setting}", old, new)
        for (setting, old, new), names in layers.items()
    )


def _differences(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        if before.get("class_name") != after.get("class_name"):
            yield (_named(before, path) or ("network",))[-1], "layer", _kind(before), _kind(after)
            return
        for key in [*before, *(k for k in after if k not in before)]:
            step = path if key in NESTED else (*path, str(key))
            yield from _differences(before.get(key), after.get(key), step)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for old, new in zip(before, after):
            yield from _differences(old, new, _named(old, path))
    elif before != after:
        yield (
            (path[-2] if len(path) > 1 else "network"),
            (path or ("network",))[-1],
            _shown(before),
            _shown(after),
        )


def _named(item: Any, path: tuple[str, ...]) -> tuple[str, ...]:
    config = item.get("config") if isinstance(item, dict) else None
    name = config.get("name") if isinstance(config, dict) else None
    name = name or (item.get("class_name") if isinstance(item, dict) else None)
    return (*path, name) if isinstance(name, str) else path


def _kind(layer: dict[str, Any]) -> str:
    """The class of a layer; nothing for one that only passes its input on."""
    own = layer.get("config")
    passes = (
        layer.get("class_name") == "Activation"
        and isinstance(own, dict)
        and own.get("activation") == "linear"
    )
    return "none" if passes else str(layer.get("class_name"))


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
