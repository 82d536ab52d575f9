"""From the output of a functional network back to its input: the layers on the way, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from valscope.evidence.kinds import MERGING
from valscope.evidence.script.build.layers import layer_of
from valscope.evidence.script.build.makers import kind_of
from valscope.evidence.script.build.models import is_known, ready_made, roots
from valscope.evidence.script.flow.asking import constant, dotted, last_name
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Either,
    Function,
    Item,
    Items,
    Operation,
    Parameter,
    Value,
)
from valscope.nouns.network import Layer

_DEEPEST = 600  # layers one behind the other; Python's own stack ends at about this
_FUNCTIONS = {
    "relu": "relu", "softmax": "softmax", "sigmoid": "sigmoid", "tanh": "tanh", "log_softmax": "log_softmax",
    "leaky_relu": "leaky_relu", "elu": "elu", "gelu": "gelu", "silu": "silu", "relu6": "relu6", "selu": "selu",
}  # fmt: skip
# The last layer of ready-made networks before their top.
_ENDS = {
    "VGG16": "block5_pool", "VGG19": "block5_pool", "InceptionV3": "mixed10", "ResNet50": "conv5_block3_out",
    "ResNet101": "conv5_block3_out", "ResNet152": "conv5_block3_out", "ResNet50V2": "post_relu",
    "MobileNetV2": "out_relu", "Xception": "block14_sepconv2_act", "InceptionResNetV2": "conv_7b_ac",
    "EfficientNetB0": "top_activation", "DenseNet121": "relu",
}  # fmt: skip
_FLATTENING = frozenset({"flatten", "view", "reshape"})
_SAME = frozenset(
    {"squeeze", "unsqueeze", "contiguous", "cast", "convert_to_tensor", "float", "permute", "transpose"}
)
_TORCH_CALLS = {
    "max_pool2d": "MaxPooling2D", "avg_pool2d": "AveragePooling2D", "dropout": "Dropout", "dropout2d": "SpatialDropout2D",
    "adaptive_avg_pool2d": "AdaptiveAveragePooling2D",
}  # fmt: skip


@dataclass(eq=False)
class Tracer:
    """Collects layers while it walks back. `nested` turns a network used as a layer into one layer."""

    nested: Callable[[Value], Layer]
    layers: list[Layer] = field(default_factory=list)
    whole: bool = True
    inputs: int = 0
    _seen: dict[int, list[int]] = field(default_factory=dict)
    _made: dict[int, int] = field(default_factory=dict)
    _depth: int = 0

    def visit(self, value: Value | None) -> list[int]:
        """Positions of the layers whose output this value is; [] for the network's own input."""
        if value is None or self._depth > _DEEPEST:
            self.whole = False
            return []
        if id(value) not in self._seen:
            self._depth += 1
            self._seen[id(value)] = []  # a value that feeds itself through a loop ends here
            self._seen[id(value)] = self._positions(value)
            self._depth -= 1
        return self._seen[id(value)]

    def _positions(self, value: Value) -> list[int]:
        if isinstance(value, Call):
            return self._call(value)
        if isinstance(value, Items):
            return [position for item in value.items for position in self.visit(item)]
        if isinstance(value, Item):
            return self.visit(value.base)
        if isinstance(value, Operation):
            return self._operation(value)
        if isinstance(value, Attribute):
            return self._attribute(value)
        if isinstance(value, Either):
            self.whole = False
            return self.visit(value.options[0])
        if isinstance(value, Parameter):
            return []
        self.whole = False
        return []

    def _call(self, call: Call) -> list[int]:
        function = call.function
        if isinstance(function, Call) and (layer := layer_of(function)) is not None:
            return self._applied(call, function, layer)
        if is_known(function):
            return self._add(self._used(self.nested(function), call), self._feeds(call))
        found = kind_of(call)
        if found is not None and found[0] == "InputLayer" and (layer := layer_of(call)) is not None:
            return self._add(layer, [])
        if found is not None and found[0] in MERGING and call.arguments:
            return self._add(Layer(found[0], source=call.source), self.visit(call.arguments[0]))
        return self._plain(call)

    def _applied(self, call: Call, maker: Call, layer: Layer) -> list[int]:
        inputs = self._feeds(call)
        if id(maker) in self._made:
            layer = layer.but(shared_with=self._made[id(maker)])
        positions = self._add(self._used(layer, call), inputs)
        self._made.setdefault(id(maker), positions[0])
        return positions

    def _plain(self, call: Call) -> list[int]:
        """Functions on tensors."""
        name = last_name(call.function)
        base = call.function.base if isinstance(call.function, Attribute) else None
        tensor = base if base is not None else call.argument(0, "x", "input", "inputs")
        if isinstance(call.function, Function) or tensor is None:
            self.whole = False
            return self.visit(tensor) if tensor is not None else []
        if name in _SAME:
            return self.visit(tensor)
        layer = self._functional(name, call)
        if layer is None:
            self.whole = False
            return self.visit(tensor)
        return self._add(layer, self.visit(tensor))

    def _functional(self, name: str, call: Call) -> Layer | None:
        source = call.source
        if name in _FUNCTIONS:
            return Layer("Activation", activation=_FUNCTIONS[name], source=source)
        if name in _FLATTENING:
            return Layer("Flatten", source=source)
        if name in _TORCH_CALLS:
            kind = _TORCH_CALLS[name]
            pool = constant(call.argument(1, "kernel_size", "output_size"))
            pair = (pool, pool) if type(pool) is int else None
            return Layer(
                kind, pool=pair if "Max" in kind or kind.startswith("Average") else None, source=source
            )
        if "preprocess" in name or name in ("per_image_standardization", "resize"):
            return Layer("Operation", name=dotted(call.function), source=source)
        return None

    def _operation(self, value: Operation) -> list[int]:
        numbers = [constant(operand) for operand in value.operands]
        tensors = [operand for operand, number in zip(value.operands, numbers) if number is None]
        inputs = [position for tensor in tensors for position in self.visit(tensor)]
        if len(tensors) == 2 and value.operator in ("+", "*"):
            return self._add(
                Layer("Add" if value.operator == "+" else "Multiply", source=value.source), inputs
            )
        number = next((n for n in numbers if isinstance(n, int | float)), None)
        scale, offset = _affine(value.operator, number, numbers[0] is None)
        layer = Layer("Operation", name=value.operator, scale=scale, offset=offset, source=value.source)
        return self._add(layer, inputs)

    def _attribute(self, value: Attribute) -> list[int]:
        """base_model.output, base_model.layers[-2].output, base_model.get_layer(name).output"""
        base = value.base
        if value.name in ("output", "outputs") and is_known(base):
            return self._add(self.nested(base), self.visit(_made_on(base)) if _made_on(base) else [])
        inner = _owner(base)
        if value.name in ("output", "outputs") and inner is not None:
            layer = self.nested(inner)
            if _is_end(base, layer):
                return self._add(
                    layer.but(include_top=False), self.visit(_made_on(inner)) if _made_on(inner) else []
                )
            self.whole = False
            return self._add(layer, [])
        if value.name in ("input", "inputs"):
            return []
        return self.visit(base)

    def _used(self, layer: Layer, call: Call) -> Layer:
        training = constant(call.argument(None, "training"))
        return layer.but(training=training) if isinstance(training, bool) else layer

    def _feeds(self, call: Call) -> list[int]:
        return self.visit(call.argument(0, "inputs", "x", "input"))

    def _add(self, layer: Layer, inputs: list[int]) -> list[int]:
        here = len(self.layers)
        if inputs != [here - 1] and (inputs or here):
            layer = layer.but(inputs=tuple(f"#{position}" for position in inputs) or ("input",))
        self.layers.append(layer)
        return [here]


def _made_on(base: Value) -> Value | None:
    """The tensor that a ready-made network was put on where layers stand before it: `input_tensor=x`."""
    for root in roots(base):
        tensor = root.argument(None, "input_tensor") if isinstance(root, Call) and ready_made(root) else None
        if isinstance(tensor, Operation) or (isinstance(tensor, Call) and isinstance(tensor.function, Call)):
            return tensor
        if isinstance(tensor, Call) and is_known(tensor.function):
            return tensor
    return None


def _is_end(value: Value, layer: Layer) -> bool:
    """Whether a layer that is asked for is the last one of a ready-made network without its top."""
    if isinstance(value, Item):
        return constant(value.index) == -1 and layer.include_top is False and layer.pooling is None
    name = constant(value.argument(0, "name")) if isinstance(value, Call) else None
    return name is not None and name == _ENDS.get(layer.kind) and layer.pooling is None


def _owner(value: Value) -> Value | None:
    """The network of `model.layers[i]` and `model.get_layer(name)`."""
    if isinstance(value, Item) and isinstance(value.base, Attribute) and value.base.name == "layers":
        return value.base.base if is_known(value.base.base) else None
    if (
        isinstance(value, Call)
        and isinstance(value.function, Attribute)
        and value.function.name == "get_layer"
    ):
        return value.function.base if is_known(value.function.base) else None
    return None


def _affine(sign: str, number: float | None, tensor_first: bool) -> tuple[float | None, float | None]:
    if number is None:
        return None, None
    if sign == "*":
        return float(number), 0.0
    if sign == "/" and tensor_first and number:
        return 1 / number, 0.0
    if sign in ("+", "-") and tensor_first:
        return 1.0, float(number if sign == "+" else -number)
    return None, None
