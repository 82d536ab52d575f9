"""How scores become a class: compared, rounded, cut, or the greatest taken."""

from __future__ import annotations

from dataclasses import replace

from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.facts.scores import Scores, decision_kind, scores_of, tensor_in
from valscope.evidence.script.facts.settings import integer
from valscope.evidence.script.facts.usage import asks
from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Operation, Value
from valscope.nouns.script import Decision
from valscope.nouns.script.use import DecisionKind


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
        scores = scores_of(operation.operands[0], reading)
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
    scores = scores_of(left, reading)
    if scores is None or scores.decided or (scores.call is None and not 0 <= value <= 1):
        return None
    made = _decision("equals" if sign == "==" else "threshold", operation, scores, reading)
    return replace(made, operator=sign, value=float(value))


def _called(call: Call, reading: Reading) -> Decision | None:
    name = last_name(call.function)
    if name == "predict_classes" and asks(call):
        return _decision("predict_classes", call, Scores(call), reading)
    kind = decision_kind(call, name)
    if kind is None:
        return None
    scores = scores_of(tensor_in(call), reading)
    if scores is None or scores.decided:
        return None
    at = 0 if isinstance(call.function, Attribute) else 1
    axis = integer(call.argument(at, "axis", "dim")) if kind in ("argmax", "argmin") else None
    return replace(_decision(kind, call, scores, reading), axis=axis)


def _decision(kind: DecisionKind, at: Value, scores: Scores | None, reading: Reading) -> Decision:
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
