"""Training calls and what they are given."""

from __future__ import annotations

from dataclasses import replace

from valscope.evidence.script.build.models import is_known, may_be_model, surely_not_model
from valscope.evidence.script.facts.class_weights import count_power, literal_weights
from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.facts.settings import amount, flag, integer, number, written
from valscope.evidence.script.flow.asking import constant, is_none, last_name, options
from valscope.evidence.script.flow.values import Attribute, Call, Items, Value
from valscope.nouns.fact import Fact
from valscope.nouns.script import Fit

_NAMES = ("fit", "fit_generator", "train_on_batch", "fine_tune", "fit_one_cycle")
_FASTAI = ("fine_tune", "fit_one_cycle")
_TELLING = frozenset(
    {
        "epochs",
        "nb_epoch",
        "batch_size",
        "validation_data",
        "validation_split",
        "callbacks",
        "steps_per_epoch",
    }
)
# Positions of arguments; fit_generator has an order of its own.
_FIT = {"batch_size": 2, "epochs": 3, "callbacks": 5, "validation_split": 6, "validation_data": 7, "shuffle": 8,
        "class_weight": 9}  # fmt: skip
_GENERATOR = {"steps_per_epoch": 1, "epochs": 2, "callbacks": 4, "validation_data": 5, "validation_steps": 6,
              "class_weight": 7}  # fmt: skip


def is_fit(call: Call) -> bool:
    """Whether a call trains a network (and does not fit a scaler or an encoder)."""
    if not isinstance(call.function, Attribute) or call.function.name not in _NAMES:
        return False
    base = call.function.base
    if is_known(base) or _is_trainer(base):
        return True
    if surely_not_model(base):
        return False
    return call.function.name != "fit" or bool(_TELLING & set(call.keywords)) or may_be_model(base)


def _is_trainer(base: Value) -> bool:
    """Lightning's Trainer, whose fit is given the network first."""
    return any(
        isinstance(option, Call) and last_name(option.function) == "Trainer" for option in options(base)
    )


def trained_on(call: Call) -> Value | None:
    """What a training call trains on, with its labels where they stand in one argument."""
    base = call.function.base if isinstance(call.function, Attribute) else None
    return call.argument(1, "train_dataloaders") if base is not None and _is_trainer(base) else _images(call)


def validated_on(call: Call) -> Value | None:
    """What a training call validates on, None where nothing is given."""
    base = call.function.base if isinstance(call.function, Attribute) else None
    if base is not None and _is_trainer(base):
        return call.argument(2, "val_dataloaders")
    place = _places(call).get("validation_data")
    found = call.argument(place, "validation_data", "val_data")
    return None if is_none(found) else found


def fits(reading: Reading, callbacks: dict[int, int]) -> list[Fit]:
    """All training calls; their feeds and the ways of their images are noted on the way."""
    found: list[Fit] = []
    reached = {id(event) for event in reading.world.events[: reading.world.reached]}
    for call in reading.methods(*_NAMES):
        if is_fit(call):
            fit = replace(_fit(call, reading, callbacks), called=id(call) in reached)
            if fit not in found:
                found.append(fit)
    return found


def loops(reading: Reading, calls: list[Call]) -> list[Fit]:
    """Torch's training loops: the calls of a network whose loss is sent backwards."""
    found: list[Fit] = []
    for call in calls:
        network = reading.networks.index(call.function)
        images = _images(call)
        reading.path(images, "train", call, network)
        fit = Fit("loop", call.source, network=network, feed=reading.feed(images, "train"))
        if fit not in found:
            found.append(fit)
    return found


def _fit(call: Call, reading: Reading, callbacks: dict[int, int]) -> Fit:
    name = call.function.name  # type: ignore[attr-defined]
    base = call.function.base  # type: ignore[attr-defined]
    if _is_trainer(base):
        return _by_trainer(call, base, reading)
    places = _places(call)

    def given(*words: str) -> Value | None:
        return call.argument(places.get(words[0]), *words)

    network, candidates = reading.networks.index(base), reading.networks.candidates(base)
    images, validated = _images(call), validated_on(call)
    share = number(given("validation_split"))
    split = share is not None and share.value > 0 and validated is None
    reading.path(images, "train", call, network)
    reading.path(images if split else validated, "validation", call, network)
    kinds = [callbacks[id(one)] for one in _listed(given("callbacks")) if id(one) in callbacks]
    return Fit(
        name,
        call.source,
        epochs=amount(given("epochs", "nb_epoch") or (call.argument(0) if name in _FASTAI else None)),
        batch_size=amount(given("batch_size")),
        steps_per_epoch=amount(given("steps_per_epoch", "samples_per_epoch")),
        validation_steps=amount(given("validation_steps", "nb_val_samples")),
        validation="data" if validated is not None else "split" if split else "none",
        validation_split=share,
        validation_is_training=_same(images, validated),
        shuffle=flag(given("shuffle")),
        class_weight=written(given("class_weight")),
        class_weights=literal_weights(given("class_weight")),
        class_weight_power=count_power(given("class_weight")),
        sample_weight=written(given("sample_weight")),
        initial_epoch=integer(given("initial_epoch")),
        goes_on=_goes_on(given("initial_epoch")),
        callbacks=tuple(kinds),
        network=network,
        candidates=candidates if network is None else (),
        feed=reading.feed(images, "train"),
        validation_feed=reading.feed(_first(validated), "validation"),
    )


def _places(call: Call) -> dict[str, int]:
    name = last_name(call.function)
    return _GENERATOR if name == "fit_generator" else _FIT if name == "fit" else {}


def _by_trainer(call: Call, trainer: Value, reading: Reading) -> Fit:
    """trainer.fit(model, train_dataloaders, val_dataloaders)"""
    made = next(option for option in options(trainer) if isinstance(option, Call))
    network = reading.networks.index(call.argument(0, "model"))
    images, validated = call.argument(1, "train_dataloaders"), call.argument(2, "val_dataloaders")
    reading.path(images, "train", call, network)
    reading.path(validated, "validation", call, network)
    return Fit(
        "fit",
        call.source,
        epochs=amount(made.argument(None, "max_epochs")),
        validation="data" if validated is not None else "none",
        network=network,
        feed=reading.feed(images, "train"),
        validation_feed=reading.feed(validated, "validation"),
    )


def _images(call: Call) -> Value | None:
    if last_name(call.function) in _FASTAI:
        return None
    return call.argument(0, "x", "generator", "X", "train_data")


def _first(value: Value | None) -> Value | None:
    return value.items[0] if isinstance(value, Items) and value.items else value


def _same(images: Value | None, validated: Value | None) -> Fact[bool] | None:
    """Whether validation and training are one object; None where either is not given."""
    if images is None or validated is None:
        return None
    same = _first(images) is _first(validated)
    return Fact(same, validated.source)


def _goes_on(value: Value | None) -> bool:
    """Whether epochs are counted on from a number that only the run tells: `initial_epoch=history.epoch[-1]`."""
    return value is not None and not isinstance(constant(value), int | float)


def _listed(value: Value | None) -> list[Value]:
    return [
        one for option in options(value) for one in (option.items if isinstance(option, Items) else [option])
    ]
