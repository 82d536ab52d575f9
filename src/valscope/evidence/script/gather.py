"""All facts of a text together."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from valscope.evidence.inside import inside_scale
from valscope.evidence.script.callbacks import callback_of
from valscope.evidence.script.decisions import decisions
from valscope.evidence.script.families import expected_scale
from valscope.evidence.script.feeds import FLOWS, FOLDERS
from valscope.evidence.script.fits import fits, loops
from valscope.evidence.script.freezing import freezes, pops
from valscope.evidence.script.interpret import interpret
from valscope.evidence.script.labels import class_orders, label_steps, scorings
from valscope.evidence.script.layers import shape_of
from valscope.evidence.script.models import ready_made
from valscope.evidence.script.networks import Networks
from valscope.evidence.script.objective import compile_of, torch_objective
from valscope.evidence.script.parse import Parsed
from valscope.evidence.script.reading import Reading, use_by_name
from valscope.evidence.script.sequences import sequences
from valscope.evidence.script.settings import flag, text
from valscope.evidence.script.splits import splits
from valscope.evidence.script.trail import Walker
from valscope.evidence.script.usage import files, link_loaded, predictions, training_calls
from valscope.evidence.script.values import Call, Constant, is_none, last_name
from valscope.evidence.script.ways import way
from valscope.nouns.fact import Fact
from valscope.nouns.network import Network
from valscope.nouns.script import Backbone, Callback, Compile, ScriptFacts, Switch, TorchLoop

_FRAMEWORKS = {
    "keras": "keras", "tensorflow": "tensorflow", "torch": "torch", "torchvision": "torch", "fastai": "fastai",
    "sklearn": "sklearn", "pytorch_lightning": "lightning", "lightning": "lightning", "tf_keras": "tf.keras",
}  # fmt: skip
_SWITCHES = frozenset({"set_learning_phase", "set_global_policy", "set_policy", "set_image_dim_ordering",
                       "set_image_data_format", "run_functions_eagerly"})  # fmt: skip


def gather(fragments: Sequence[Parsed]) -> ScriptFacts:
    """The facts of fragments read as one text."""
    world = interpret(fragments)
    reading = Reading(world, Walker(world, way), Networks(world))
    reading.networks.gather()
    frameworks = _frameworks(fragments)
    tf = any(fact.value in ("tf.keras", "tensorflow") for fact in frameworks)
    callbacks, places = _callbacks(reading)
    link_loaded(reading, [callback.file for callback in callbacks])
    trained = fits(reading, places) + loops(reading, training_calls(reading))
    validated = {fit.validation_feed for fit in trained if fit.validation_feed is not None}
    asked = predictions(reading, validated)
    _other_feeds(reading)
    networks = tuple(reading.networks.built)
    inside = [inside_scale(network) for network in networks]
    compiles = _compiles(reading, tf)
    used = {index for fit in trained for index in fit.callbacks}
    return ScriptFacts(
        fragments[0].fragment.file if fragments else "",
        python2=_python2(fragments),
        frameworks=frameworks,
        networks=networks,
        backbones=_backbones(reading),
        freezes=tuple(freezes(reading)),
        pops=tuple(pops(reading)),
        compiles=compiles,
        fits=tuple(trained),
        callbacks=tuple(replace(c, used=n in used) for n, c in enumerate(callbacks)),
        sequences=tuple(sequences(reading)),
        splits=tuple(splits(reading)),
        feeds=tuple(reading.feeds),
        paths=tuple(
            replace(p, inside=inside[p.network]) if p.network is not None else p for p in reading.paths
        ),
        labels=tuple(label_steps(reading)),
        class_orders=tuple(class_orders(reading)),
        files=tuple(files(reading)),
        predictions=tuple(asked),
        decisions=tuple(decisions(reading)),
        scorings=tuple(scorings(reading)),
        torch=_torch(reading, compiles, networks) if any(f.value == "torch" for f in frameworks) else None,
        switches=_switches(reading),
        repaired=tuple(source for parsed in fragments for source in parsed.repaired),
        unread=tuple(source for parsed in fragments for source in parsed.unread),
    )


def _python2(fragments: Sequence[Parsed]) -> Fact[str] | None:
    found = [parsed.python2 for parsed in fragments if parsed.python2 is not None]
    return Fact(found[0].quote, found[0]) if found else None


def _frameworks(fragments: Sequence[Parsed]) -> tuple[Fact[str], ...]:
    found: dict[str, Fact[str]] = {}
    for parsed in fragments:
        for node in ast.walk(parsed.tree):
            for name in _imported(node):
                label = "tf.keras" if name.startswith(("tensorflow.keras", "tf.keras")) else None
                label = label or _FRAMEWORKS.get(name.partition(".")[0])
                if label is not None:
                    found.setdefault(label, Fact(label, parsed.source(getattr(node, "lineno", 1))))
    return tuple(found.values())


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module or ''}.{node.names[0].name}"]
    if isinstance(node, ast.Attribute) and node.attr == "keras" and isinstance(node.value, ast.Name):
        return ["tf.keras"] if node.value.id in ("tf", "tensorflow") else []
    return []


def _callbacks(reading: Reading) -> tuple[list[Callback], dict[int, int]]:
    """Callbacks in order, and the position of each call that makes one."""
    found: list[Callback] = []
    places: dict[int, int] = {}
    for call in reading.calls:
        callback = callback_of(call)
        if callback is not None:
            if callback not in found:
                found.append(callback)
            places[id(call)] = found.index(callback)
    return found, places


def _compiles(reading: Reading, tf: bool) -> tuple[Compile, ...]:
    found: list[Compile] = []
    for call in reading.methods("compile"):
        facts = compile_of(call, tf)
        if facts is not None:
            facts = replace(facts, network=reading.networks.index(call.function.base))  # type: ignore[attr-defined]
            if facts not in found:
                found.append(facts)
    return tuple(found + torch_objective(reading.calls))


def _backbones(reading: Reading) -> tuple[Backbone, ...]:
    found: list[Backbone] = []
    for call in reading.calls:
        name = ready_made(call)
        if name is not None:
            made = _backbone(call, name, reading)
            if made not in found:
                found.append(made)
    return tuple(found)


def _backbone(call: Call, name: str, reading: Reading) -> Backbone:
    weights = call.argument(None, "weights", "pretrained")
    shape = call.argument(None, "input_shape")
    known = shape_of(shape)
    network, training = _holder(call, reading)
    return Backbone(
        name,
        call.source,
        weights=_weights(weights),
        include_top=flag(call.argument(None, "include_top")),
        input_shape=Fact(known, shape.source) if shape is not None and known is not None else None,
        pooling=text(call.argument(None, "pooling")),
        expects=expected_scale(name),
        training=training,
        network=network,
    )


def _weights(value: object) -> Fact[str] | None:
    if not isinstance(value, Constant):
        name = getattr(value, "text", "")
        return Fact(name, value.source) if name else None  # type: ignore[attr-defined]
    if is_none(value) or value.value is False:
        return Fact("none", value.source)
    return Fact("imagenet" if value.value is True else str(value.value), value.source)


def _holder(call: Call, reading: Reading) -> tuple[int | None, Fact[bool] | None]:
    """The network that a backbone is part of, and the `training=` of its call there."""
    for position, network in enumerate(reading.networks.built):
        for layer in network.layers:
            if layer.source == call.source or any(inner.source == call.source for inner in layer.layers):
                training = Fact(layer.training, call.source) if layer.training is not None else None
                return position, training
    return reading.networks.index(call), None


def _other_feeds(reading: Reading) -> None:
    """Feeds that no training or prediction call of the text is given."""
    for call in reading.calls:
        makes = last_name(call.function) in FLOWS | FOLDERS | {"DataLoader"}
        if makes and not any(feed.source == call.source for feed in reading.feeds):
            reading.feed(call, use_by_name(call))


def _switches(reading: Reading) -> tuple[Switch, ...]:
    found = [
        Switch(setting.name, Fact(setting.value.text, setting.source))
        for setting in reading.settings if setting.name == "LOAD_TRUNCATED_IMAGES"
    ]  # fmt: skip
    found += [
        Switch(last_name(call.function), Fact(call.arguments[0].text, call.source))
        for call in reading.calls if last_name(call.function) in _SWITCHES and call.arguments
    ]  # fmt: skip
    return tuple(dict.fromkeys(found))


def _torch(reading: Reading, compiles: tuple[Compile, ...], networks: tuple[Network, ...]) -> TorchLoop:
    def first(*names: str) -> Fact[bool] | None:
        calls = [call for call in reading.calls if last_name(call.function) in names and not call.arguments]
        return Fact(True, calls[0].source) if calls else None

    joined = {fact.loss.value for fact in compiles if fact.loss is not None}
    softmax = None
    for network in networks:
        last = network.layers[-1] if network.layers else None
        if (
            "cross_entropy" in joined
            and last is not None
            and last.source
            and "softmax" in (last.activation or "")
        ):
            softmax = Fact(str(last.activation), last.source)
    return TorchLoop(
        eval_called=first("eval"),
        train_called=first("train"),
        no_grad=first("no_grad", "inference_mode"),
        zero_grad=first("zero_grad"),
        softmax=softmax,
    )
