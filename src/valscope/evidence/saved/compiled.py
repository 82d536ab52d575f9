"""How a saved model was compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from valscope.evidence.saved.contents import Contents
from valscope.evidence.script.facts.objective import canonical_loss
from valscope.nouns.fact import Fact
from valscope.nouns.script import Compile


def compiled_of(contents: Contents) -> Compile | None:
    """Loss, optimiser, rate and metrics; None for a model that was not compiled."""
    given = contents.compiled
    if given is None:
        return None
    loss, settings = given.get("loss"), _configured(given.get("optimizer") or given.get("optimizer_config"))
    rate, schedule = _rate(settings[1])
    loss_name, loss_settings = _configured(loss)
    source = contents.source("training configuration")
    return Compile(
        source,
        loss=contents.fact(canonical_loss(loss_name) if loss_name else None, "loss"),
        from_logits=_flag(loss_settings.get("from_logits"), contents, "from_logits"),
        label_smoothing=_number(loss_settings.get("label_smoothing"), contents, "label_smoothing"),
        optimiser=contents.fact(settings[0].lower() or None, "optimizer"),
        rate=_number(rate, contents, "learning_rate"),
        momentum=_number(settings[1].get("momentum"), contents, "momentum"),
        weight_decay=_number(settings[1].get("weight_decay"), contents, "weight_decay"),
        clip=_number(settings[1].get("clipnorm") or settings[1].get("clipvalue"), contents, "clipnorm"),
        schedule=contents.fact(schedule, "learning_rate"),
        metrics=tuple(Fact(name, source) for name in _metrics(given.get("metrics"))),
    )


def _configured(value: Any) -> tuple[str, Mapping[str, Any]]:
    """(name, settings) of something given as text or as {"class_name", "config"}."""
    if isinstance(value, str):
        return value, {}
    if isinstance(value, Mapping) and "class_name" in value:
        inner = value.get("config")
        if isinstance(inner, str):  # a plain function: {"class_name": "function", "config": "mse"}
            return inner, {}
        return str(value["class_name"]), inner if isinstance(inner, Mapping) else {}
    if isinstance(value, list | tuple) and len(value) == 1:
        return _configured(value[0])
    if isinstance(value, Mapping) and len(value) == 1:
        return _configured(next(iter(value.values())))
    return "", {}


def _rate(settings: Mapping[str, Any]) -> tuple[Any, str | None]:
    rate = settings.get("learning_rate", settings.get("lr"))
    if isinstance(rate, Mapping):
        name, inner = _configured(rate)
        return inner.get("initial_learning_rate"), name
    return rate, None


def _metrics(value: Any) -> list[str]:
    if isinstance(value, Mapping) and "class_name" not in value:
        value = list(value.values())
    if isinstance(value, list):
        return [
            name
            for item in value
            for name in (_metrics(item) if isinstance(item, list) else [_configured(item)[0]])
            if name
        ]
    return []


def _number(value: Any, contents: Contents, quote: str) -> Fact[float] | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    short = float(f"{value:.7g}")  # stored as float32: 9.999999747378752e-05 is 1e-4
    return Fact(short, contents.source(f"{quote}: {value}"))


def _flag(value: Any, contents: Contents, quote: str) -> Fact[bool] | None:
    return Fact(value, contents.source(f"{quote}: {value}")) if isinstance(value, bool) else None
