"""Single calls and operators that multiply rows: drawn again, repeated, interpolated."""

from __future__ import annotations

from dataclasses import dataclass

from valscope.evidence.script.flow.asking import constant, dotted, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Item, Items, Operation, Value
from valscope.evidence.script.rows.subjects import given, is_list
from valscope.evidence.script.rows.words import OVERSAMPLERS
from valscope.nouns.fact import Source
from valscope.nouns.script.rows import How

_LESS = ("down", "under", "major", "less", "small")
_MORE = ("up", "over", "minor", "more", "balanc")
_SETS = frozenset({"from_tensor_slices", "list_files", "image_dataset_from_directory", "from_generator"})


@dataclass(frozen=True, slots=True)
class Multiplied:
    """What multiplied rows: see `Copied`. `mixed` says whether they were put into random order afterwards."""

    by: str
    how: How
    source: Source
    times: int | None = None
    mixed: bool = False


def by_call(value: Value) -> Multiplied | None:
    """What one call does: RandomOverSampler, resample, sample and choice with replacement, repeat."""
    if isinstance(value, Item) and constant(value.index) == 0:
        value = value.base
    if not isinstance(value, Call):
        return None
    name, function = last_name(value.function), value.function
    method = isinstance(function, Attribute)
    if name in ("fit_resample", "fit_sample") and isinstance(function, Attribute):
        return _oversampled(value, function.base)
    if name == "resample" and not method and "scipy" not in dotted(function):
        return _drawn(value, name)
    again = value.argument(2 if name == "choice" else None, "replace")
    if (name == "choice" or (name == "sample" and method)) and constant(again) is True:
        return _drawn(value, name)
    return _repeated(value, name)


def _oversampled(call: Call, tool: Value) -> Multiplied | None:
    """imbalanced-learn's classes, also in a pipeline of it."""
    made = [tool, *_steps(tool)]
    names = [last_name(step.function) for step in made if isinstance(step, Call)]
    known = next((name for name in names if name in OVERSAMPLERS), None)
    if known is None:
        return None
    return Multiplied(known, "interpolated" if OVERSAMPLERS[known] else "drawn again", call.source)


def _steps(tool: Value) -> list[Value]:
    """The steps of Pipeline([("over", SMOTE()), ...]) and make_pipeline(...)."""
    if not isinstance(tool, Call):
        return []
    listed = [
        item
        for argument in tool.arguments
        for item in (argument.items if isinstance(argument, Items) else [argument])
    ]
    return [step.items[-1] if isinstance(step, Items) and step.items else step for step in listed]


def _drawn(call: Call, name: str) -> Multiplied | None:
    """Rows drawn with replacement, more of them than there are as far as names say."""
    again = call.argument(None, "replace")
    size = call.argument({"choice": 1, "sample": 0}.get(name), "n_samples", "n", "size")
    target, most = " ".join(call.names).lower(), size.text.lower() if size is not None else ""
    if constant(again) is False or any(word in target for word in _LESS) or "min" in most:
        return None
    more = again is not None or size is None or any(word in target for word in _MORE)
    return Multiplied(name, "drawn again", call.source) if more or name == "choice" else None


def _repeated(call: Call, name: str) -> Multiplied | None:
    """np.repeat(x, 3, axis=0), np.tile(x, (3, 1, 1, 1)), ds.repeat(3), repeat_interleave(x, 3, dim=0)."""
    if name not in ("repeat", "repeat_interleave", "tile"):
        return None
    method = isinstance(call.function, Attribute)
    times = constant(call.argument(0 if method else 1, "repeats", "reps", "count", "multiples"))
    axis = call.argument(1 if method else 2, "axis", "dim")
    if method and name == "repeat" and len(call.arguments) > 1:  # of torch: a factor for each axis
        times, axis = tuple(map(constant, call.arguments)), None
    if isinstance(times, tuple):
        times = times[0] if len(times) > 1 and all(one == 1 for one in times[1:]) else None
    elif constant(axis) != 0 or name == "tile":
        alone = _is_dataset(call) if method else _is_flat(given(call))
        times = times if axis is None and alone else None
    many = type(times) is int and times > 1
    return Multiplied(name, "repeated", call.source, times) if many else None


def _is_flat(value: Value | None) -> bool:
    """Whether a value is a list of files, which has one axis."""
    names = value.names if value is not None else []
    words = {word for name in names for word in name.lower().split("_")}
    return is_list(value) or bool(words & {"files", "paths", "filenames", "filepaths"})


def _is_dataset(call: Call) -> bool:
    """Whether repeat belongs to tf.data."""
    base: Value | None = call.function
    while isinstance(base, Attribute | Call):
        base = base.base if isinstance(base, Attribute) else base.function
        if last_name(base) in _SETS:
            return True
    return False


def by_sign(value: Value) -> Multiplied | None:
    """files * 3 and [df] * 3, where the text shows a list."""
    if not isinstance(value, Operation) or value.operator != "*" or len(value.operands) != 2:
        return None
    left, right = value.operands
    if type(constant(left)) is int:
        left, right = right, left
    times = constant(right)
    if not is_list(left) or type(times) is not int or times < 2:
        return None
    return Multiplied("*", "repeated", value.source, times)
