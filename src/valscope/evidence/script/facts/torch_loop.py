"""What a torch script says about its loops: the switches that it sets, forgets, or need not set."""

from __future__ import annotations

from valscope.evidence.script.build.layers import layer_of
from valscope.evidence.script.build.models import is_built, roots
from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.facts.usage import training_calls
from valscope.evidence.script.flow.asking import constant, dotted, last_name, options
from valscope.evidence.script.flow.values import Attribute, Call, Item, Items, Value
from valscope.nouns.fact import Fact, Source
from valscope.nouns.network import Layer
from valscope.nouns.script import Predicting, TorchLoop

_HANDED = frozenset({"squeeze", "view", "flatten", "float", "to", "cuda", "cpu", "reshape", "contiguous"})
_SWITCHED = ("Dropout", "SpatialDropout", "BatchNormalization")
_LOSSES = frozenset({"CrossEntropyLoss", "cross_entropy"})


def torch_loop(reading: Reading, asked: list[Predicting], ready: bool) -> TorchLoop:
    """The switches of a torch script; `ready` where a framework (Lightning, fastai) sets them itself."""
    trained = training_calls(reading)
    evaluated = _needs_eval(reading, asked) if trained and not ready else None
    backward = reading.methods("backward")
    steps = [call for call in reading.methods("step") if not call.arguments]
    forgets = bool(trained and backward and steps) and not ready
    return TorchLoop(
        eval_called=_called(reading, evaluated, "eval"),
        train_called=_called(reading, None, "train"),
        no_grad=_called(reading, None, "no_grad", "inference_mode"),
        zero_grad=_called(reading, backward[0].source if forgets else None, "zero_grad"),
        softmax=_softmax(reading),
    )


def _called(reading: Reading, needed: Source | None, *names: str) -> Fact[bool] | None:
    """True with the first call, False with the line that needs one, None where nothing tells."""
    calls = [call for call in reading.calls if last_name(call.function) in names]
    if calls:
        return Fact(True, calls[0].source)
    return None if needed is None else Fact(False, needed)


def _needs_eval(reading: Reading, asked: list[Predicting]) -> Source | None:
    """The first call of a network outside training that has dropout or batch statistics."""
    for one in asked:
        if one.name == "__call__" and one.network is not None:
            layers = reading.networks.built[one.network].layers
            if any(_is_switched(layer) for layer in layers):
                return one.source
    return None


def _is_switched(layer: Layer) -> bool:
    return layer.kind.startswith(_SWITCHED) or any(_is_switched(inner) for inner in layer.layers)


def _softmax(reading: Reading) -> Fact[str] | None:
    """A softmax whose output goes into a cross-entropy that applies softmax itself. (A log_softmax changes
    nothing there: it is its own log_softmax.)"""
    for call in reading.calls:
        maker = call.function
        made = any(
            last_name(option.function) in _LOSSES for option in options(maker) if isinstance(option, Call)
        )
        plain = dotted(maker).endswith("functional.cross_entropy")
        if (made or plain) and call.arguments:
            found = _ends_in_softmax(reading, call.arguments[0])
            if found is not None:
                return Fact("softmax", found)
    return None


def _ends_in_softmax(reading: Reading, value: Value | None, depth: int = 0) -> Source | None:
    if value is None or depth > 12:
        return None
    if isinstance(value, Item):
        return _part(reading, value, depth)
    if not isinstance(value, Call):
        return None
    if last_name(value.function) == "softmax":
        return value.source
    if value.mapped is not None:  # a network whose forward was read
        return None if isinstance(value.mapped, Items) else _ends_in_softmax(reading, value.mapped, depth + 1)
    for maker in options(value.function):
        layer = layer_of(maker) if isinstance(maker, Call) else None
        if layer is not None:
            return value.source if layer.kind == "Softmax" else None
    if last_name(value.function) in _HANDED and isinstance(value.function, Attribute):
        return _ends_in_softmax(reading, value.function.base, depth + 1)
    return _network(reading, value.function)


def _part(reading: Reading, value: Item, depth: int) -> Source | None:
    """One of several things that a network returns."""
    inside = value.base.mapped if isinstance(value.base, Call) else None
    position = constant(value.index)
    if isinstance(inside, Items) and type(position) is int and position < len(inside.items):
        return _ends_in_softmax(reading, inside.items[position], depth + 1)
    return None


def _network(reading: Reading, function: Value) -> Source | None:
    """A softmax that ends a network built as a list."""
    if not any(is_built(root) and isinstance(root, Call) for root in roots(function)):
        return None
    position = reading.networks.index(function)
    layers = reading.networks.built[position].layers if position is not None else ()
    return layers[-1].source if layers and layers[-1].kind == "Softmax" else None
