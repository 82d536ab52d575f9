"""How scores become a class: compared, rounded, cut, or the greatest taken."""

from __future__ import annotations

from dataclasses import dataclass, replace

from valscope.evidence.script.reading import Reading
from valscope.evidence.script.settings import integer
from valscope.evidence.script.usage import EVALUATING, asks
from valscope.evidence.script.values import (
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
    constant,
    dotted,
    last_name,
)
from valscope.nouns.script import Decision
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
class _Scores:
    """Scores of a network: the call that gave them, what was indexed, and what decided already."""

    call: Call | None
    index: str = ""
    decided: str = ""


def decisions(reading: Reading) -> list[Decision]:
    """All decisions, in the order of the text."""
    found: list[Decision] = []
    for event in reading.world.events:
        made: Decision | None = None
        if isinstance(event, Operation):
            made = _compared(event, reading)
        elif isinstance(event, Call):
            made = _called(event, reading)
        if made is not None and made not in found:
            found.append(made)
    return found


def _compared(operation: Operation, reading: Reading) -> Decision | None:
    if operation.operator == "truth":
        scores = _scores(operation.operands[0], reading)
        truth = scores is not None and scores.call is not None and not scores.decided and scores.index
        return _decision("any", operation, scores, reading) if truth and scores else None
    if operation.operator not in ("==", ">", ">=", "<", "<=") or len(operation.operands) != 2:
        return None
    left, right = operation.operands
    sign = operation.operator
    if isinstance(constant(left), int | float):
        left, right = right, left
        sign = {">": "<", "<": ">", ">=": "<=", "<=": ">="}.get(sign, sign)
    value = constant(right)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    scores = _scores(left, reading)
    if scores is None or scores.decided or (scores.call is None and not 0 <= value <= 1):
        return None
    made = _decision("equals" if sign == "==" else "threshold", operation, scores, reading)
    return replace(made, operator=sign, value=float(value))


def _called(call: Call, reading: Reading) -> Decision | None:
    name = last_name(call.function)
    if name == "predict_classes" and asks(call):
        return _decision("predict_classes", call, _Scores(call), reading)
    kind = _kind(call, name)
    if kind is None:
        return None
    scores = _scores(_tensor(call), reading)
    if scores is None or scores.decided:
        return None
    at = 0 if isinstance(call.function, Attribute) else 1
    axis = integer(call.argument(at, "axis", "dim")) if kind in ("argmax", "argmin") else None
    return replace(_decision(kind, call, scores, reading), axis=axis)


def _kind(call: Call, name: str) -> DecisionKind | None:
    if name in ("argmax", "argmin"):
        return "argmax" if name == "argmax" else "argmin"
    if name == "max" and (isinstance(call.function, Attribute) or "torch" in dotted(call.function)):
        given = call.argument(0 if isinstance(call.function, Attribute) else 1, "dim")
        return "argmax" if isinstance(constant(given), int) else None  # torch.max(x, 1) gives the index too
    if name in _ROUNDING:
        return "round"
    if name == "int":
        return "astype_int"
    if name in ("astype", "cast"):
        given = call.argument(0 if name == "astype" else 1, "dtype")
        kind = str(constant(given) or dotted(given)).rpartition(".")[2]
        return "astype_int" if kind.startswith(_WHOLE) else None
    return None


def _tensor(call: Call) -> Value | None:
    if isinstance(call.function, Attribute):
        return call.function.base
    return call.argument(0, "a", "input", "x")


def _decision(kind: DecisionKind, at: Value, scores: _Scores | None, reading: Reading) -> Decision:
    call = scores.call if scores is not None else None
    position = next(
        (n for n, known in enumerate(_unique(reading)) if call is not None and known == call.source), None
    )
    network = None
    if call is not None:
        base = call.function.base if isinstance(call.function, Attribute) else call.function
        network = reading.networks.index(base)
    return Decision(
        kind, at.source, index=scores.index if scores else "", predicting=position, network=network
    )  # fmt: skip


def _unique(reading: Reading) -> list[object]:
    """Sources of the predictions as they are listed: each line once."""
    return list(dict.fromkeys(call.source for call in reading.predictions))


def _scores(value: Value | None, reading: Reading, depth: int = 0) -> _Scores | None:
    """The scores that a value is made of, None when it is something else."""
    if value is None or depth > 12:
        return None
    if isinstance(value, Call):
        return _scores_of_call(value, reading, depth)
    if isinstance(value, Item):
        inner = _scores(value.base, reading, depth + 1)
        return None if inner is None else replace(inner, index=f"{inner.index}[{value.index.text}]")
    if isinstance(value, Either):
        found = [_scores(option, reading, depth + 1) for option in value.options]
        return next((scores for scores in found if scores is not None), None)
    if isinstance(value, Each):
        inner = _scores(value.iterable, reading, depth + 1)
        return None if inner is None else replace(inner, index=f"{inner.index}[i]")
    if isinstance(value, Items) and len(value.items) == 1:
        return _scores(value.items[0], reading, depth + 1)
    if isinstance(value, Operation):
        compared = value.operator in (">", "<", ">=", "<=", "==")
        inner = _scores(value.operands[0], reading, depth + 1) if compared or value.operator == "*" else None
        return replace(inner, decided="threshold") if inner is not None and compared else inner
    if isinstance(value, Name | Parameter):
        name = value.dotted if isinstance(value, Name) else value.name
        return _Scores(None) if name.lower() in _SCORES else None
    return None


def _scores_of_call(call: Call, reading: Reading, depth: int) -> _Scores | None:
    name = last_name(call.function)
    if asks(call):
        if name in EVALUATING:
            return None
        return _Scores(call, decided="predict_classes" if name == "predict_classes" else "")
    kind = _kind(call, name)
    if kind is None and name not in _HANDING:
        return None
    inner = _scores(_tensor(call), reading, depth + 1)
    return replace(inner, decided=kind) if inner is not None and kind is not None else inner
