"""Scores of a network, followed to where something is decided from them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.facts.usage import EVALUATING, asks
from valscope.evidence.script.flow.asking import constant, dotted, last_name
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Each,
    Either,
    Item,
    Items,
    Name,
    Operation,
    Parameter,
    Value,
)
from valscope.nouns.script.use import DecisionKind

_SCORES = frozenset(
    {
        "result", "results", "pred", "preds", "prediction", "predictions", "prob", "probs", "proba", "score",
        "scores", "y_pred", "ypred", "yhat", "y_hat", "output", "outputs", "predict", "predicted", "probability",
        "probabilities", "res", "y_prob", "logits",
    }
)  # fmt: skip
_ROUNDING = frozenset({"round", "rint", "around", "round_"})
_HANDING = frozenset(
    {"squeeze", "flatten", "ravel", "float", "numpy", "array", "reshape", "tolist", "item", "list", "abs", "max",
     "amax", "softmax", "sigmoid", "cpu", "detach", "asarray", "transpose", "expand_dims", "to_numpy", "Variable"}
)  # fmt: skip
_WHOLE = ("int", "uint", "bool")


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of a network: the call that gave them, what was indexed, and what decided already."""

    call: Call | None
    index: str = ""
    decided: str = ""


def decision_kind(call: Call, name: str) -> DecisionKind | None:
    """What a call does to scores, None for other calls."""
    if name in ("argmax", "argmin"):
        return "argmax" if name == "argmax" else "argmin"
    if name == "max" and (isinstance(call.function, Attribute) or "torch" in dotted(call.function)):
        given = call.argument(0 if isinstance(call.function, Attribute) else 1, "dim")
        return "argmax" if isinstance(constant(given), int) else None  # torch.max(x, 1) gives the index too
    if name in _ROUNDING:
        digits = call.argument(0 if isinstance(call.function, Attribute) else 1, "decimals", "ndigits")
        return "round" if constant(digits) in (None, 0) else None  # to two decimals is for showing
    if name == "int":
        return "astype_int"
    if name in ("astype", "cast"):
        given = call.argument(0 if name == "astype" else 1, "dtype")
        kind = str(constant(given) or dotted(given)).rpartition(".")[2]
        return "astype_int" if kind.startswith(_WHOLE) else None
    return None


def tensor_in(call: Call) -> Value | None:
    """The scores that a function or method works on."""
    if isinstance(call.function, Attribute):
        return call.function.base
    return call.argument(0, "a", "input", "x")


def scores_of(value: Value | None, reading: Reading, depth: int = 0) -> Scores | None:
    """The scores that a value is made of, None when it is something else."""
    if value is None or depth > 12:
        return None
    if isinstance(value, Call):
        return _scores_of_call(value, reading, depth)
    if isinstance(value, Item):
        inner = scores_of(value.base, reading, depth + 1)
        return None if inner is None else replace(inner, index=f"{inner.index}[{value.index.text}]")
    if isinstance(value, Either):
        found = [scores_of(option, reading, depth + 1) for option in value.options]
        return next((scores for scores in found if scores is not None), None)
    if isinstance(value, Each):
        inner = scores_of(value.iterable, reading, depth + 1)
        return None if inner is None else replace(inner, index=f"{inner.index}[i]")
    if isinstance(value, Items) and len(value.items) == 1:
        return scores_of(value.items[0], reading, depth + 1)
    if isinstance(value, Operation):
        compared = value.operator in (">", "<", ">=", "<=", "==")
        inner = (
            scores_of(value.operands[0], reading, depth + 1) if compared or value.operator == "*" else None
        )
        return replace(inner, decided="threshold") if inner is not None and compared else inner
    if isinstance(value, Name | Parameter):
        name = value.dotted if isinstance(value, Name) else value.name
        return Scores(None) if name.lower() in _SCORES else None
    return None


def _scores_of_call(call: Call, reading: Reading, depth: int) -> Scores | None:
    name = last_name(call.function)
    if asks(call):
        if name in EVALUATING:
            return None
        return Scores(call, decided="predict_classes" if name == "predict_classes" else "")
    kind = decision_kind(call, name)
    if kind is None and name not in _HANDING:
        return None
    inner = scores_of(tensor_in(call), reading, depth + 1)
    return replace(inner, decided=kind) if inner is not None and kind is not None else inner
