"""Parts of networks: what `add` puts on them, backbones, lists of layers."""

from __future__ import annotations

from collections.abc import Hashable

from valscope.evidence.script.build.layers import layer_of
from valscope.evidence.script.build.makers import kind_of
from valscope.evidence.script.build.models import is_built, is_known, key, roots
from valscope.evidence.script.build.written import shape_of
from valscope.evidence.script.flow.asking import constant, is_none, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Context, Instance, Items, Value
from valscope.evidence.script.flow.world import World
from valscope.nouns.network import Layer, Shape


def calls_of(world: World) -> list[Call]:
    """Every recorded call, in order."""
    return [event for event in world.events if isinstance(event, Call)]


def adds(call: Call) -> bool:
    """Whether a call puts a layer onto a network, or takes the last one off."""
    if not isinstance(call.function, Attribute) or isinstance(call.function.base, Items):
        return False
    if call.function.name == "pop":
        return not call.arguments and is_known(call.function.base)
    if call.function.name != "add" or len(call.arguments) != 1:
        return False
    value = call.arguments[0]
    return (
        is_known(value)
        or (isinstance(value, Call) and kind_of(value) is not None)
        or is_known(call.function.base)
    )


def used_themselves(world: World) -> set[Hashable]:
    """Networks that are compiled, trained or asked for themselves."""
    names = ("compile", "fit", "fit_generator", "predict", "predict_generator", "evaluate", "train_on_batch")
    return {
        key(root) for call in calls_of(world)
        if isinstance(call.function, Attribute) and call.function.name in names
        for root in roots(call.function.base)
    }  # fmt: skip


def is_part(value: Value) -> bool:
    """Whether a value is a layer or a network."""
    return isinstance(value, Call) and (kind_of(value) is not None or is_built(value))


def flat(given: list[Value]) -> tuple[list[Value], bool]:
    """Items of one list, or the arguments themselves, and whether all are known."""
    if len(given) == 1 and isinstance(given[0], Call) and last_name(given[0].function) == "OrderedDict":
        given = given[0].arguments
    if len(given) == 1 and isinstance(given[0], Items):
        return given[0].items, not given[0].open
    if len(given) == 1 and not (isinstance(given[0], Call) and (kind_of(given[0]) or is_known(given[0]))):
        return [], False
    return given, True


def backbone_layer(call: Call, name: str) -> Layer:
    """A ready-made network as one layer."""
    weights = call.argument(1 if last_name(call.function) == name else None, "weights")
    plain = constant(weights)
    top = constant(call.argument(0, "include_top"))
    pooling = constant(call.argument(None, "pooling"))
    classes = constant(call.argument(None, "classes"))
    return Layer(
        name,
        input_shape=_written_shape(call),
        weights=plain if isinstance(plain, str) else "none" if is_none(weights) else None,
        include_top=top if isinstance(top, bool) else None,
        pooling=pooling if isinstance(pooling, str) else None,
        classes=classes if type(classes) is int else None,
        source=call.source,
    )


def _written_shape(call: Call) -> Shape | None:
    shape = shape_of(call.argument(None, "input_shape"))
    tensor = call.argument(None, "input_tensor")
    if shape is None and isinstance(tensor, Call):
        layer = layer_of(tensor)
        return layer.input_shape if layer is not None else None
    return shape


def first_shape(layers: list[Layer]) -> Shape | None:
    """Input shape as the first layers give it."""
    return next((layer.input_shape for layer in layers[:2] if layer.input_shape is not None), None)


def context_of(root: Value) -> Context:
    """Where a network is made."""
    if isinstance(root, Call):
        return root.context
    return root.call.context if isinstance(root, Instance) and root.call else Context()


def same_guards(inner: Context, outer: Context) -> bool:
    """Whether a call stands under no condition beyond those of the network's own making."""
    return len(inner.guards) <= len(outer.guards)


def maker_of(root: Value) -> str:
    """Dotted name of what makes a network."""
    return str(getattr(root.function, "dotted", "")) if isinstance(root, Call) else ""
