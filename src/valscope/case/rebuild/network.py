"""A network read from code as the `ModelSpec` of a recipe, and what of it belongs to the preparation instead."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from valscope.case.objective import ACTIVATING, PASSING, output
from valscope.case.rebuild.augmentation import from_layers
from valscope.case.rebuild.graph import functional, sequential
from valscope.case.rebuild.layers import entry
from valscope.case.rebuild.notes import Notes, Unknown
from valscope.evidence.inside import inside_scale
from valscope.evidence.kinds import backbone
from valscope.evidence.script.way.families import expected_scale
from valscope.evidence.script.way.scaling import Scaling
from valscope.nouns.network import Layer, Network, Shape
from valscope.nouns.preparation import Scale
from valscope.nouns.recipe import Activation, Augmentation, ModelSpec
from valscope.nouns.script import ScaleName

SAVED = "the saved model (.keras or .h5)"
LEADING = ("Rescaling", "Normalization", "Operation", "Resizing", "InputLayer")
SCALING = ("Rescaling", "Normalization", "Operation")
ENDS: tuple[Activation, ...] = ("linear", "softmax", "sigmoid", "relu")
AFFINE = {"unit": (1 / 255, 0.0), "symmetric": (1 / 127.5, -1.0)}
# Widths of the two hidden layers on top of VGG16 and VGG19 (keras.applications, include_top=True).
VGG_TOP = 4096


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A network in the terms of a recipe.

    spec          without weights that are still to be found: `spec.weights` is as the code has it.
    inside        scaling that the network's first layers did, now to be done by the preparation; "none".
    augmentation  random layers at its beginning.
    shape         of its input as written, None where it is left open.
    ends          layers after the backbone, 0 without one.
    inner         scaling that stays inside the network; "none" where nothing is known to.
    whole         the scaling of code and network together where both are one before a ready-made network.
    expects       scaling that the weights of a ready-made network expect, "unknown" without one.
    """

    spec: ModelSpec
    inside: ScaleName = "none"
    augmentation: Augmentation = field(default_factory=Augmentation)
    shape: Shape | None = None
    ends: int = 0
    inner: ScaleName = "none"
    whole: ScaleName = "unknown"
    expects: ScaleName = "unknown"


def rebuilt_network(network: Network, classes: int, outside: ScaleName, notes: Notes) -> Rebuilt:
    """The network for data of so many classes; `outside` is the scaling that the code does before it.

    Raises Unknown where a part of it is not known.
    """
    _check(network)
    layers = chained(network.layers)
    start, rest = _split(layers)
    scaling = [layer for layer in start if layer.kind in SCALING]
    inside = inside_scale(network) if scaling else "none"
    whole = _together(outside, scaling, inside) if rest and backbone(rest[0].kind) is not None else "unknown"
    if scaling and whole == "unknown" and outside not in ("none", "unknown"):
        # scaled twice, and a recipe must be able to show it
        rest, inside = (*scaling, *_renumbered(rest, len(scaling))), "none"
    changes = [layer for layer in start if layer.kind.startswith(("Random", "GaussianNoise"))]
    augmentation = from_layers(changes, notes)
    spec = _spec(network.but(layers=rest), classes, notes)
    shape = next(
        (layer.input_shape for layer in layers if layer.input_shape is not None), network.input_shape
    )
    ends = len(rest) - 1 if spec.name != "config" else 0
    notes.at("model", network.source)
    expects = expected_scale(rest[0].kind) if spec.weights != "none" and rest else "unknown"
    return Rebuilt(spec, inside, augmentation, shape, ends, whole=whole, expects=expects)


def _together(outside: ScaleName, layers: Sequence[Layer], inside: ScaleName) -> ScaleName:
    """Scaling of the code and then of the network's first layers by one name; "unknown" where it has none."""
    if not layers or outside not in ("unit", "symmetric"):
        return "unknown"
    scaling = Scaling(*AFFINE[outside], touched=True)
    for layer in layers:
        if layer.scale is None:
            return next((name for name in get_args(Scale) if name == f"{outside}_{inside}"), "unknown")
        scaling = scaling.times(layer.scale).plus(layer.offset or 0.0)
    one, two = scaling.name(), f"{outside}_{inside}"
    return one if one != "other" else next((name for name in get_args(Scale) if name == two), "unknown")


def _check(network: Network) -> None:
    name = network.name or "the network"
    if network.framework != "keras":
        raise Unknown(f"{name} is written in {network.framework}; only Keras trainings are rebuilt", SAVED)
    if network.source is not None and network.source.quote.startswith("class "):
        raise Unknown(f"{name} is a class of its own; a subclassed model is re-scored, never rebuilt", SAVED)
    if not network.layers:
        raise Unknown(f"the layers of {name} stand nowhere", f"the script that builds it, or {SAVED}")
    if not network.whole or any(layer.kind == "?" for layer in network.layers):
        raise Unknown(f"some layers of {name} cannot be followed in the code", SAVED)


def chained(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Layers with nested chains written out where the whole is a chain."""
    if _branches(layers):
        return tuple(layers)
    found: list[Layer] = []
    for layer in layers:
        inner = chained(layer.layers) if layer.layers and backbone(layer.kind) is None else ()
        found += inner if inner and not _branches(inner) else (layer,)
    return tuple(found)


def _branches(layers: Sequence[Layer]) -> bool:
    return any(layer.inputs and layer.inputs != ("input",) for layer in layers)


def _split(layers: Sequence[Layer]) -> tuple[tuple[Layer, ...], tuple[Layer, ...]]:
    """(what only prepares images, the network proper); of a branching network the stem before its branches."""
    place, ready = 0, any(backbone(layer.kind) is not None for layer in layers)
    while (
        place < len(layers) and _prepares(layers[place], ready) and layers[place].inputs in ((), ("input",))
    ):
        place += 1
    start = tuple(leaf for layer in layers[:place] for leaf in (layer.layers or (layer,)))
    if _branches(layers) and (_reaches_back(layers, place) or all(i.kind == "InputLayer" for i in start)):
        return (), tuple(layers)
    return start, _renumbered(layers[place:], -place)


def _prepares(layer: Layer, ready: bool) -> bool:
    """Whether a layer, or a chain used as one, only prepares images; noise before a `ready`-made network too, which
    has no layers of ours before it."""
    if layer.layers:
        return backbone(layer.kind) is None and all(
            _prepares(inner, ready) and not inner.layers for inner in layer.layers
        )
    return (
        layer.kind in LEADING or layer.kind.startswith("Random") or (ready and layer.kind == "GaussianNoise")
    )


def _reaches_back(layers: Sequence[Layer], place: int) -> bool:
    """Whether a layer behind the stem takes something from within it."""
    early = {"input", *(f"#{n}" for n in range(place - 1))}
    return any(early & set(layer.inputs) for layer in layers[place:])


def _renumbered(layers: Sequence[Layer], by: int) -> tuple[Layer, ...]:
    """Layers with so many more in front of them, or fewer; what stood before them is the input."""

    def name(feed: str) -> str:
        at = -1 if feed == "input" else int(feed[1:])
        return "input" if at + by < 0 else f"#{at + by}"

    return tuple(layer.but(inputs=tuple(map(name, layer.inputs))) for layer in layers)


def _spec(network: Network, classes: int, notes: Notes) -> ModelSpec:
    layers = network.layers
    ready = [n for n, layer in enumerate(layers) if backbone(layer.kind) is not None and not layer.layers]
    if len(ready) > 1 or (ready and ready[0] != 0):
        raise Unknown("the network joins a ready-made one with layers before it or beside it", SAVED)
    if ready and _branches(layers):
        raise Unknown("the layers behind the ready-made network branch", SAVED)
    if ready:
        return _on_backbone(layers, classes, notes)
    spec, filled = _ended(network, classes, notes)
    return replace(spec, name="config", config=_json(filled, notes))


def _ended(network: Network, classes: int, notes: Notes) -> tuple[ModelSpec, tuple[Layer, ...]]:
    """Outputs and activation, and the layers with the last width filled in."""
    found = output(network)
    if found is None:
        raise Unknown("the network does not end in a layer that can be a classifier's last", SAVED)
    units, activation = found
    named = activation or "linear"
    if named not in ENDS:
        raise Unknown(f"the last layer has the activation {named!r}, which a recipe cannot express", SAVED)
    if units == 1 and classes > 2:
        raise Unknown(
            f"the network has one output and the data have {classes} classes",
            "data with the classes of the report",
        )
    if units is not None and units not in (1, classes):
        notes.assume(
            f"The last layer gets {classes} units, one for each class of the data; the code has {units}."
        )
    layers = list(network.layers)
    last = max(n for n, layer in enumerate(layers) if layer.kind.startswith(("Dense", "Conv")))
    width = {"units": classes} if layers[last].kind == "Dense" else {"filters": classes}
    layers[last] = layers[last].but(**(width if units != 1 else {}))
    notes.at("model.activation", layers[last].source)
    outputs = "one" if units == 1 else "classes"
    return ModelSpec(activation=named, outputs=outputs, dropout=0.0), tuple(layers)  # type: ignore[arg-type]


def _json(layers: Sequence[Layer], notes: Notes) -> str:
    if _branches(layers):
        return json.dumps(functional(layers, notes))
    return json.dumps(sequential([entry(layer, notes) for layer in layers if layer.kind != "InputLayer"]))


def _on_backbone(layers: Sequence[Layer], classes: int, notes: Notes) -> ModelSpec:
    """A ready-made network and the layers behind it."""
    base, head = layers[0], tuple(layers[1:])
    if base.include_top is not False:
        head = _own_top(base, head, classes)
    elif base.pooling in ("avg", "max"):
        kind = "GlobalAveragePooling2D" if base.pooling == "avg" else "GlobalMaxPooling2D"
        head = (Layer(kind, source=base.source), *head)
    spec, filled = _ended(Network(head, "script"), classes, notes)
    notes.at("model.weights", base.source)
    return replace(
        spec, name=base.kind.lower(), weights=base.weights or "imagenet",
        config=json.dumps(sequential([entry(layer, notes) for layer in filled])),
    )  # fmt: skip


def _own_top(base: Layer, head: tuple[Layer, ...], classes: int) -> tuple[Layer, ...]:
    """The top that keras.applications puts on, where nothing else stands behind it."""
    if any(layer.kind not in (*PASSING, *ACTIVATING) for layer in head) or base.weights in (None, "imagenet"):
        raise Unknown(f"{base.kind} is used with its own 1000 classes (include_top is not False)", SAVED)
    answer = Layer("Dense", units=base.classes or classes, activation="softmax", source=base.source)
    if base.kind.startswith("VGG"):
        hidden = Layer("Dense", units=VGG_TOP, activation="relu", source=base.source)
        return (Layer("Flatten", source=base.source), hidden, hidden, answer)
    return (Layer("GlobalAveragePooling2D", source=base.source), answer)
