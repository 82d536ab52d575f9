"""Networks as a script builds them: by `add`, from a list, by calling layers, or as a class."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import partial

from valscope.evidence.script.calls import run_method
from valscope.evidence.script.layers import kind_of, layer_of, shape_of
from valscope.evidence.script.models import (
    builds,
    is_built,
    is_known,
    key,
    may_be_model,
    ready_made,
    roots,
)
from valscope.evidence.script.tensors import Tracer
from valscope.evidence.script.values import (
    Attribute,
    Call,
    Context,
    Instance,
    Items,
    Name,
    Value,
    constant,
    last_name,
)
from valscope.evidence.script.world import World
from valscope.nouns.network import Layer, Network, Shape

_DEEPEST = 6  # networks within networks


@dataclass(eq=False)
class Networks:
    """All networks of a text. `index` finds the position of the network that a value stands for."""

    world: World
    built: list[Network] = field(default_factory=list)
    _position: dict[Hashable, int] = field(default_factory=dict)
    _additions: dict[Hashable, list[Call]] = field(default_factory=dict)
    _depth: int = 0

    def candidates(self, value: Value | None) -> tuple[int, ...]:
        """Positions in `built` of the networks that a value may be."""
        found = [self._position[key(root)] for root in roots(value) if key(root) in self._position]
        return tuple(dict.fromkeys(found))

    def index(self, value: Value | None) -> int | None:
        """Position in `built` of the network that a value is; None when it is not built here, or when it may
        be one of several."""
        found = self.candidates(value)
        return found[0] if len(found) == 1 else None

    def link(self, value: Value, position: int) -> None:
        """Says that a value is the network at this position (a model loaded from the file it was saved to)."""
        for root in roots(value):
            self._position.setdefault(key(root), position)

    def gather(self) -> None:
        """Builds every network that is not merely a part of another."""
        for call in _calls(self.world):
            if _adds(call):
                for root in roots(call.function.base):  # type: ignore[attr-defined]
                    self._additions.setdefault(key(root), []).append(call)
        parts: set[Hashable] = set()
        drafts: list[tuple[Value, Network]] = []
        for root in self._candidates():
            draft = self.world.patiently(partial(self.network, root, parts))
            if draft is not None and draft.layers:
                drafts.append((root, draft))
        used = _used(self.world)
        for root, draft in drafts:
            if key(root) not in parts or key(root) in used:
                self._keep(root, draft)

    def network(self, root: Value, parts: set[Hashable] | None = None) -> Network:
        """The network of one root."""
        parts = set() if parts is None else parts
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                return Network((), "script", whole=False)
            return self._network(root, parts)
        finally:
            self._depth -= 1

    def _network(self, root: Value, parts: set[Hashable]) -> Network:
        if isinstance(root, Call) and builds(root) and last_name(root.function) == "Model":
            network = self._traced(root.argument(1, "outputs", "output"), root, parts)
        elif isinstance(root, Call) and ready_made(root) is not None:
            network = Network((self._nested(root, parts),), "script", source=root.source)
        elif isinstance(root, Instance):
            network = self._of_class(root, parts)
        else:
            network = self._listed(root, parts)
        return self._finished(network, root, parts)

    def _finished(self, network: Network, root: Value, parts: set[Hashable]) -> Network:
        """With what `add` put on it, its name and its input."""
        layers, whole = list(network.layers), network.whole
        for call in self._additions.get(key(root), ()):
            whole &= (
                _same_guards(call.context, _context(root)) and call.context.repeats <= _context(root).repeats
            )
            if last_name(call.function) == "pop":
                layers = layers[:-1]
            elif call.arguments:
                layers.append(self._part(call.arguments[0], call, parts))
            whole &= not layers or layers[-1].kind != "?"
        torch = "torch" in _maker(root) or network.framework == "torch"
        return network.but(
            layers=tuple(layers),
            whole=whole,
            name=root.names[0] if root.names else network.name,
            input_shape=network.input_shape or _input_shape(layers),
            framework="torch" if torch else "keras",
            source=network.source or root.source,
        )

    def _listed(self, root: Value, parts: set[Hashable]) -> Network:
        """Sequential([...]) or torch's nn.Sequential(a, b, c)."""
        if not isinstance(root, Call) or not builds(root):
            return Network((), "script", whole=False, source=root.source)
        given = root.arguments or [value for word, value in root.keywords.items() if word == "layers"]
        items, whole = _flat(given)
        layers = [self._part(item, root, parts) for item in items]
        whole = whole and not root.spread and all(layer.kind != "?" for layer in layers)
        return Network(tuple(layers), "script", whole=whole, source=root.source)

    def _traced(self, output: Value | None, root: Value, parts: set[Hashable]) -> Network:
        tracer = Tracer(lambda value: self._nested(value, parts))
        tracer.visit(output)
        return Network(tuple(tracer.layers), "script", whole=tracer.whole, source=root.source)

    def _of_class(self, instance: Instance, parts: set[Hashable]) -> Network:
        """A subclassed model: what `call` or `forward` makes of its argument."""
        torch = any("torch" in str(getattr(base, "dotted", "")) for base in instance.cls.ancestors())
        torch = torch or instance.cls.member("forward") is not None
        for name in ("call", "forward", "__call__"):
            result = run_method(instance, name, None, self.world)
            if result is not None:
                network = self._traced(result, instance, parts)
                if network.layers:
                    break
        else:
            layers = [
                self._part(value, instance, parts)
                for value in instance.attributes.values()
                if _is_part(value)
            ]
            network = Network(tuple(layers), "script", whole=False)
        return network.but(
            name=instance.cls.name, framework="torch" if torch else "keras", source=instance.cls.source
        )

    def _part(self, value: Value, at: Value, parts: set[Hashable]) -> Layer:
        """One item of a sequential network."""
        if isinstance(value, Items) and len(value.items) == 2 and isinstance(constant(value.items[0]), str):
            return self._part(value.items[1], at, parts)  # torch's OrderedDict of (name, layer)
        options = roots(value)
        if options and is_built(options[0]):
            return self._nested(options[0], parts)
        call = options[0] if options else None
        if isinstance(call, Call):
            layer = layer_of(call)
            if layer is not None:
                return layer
            if isinstance(call.function, Name) and last_name(call.function)[:1].isupper():
                return Layer(last_name(call.function), source=call.source)
        return Layer("?", source=at.source)

    def _nested(self, value: Value, parts: set[Hashable]) -> Layer:
        """A network used as one layer of another."""
        root = next((root for root in roots(value) if is_built(root)), value)
        parts.add(key(root))
        if isinstance(root, Call) and (name := ready_made(root)) is not None:
            return _backbone(root, name)
        inner = self.network(root, parts)
        kind = last_name(root.function) if isinstance(root, Call) else type(root).__name__
        kind = root.cls.name if isinstance(root, Instance) else kind
        return Layer(kind, layers=inner.layers, input_shape=inner.input_shape, source=root.source)

    def _candidates(self) -> list[Value]:
        """What may be a network, in the order of the text."""
        found: dict[Hashable, Value] = {}
        for call in _calls(self.world):
            if builds(call) or ready_made(call) is not None:
                found.setdefault(key(call), call)
            if _adds(call):
                for root in roots(call.function.base):  # type: ignore[attr-defined]
                    if not isinstance(root, Items) and (is_built(root) or may_be_model(root)):
                        found.setdefault(key(root), root)
        made = {id(instance.cls) for instance in self.world.instances if instance.call is not None}
        for instance in self.world.instances:
            # One that another class makes is a part of it; one made up stands in for a class never used.
            used = not instance.call.context.owner if instance.call else id(instance.cls) not in made
            if is_built(instance) and used:
                found.setdefault(key(instance), instance)
        return list(found.values())

    def _keep(self, root: Value, draft: Network) -> None:
        """Adds a network unless the same code was read before."""
        for position, network in enumerate(self.built):
            if network.source == draft.source and network.layers == draft.layers:
                self._position[key(root)] = position
                return
        self._position[key(root)] = len(self.built)
        self.built.append(draft)


def _calls(world: World) -> list[Call]:
    return [event for event in world.events if isinstance(event, Call)]


def _adds(call: Call) -> bool:
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


def _used(world: World) -> set[Hashable]:
    """Networks that are compiled, trained or asked for themselves."""
    names = ("compile", "fit", "fit_generator", "predict", "predict_generator", "evaluate", "train_on_batch")
    return {
        key(root) for call in _calls(world)
        if isinstance(call.function, Attribute) and call.function.name in names
        for root in roots(call.function.base)
    }  # fmt: skip


def _is_part(value: Value) -> bool:
    return isinstance(value, Call) and (kind_of(value) is not None or is_built(value))


def _flat(given: list[Value]) -> tuple[list[Value], bool]:
    """Items of one list, or the arguments themselves, and whether all are known."""
    if len(given) == 1 and isinstance(given[0], Call) and last_name(given[0].function) == "OrderedDict":
        given = given[0].arguments
    if len(given) == 1 and isinstance(given[0], Items):
        return given[0].items, not given[0].open
    if len(given) == 1 and not (isinstance(given[0], Call) and (kind_of(given[0]) or is_known(given[0]))):
        return [], False
    return given, True


def _backbone(call: Call, name: str) -> Layer:
    weights = call.argument(1 if last_name(call.function) == name else None, "weights")
    plain = constant(weights)
    top = constant(call.argument(0, "include_top"))
    pooling = constant(call.argument(None, "pooling"))
    classes = constant(call.argument(None, "classes"))
    return Layer(
        name,
        input_shape=_written_shape(call),
        weights=plain
        if isinstance(plain, str)
        else ("none" if weights is not None and plain is None else None),
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


def _input_shape(layers: list[Layer]) -> Shape | None:
    return next((layer.input_shape for layer in layers[:2] if layer.input_shape is not None), None)


def _context(root: Value) -> Context:
    if isinstance(root, Call):
        return root.context
    return root.call.context if isinstance(root, Instance) and root.call else Context()


def _same_guards(inner: Context, outer: Context) -> bool:
    """Whether a call stands under no condition beyond those of the network's own making."""
    return len(inner.guards) <= len(outer.guards)


def _maker(root: Value) -> str:
    return str(getattr(root.function, "dotted", "")) if isinstance(root, Call) else ""
