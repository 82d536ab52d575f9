"""compile calls: loss, optimiser and its rate, metrics; and torch's criterion with its optimiser."""

from __future__ import annotations

import re
from dataclasses import replace

from valscope.evidence.script.facts.optimisers import optimiser_name, with_optimiser
from valscope.evidence.script.facts.settings import flag, number
from valscope.evidence.script.flow.asking import constant, dotted, is_none, last_name, options
from valscope.evidence.script.flow.values import Attribute, Call, Function, Instance, Items, Name, Value
from valscope.nouns.fact import Fact
from valscope.nouns.script import Compile

_LOSSES = {
    "bce": "binary_crossentropy", "mean_squared_error": "mse", "mse_loss": "mse", "mseloss": "mse",
    "mean_absolute_error": "mae", "categorical_cross_entropy": "categorical_crossentropy",
    "crossentropyloss": "cross_entropy", "bceloss": "bce", "bcewithlogitsloss": "bce_with_logits",
    "nllloss": "nll", "nll_loss": "nll", "binary_cross_entropy": "bce",
    "binary_cross_entropy_with_logits": "bce_with_logits", "multimarginloss": "multi_margin", "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence", "l1loss": "mae", "crossentropylossflat": "cross_entropy",
}  # fmt: skip
_TORCH_LOSSES = frozenset(
    {"CrossEntropyLoss", "BCELoss", "BCEWithLogitsLoss", "NLLLoss", "MSELoss", "MultiMarginLoss", "L1Loss"}
)


def compile_of(call: Call, tf: bool) -> Compile | None:
    """The facts of model.compile(...); None for other calls (re.compile, torch.compile)."""
    if not isinstance(call.function, Attribute) or call.function.name != "compile":
        return None
    optimiser = call.argument(0, "optimizer")
    loss = call.argument(1, "loss")
    if optimiser is None and loss is None:
        return None
    facts = Compile(call.source, metrics=_metrics(call.argument(2, "metrics")))
    facts = _with_loss(facts, loss) if loss is not None else facts
    return with_optimiser(facts, optimiser, tf)


def _with_loss(facts: Compile, given: Value) -> Compile:
    found = {loss_name(option): option for option in options(given)}
    if len(found) != 1 or None in found:
        return facts
    name, loss = next(iter(found.items()))
    facts = replace(facts, loss=Fact(str(name), given.source))
    if not isinstance(loss, Call):
        return facts
    smoothing = number(loss.argument(1, "label_smoothing"))
    return replace(facts, from_logits=flag(loss.argument(0, "from_logits")), label_smoothing=smoothing)


def loss_name(value: Value) -> str | None:
    """Canonical name of a loss given as text, function, object or function of the text's own."""
    if isinstance(value, Items):
        names = {loss_name(item) for item in value.items}
        return names.pop() if len(names) == 1 else None
    if isinstance(value, Function):
        return value.name
    if isinstance(value, Instance):
        return value.cls.name
    plain = constant(value)
    name = (
        plain if isinstance(plain, str) else last_name(value.function if isinstance(value, Call) else value)
    )
    return canonical_loss(name) if name else None


def canonical_loss(name: str) -> str:
    """ "BinaryCrossentropy", "binary_crossentropy" and "bce" are one loss."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    snake = snake.replace("cross_entropy", "crossentropy") if "categorical" in snake else snake
    return _LOSSES.get(snake.replace("_", ""), _LOSSES.get(snake, snake))


def _metrics(given: Value | None) -> tuple[Fact[str], ...]:
    items = given.items if isinstance(given, Items) else ([] if given is None or is_none(given) else [given])
    return tuple(Fact(_metric(item), item.source) for item in items)


def _metric(value: Value) -> str:
    plain = constant(value)
    if isinstance(plain, str):
        return plain
    return last_name(value.function if isinstance(value, Call) else value) or value.text


def torch_objective(calls: list[Call]) -> list[Compile]:
    """Criteria of a torch script, each with the optimiser beside it in the same file."""
    criteria = [
        call
        for call in calls
        if last_name(call.function) in _TORCH_LOSSES and isinstance(call.function, Name)
    ]
    criteria += [
        call for call in calls
        if "functional" in dotted(call.function) and canonical_loss(last_name(call.function)) in _FUNCTIONAL
    ]  # fmt: skip
    makers = [call for call in calls if "optim" in dotted(call.function) and optimiser_name(call) is not None]
    found: dict[str, Compile] = {}
    for criterion in criteria:
        near = [m for m in makers if m.parsed.fragment.file == criterion.parsed.fragment.file]
        facts = Compile(criterion.source, loss=Fact(str(loss_name(criterion)), criterion.source))
        optimiser = near[0] if near else None
        found.setdefault(str(criterion.source.line), with_optimiser(facts, optimiser, False, torch=True))
    return list(found.values())


_FUNCTIONAL = frozenset({"cross_entropy", "nll", "bce", "bce_with_logits", "mse"})
