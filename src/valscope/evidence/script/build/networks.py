"""Networks as a script builds them: by `add`, from a list, by calling layers, or as a class."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import partial

from valscope.evidence.script.build.layers import layer_of
from valscope.evidence.script.build.models import builds, is_built, key, may_be_model, ready_made, roots
from valscope.evidence.script.build.parts import (
    adds,
    backbone_layer,
    calls_of,
    context_of,
    first_shape,
    flat,
    is_part,
    maker_of,
    same_guards,
    used_themselves,
)
from valscope.evidence.script.build.tensors import Tracer
from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.entering import run_method
from valscope.evidence.script.flow.values import Attribute, Call, Instance, Items, Name, Value
from valscope.evidence.script.flow.world import World
from valscope.nouns.network import Layer, Network

_DEEPEST = 6  # networks within networks


@dataclass(eq=False)
class Networks:
    """All networks of a text. `index` finds the position of the network that a value stands for."""

    world: World
    built: list[Network] = field(default_factory=list)
    _position: dict[Hashable, int] = field(default_factory=dict)
    _additions: dict[Hashable, list[Call]] = field(default_factory=dict)
    _loaded: dict[Hashable, str] = field(default_factory=dict)
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
        for call in calls_of(self.world):
            if adds(call):
                for root in roots(call.function.base):  # type: ignore[attr-defined]
                    self._additions.setdefault(key(root), []).append(call)
            elif (
                isinstance(call.function, Attribute)
                and call.function.name == "load_weights"
                and call.arguments
            ):
                file = call.arguments[0]
                for root in roots(call.function.base):
                    self._loaded[key(root)] = str(constant(file) or file.text)
        parts: set[Hashable] = set()
        drafts: list[tuple[Value, Network]] = []
        for root in self._candidates():
            draft = self.world.patiently(partial(self.network, root, parts))
            if draft is not None and draft.layers:
                drafts.append((root, draft))
        used = used_themselves(self.world)
        for root, draft in drafts:
            if key(root) not in parts or key(root) in used:
                self._keep(root, draft)

    def loaded(self, root: Value) -> str | None:
        """The file whose weights are put into a network after it was made, None for none."""
        return self._loaded.get(key(root))

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
        elif isinstance(root, Call) and (name := ready_made(root)) is not None:
            network = Network((self._ready_made(root, name),), "script", source=root.source)
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
                same_guards(call.context, context_of(root))
                and call.context.repeats <= context_of(root).repeats
            )
            if last_name(call.function) == "pop":
                layers = layers[:-1]
            elif call.arguments:
                layers.append(self._part(call.arguments[0], call, parts))
            whole &= not layers or layers[-1].kind != "?"
        torch = "torch" in maker_of(root) or network.framework == "torch"
        return network.but(
            layers=tuple(layers),
            whole=whole,
            name=root.names[0] if root.names else network.name,
            input_shape=network.input_shape or first_shape(layers),
            framework="torch" if torch else "keras",
            source=network.source or root.source,
        )

    def _listed(self, root: Value, parts: set[Hashable]) -> Network:
        """Sequential([...]) or torch's nn.Sequential(a, b, c)."""
        if not isinstance(root, Call) or not builds(root):
            return Network((), "script", whole=False, source=root.source)
        given = root.arguments or [value for word, value in root.keywords.items() if word == "layers"]
        items, whole = flat(given)
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
                self._part(value, instance, parts) for value in instance.attributes.values() if is_part(value)
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
            return self._ready_made(root, name)
        inner = self.network(root, parts)
        kind = last_name(root.function) if isinstance(root, Call) else type(root).__name__
        kind = root.cls.name if isinstance(root, Instance) else kind
        return Layer(kind, layers=inner.layers, input_shape=inner.input_shape, source=root.source)

    def _ready_made(self, root: Call, name: str) -> Layer:
        """A ready-made network as one layer, with the weights that were loaded into it."""
        layer, file = backbone_layer(root, name), self.loaded(root)
        return layer.but(weights=file) if file is not None and layer.weights in (None, "none") else layer

    def _candidates(self) -> list[Value]:
        """What may be a network, in the order of the text."""
        found: dict[Hashable, Value] = {}
        for call in calls_of(self.world):
            if builds(call) or ready_made(call) is not None:
                found.setdefault(key(call), call)
            if adds(call):
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
