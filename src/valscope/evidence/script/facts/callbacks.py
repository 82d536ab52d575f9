"""Callbacks as they are constructed."""

from __future__ import annotations

from valscope.evidence.script.facts.settings import flag, integer, number, text, written
from valscope.evidence.script.flow.asking import last_name
from valscope.evidence.script.flow.values import Call, Value
from valscope.nouns.fact import Fact
from valscope.nouns.script import Callback

_KINDS = frozenset(
    {
        "EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau", "LearningRateScheduler", "CSVLogger", "TensorBoard",
        "TerminateOnNaN", "BackupAndRestore", "LambdaCallback", "SWA", "ProgbarLogger", "RemoteMonitor",
    }
)  # fmt: skip
_MONITOR_AT = {"EarlyStopping": 0, "ModelCheckpoint": 1, "ReduceLROnPlateau": 0}
_PATIENCE_AT = {"EarlyStopping": 2, "ReduceLROnPlateau": 2}


def callback_of(call: Call) -> Callback | None:
    """The facts of a callback's constructor, None for other calls."""
    kind = last_name(call.function)
    if kind not in _KINDS:
        return None
    return Callback(
        kind,
        call.source,
        monitor=text(call.argument(_MONITOR_AT.get(kind), "monitor")),
        patience=integer(call.argument(_PATIENCE_AT.get(kind), "patience")),
        restore_best=flag(call.argument(None, "restore_best_weights")),
        best_only=flag(call.argument(3 if kind == "ModelCheckpoint" else None, "save_best_only")),
        weights_only=flag(call.argument(4 if kind == "ModelCheckpoint" else None, "save_weights_only")),
        file=_file(
            call.argument(0 if kind in ("ModelCheckpoint", "CSVLogger") else None, "filepath", "filename")
        ),
        mode=text(call.argument(None, "mode")),
        factor=number(call.argument(1 if kind == "ReduceLROnPlateau" else None, "factor")),
    )


def _file(value: Value | None) -> Fact[str] | None:
    return text(value) or written(value)
