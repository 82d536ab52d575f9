"""Optimisers with the rate that they have where none is written."""

from __future__ import annotations

from dataclasses import replace

from valscope.evidence.script.facts.settings import number
from valscope.evidence.script.flow.asking import constant, last_name, options
from valscope.evidence.script.flow.values import Call, Value
from valscope.nouns.fact import Fact
from valscope.nouns.script import Compile

_OPTIMISERS = frozenset(
    "adam adamw sgd rmsprop adadelta adagrad adamax nadam ftrl lion lamb adafactor radam".split()  # noqa: SIM905
)
# Learning rates where none is written: the same in every Keras (Keras 1 to 3, tf.keras) ...
_RATES = {"adam": 0.001, "adamw": 0.001, "rmsprop": 0.001, "sgd": 0.01, "ftrl": 0.001, "lion": 0.001}
# ... and those that tf.keras and Keras 3 have (the separate Keras up to 2.3 had 1.0, 0.01, 0.002, 0.002).
_RATES_TF = {"adadelta": 0.001, "adagrad": 0.001, "adamax": 0.001, "nadam": 0.001}
_TORCH_RATES = {"adam": 0.001, "adamw": 0.001, "rmsprop": 0.01, "adagrad": 0.01, "adadelta": 1.0, "nadam": 0.002,
                "adamax": 0.002, "sgd": 0.001}  # fmt: skip


def with_optimiser(facts: Compile, given: Value | None, tf: bool, torch: bool = False) -> Compile:
    """The facts with the optimiser's name, rate and other settings."""
    found = options(given)
    names = {optimiser_name(option) for option in found}
    if not found or len(names) != 1 or None in names or given is None:
        return facts
    name = str(names.pop())
    facts = replace(facts, optimiser=Fact(name, found[0].source))
    calls = [option for option in found if isinstance(option, Call)]
    if len(calls) != len(found):
        return replace(facts, default_rate=default_rate(name, tf, torch))
    settings = [_settings(facts, call, name, tf, torch) for call in calls]
    return settings[0] if all(_same_rate(settings[0], other) for other in settings) else facts


def _same_rate(one: Compile, other: Compile) -> bool:
    return one.rate_in_force == other.rate_in_force and one.schedule == other.schedule


def _settings(facts: Compile, call: Call, name: str, tf: bool, torch: bool) -> Compile:
    rate = call.argument(1 if torch else 0, "learning_rate", "lr")
    schedule = None
    if isinstance(rate, Call):
        schedule = Fact(last_name(rate.function), rate.source)
        rate = rate.argument(0, "initial_learning_rate")
    return replace(
        facts,
        rate=number(rate),
        default_rate=default_rate(name, tf, torch) if rate is None and not call.spread else None,
        schedule=schedule,
        momentum=number(call.argument(1 if name == "sgd" and not torch else None, "momentum")),
        weight_decay=number(call.argument(None, "weight_decay")),
        clip=number(call.argument(None, "clipnorm", "clipvalue", "global_clipnorm")),
    )


def optimiser_name(value: Value) -> str | None:
    """Lower-case name of an optimiser given as text, class or object."""
    plain = constant(value)
    name = (
        plain if isinstance(plain, str) else last_name(value.function if isinstance(value, Call) else value)
    )
    name = name.lower().removesuffix("optimizer").removesuffix("optimiser")
    return name if name in _OPTIMISERS else None


def default_rate(name: str, tf: bool, torch: bool = False) -> float | None:
    """The rate that an optimiser has when none is written; None where versions of Keras differ."""
    if torch:
        return _TORCH_RATES.get(name)
    if name in _RATES:
        return _RATES[name]
    return _RATES_TF.get(name) if tf else None
