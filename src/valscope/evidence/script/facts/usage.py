"""Asking the network, and the files it is kept in."""

from __future__ import annotations

from valscope.evidence.script.build.models import is_built, is_known, may_be_model, roots, surely_not_model
from valscope.evidence.script.facts.fits import is_fit
from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.facts.settings import flag, text, written
from valscope.evidence.script.flow.asking import constant, dotted, last_name, reaches
from valscope.evidence.script.flow.values import Attribute, Call, Instance, Value
from valscope.nouns.fact import Fact
from valscope.nouns.script import ModelFile, Predicting, Use

PREDICTING = ("predict", "predict_classes", "predict_proba", "predict_generator", "predict_on_batch")
EVALUATING = ("evaluate", "evaluate_generator", "test_on_batch")
_READING = frozenset({"load_model", "load_weights", "model_from_json", "load_state_dict", "load_learner"})
_WRITING = frozenset({"save", "save_weights", "to_json", "export", "save_model"})


_CHANGES = ("Random", "Rescaling", "Resizing", "CenterCrop", "GaussianNoise", "InputLayer")


def predictions(reading: Reading, validated: set[int]) -> list[Predicting]:
    """Calls that ask a network. `validated` holds the feeds that a fit validates on."""
    found: list[Predicting] = []
    trained = training_calls(reading)
    for call in reading.calls:
        if not asks(call) or any(call is known for known in trained) or _only_changes(call, reading):
            continue
        reading.predictions.append(call)
        made = _predicting(call, reading, validated)
        if made not in found:
            found.append(made)
    return found


def asks(call: Call) -> bool:
    """Whether a call asks a network: predict, evaluate, or the network itself with `training=`."""
    function = call.function
    if isinstance(function, Attribute):
        if function.name not in PREDICTING + EVALUATING:
            return False
        known = is_known(function.base)
        return known or (may_be_model(function.base) and not surely_not_model(function.base)) or _shows(call)
    return _direct(call)


def _only_changes(call: Call, reading: Reading) -> bool:
    """Whether what is called is a chain of random changes and scalings, which answers nothing."""
    made = [root for root in roots(call.function) if is_built(root)]
    layers = reading.networks.network(made[0]).layers if made else ()
    return bool(layers) and all(layer.kind.startswith(_CHANGES) for layer in layers)


def _shows(call: Call) -> bool:
    """An object of unknown name whose arguments only a Keras model takes, or `x.predict(y)` with one image."""
    base = call.function.base if isinstance(call.function, Attribute) else None
    keras = {"steps", "batch_size", "verbose", "generator"} & set(call.keywords)
    return base is not None and not surely_not_model(base) and bool(keras)


def _direct(call: Call) -> bool:
    """model(images, training=...) outside the building of another network."""
    if call.argument(None, "training") is None:
        return isinstance(call.function, Instance) and call.context.owner == "" and is_built(call.function)
    known = [root for root in roots(call.function) if is_built(root)]
    return bool(known) and constant(call.argument(None, "training")) is not False


def training_calls(reading: Reading) -> list[Call]:
    """Calls of a network whose result goes into a loss that is sent backwards (a torch loop), or whose gradient
    is taken (a GradientTape)."""
    losses = [call.function.base for call in reading.methods("backward", "minimize")]  # type: ignore[attr-defined]
    losses += [call.arguments[0] for call in reading.methods("gradient", "minimize") if call.arguments]
    direct = [call for call in reading.calls if not isinstance(call.function, Attribute) and _direct(call)]
    return [call for call in direct if any(reaches(loss, call) for loss in losses)]


def _predicting(call: Call, reading: Reading, validated: set[int]) -> Predicting:
    function = call.function
    name = function.name if isinstance(function, Attribute) else "__call__"
    base = function.base if isinstance(function, Attribute) else function
    images = call.argument(0, "x", "generator", "inputs", "images")
    network = reading.networks.index(base)
    use: Use = "test" if name in EVALUATING else "predict"
    feed = reading.feed(images, use)
    if feed is not None and feed in validated and use == "test":
        use = "validation"
    if feed is not None and name == "__call__":
        use = reading.feeds[feed].use
    steps = call.argument(None, "steps")
    return Predicting(
        name,
        use,
        call.source,
        per_image=call.context.loops > 0 and feed is None,
        training=flag(call.argument(None, "training")),
        steps=written(steps),
        network=network,
        feed=feed,
        path=reading.path(images, use, call, network),
    )


def files(reading: Reading) -> list[ModelFile]:
    """Models and weights read and written, in order."""
    found: list[ModelFile] = []
    fitted: set[str] = set()
    for call in reading.calls:
        if is_fit(call):
            fitted.add(call.parsed.fragment.file)
        made = _file(call, reading, call.parsed.fragment.file in fitted)
        if made is not None and made not in found:
            found.append(made)
    return found


def _file(call: Call, reading: Reading, after_fit: bool) -> ModelFile | None:
    name = last_name(call.function)
    base = call.function.base if isinstance(call.function, Attribute) else None
    torch = dotted(call.function) in ("torch.load", "torch.save")
    writes = name in _WRITING
    if torch:
        name, writes = dotted(call.function), dotted(call.function) == "torch.save"
    elif name not in _READING and not (writes and base is not None and _saves(base)):
        return None
    place = call.argument(1 if name in ("torch.save", "save_model") else 0, "filepath", "path", "f")
    owner: Value | None = base if base is not None else call.argument(0) if writes else call
    return ModelFile(
        name,
        call.source,
        file=text(place) or written(place),
        writes=writes,
        by_name=flag(call.argument(1, "by_name")) if name == "load_weights" else None,
        after_fit=after_fit and writes,
        network=reading.networks.index(owner),
    )


def _saves(base: Value) -> bool:
    return is_known(base) or may_be_model(base)


def link_loaded(reading: Reading, checkpoints: list[Fact[str] | None]) -> None:
    """Takes a loaded model for the one that the same text saved to a file of that name, or for the only one
    that the text builds."""
    saved: dict[str, int] = {}
    for call in reading.methods("save", "save_weights"):
        position = reading.networks.index(call.function.base)  # type: ignore[attr-defined]
        name = text(call.argument(0, "filepath"))
        if position is not None and name is not None:
            saved[_base(name.value)] = position
    only = 0 if len(reading.networks.built) == 1 else None
    kept = {_base(name.value) for name in checkpoints if name is not None}
    loads = [call for call in reading.calls if last_name(call.function) in ("load_model", "model_from_json")]
    for call in loads:
        name = text(call.argument(0, "filepath"))
        found = saved.get(_base(name.value)) if name is not None else None
        if found is None and only is not None and (len(loads) == 1 or (name and _base(name.value) in kept)):
            found = only
        if found is not None:
            reading.networks.link(call, found)


def _base(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]
