"""What reading one batch shows: draws with replacement, random changes, and the flag that switches them off."""

from __future__ import annotations

from dataclasses import dataclass

from valscope.evidence.script.flow.asking import constant, dotted, last_name, reaches
from valscope.evidence.script.flow.values import Attribute, Call, Item, Operation, Parameter, Value
from valscope.evidence.script.flow.world import Event
from valscope.nouns.fact import Fact

_DRAWING = frozenset({"randint", "randrange", "random_integers", "choices", "integers"})
_CHANGING = (
    "random_rotation", "random_shift", "random_zoom", "random_shear", "random_flip", "random_transform", "random_crop",
    "random_brightness", "random_contrast", "augment", "flip_left_right", "fliplr", "flipud", "warpAffine", "rotate",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What reading one batch showed: its result, the events, and the index that was asked for."""

    result: Value | None
    events: list[Event]
    index: Parameter | None


def drawn_in(seen: Seen) -> Call | None:
    """A random draw with replacement that picks images: a random index, or np.random.choice without
    replace=False."""
    picks = [event.index for event in seen.events if isinstance(event, Item)]
    for event in seen.events:
        if not isinstance(event, Call) or not _random(event):
            continue
        name = last_name(event.function)
        if name in _DRAWING and (name == "choices" or any(reaches(pick, event) for pick in picks)):
            return event
        if name == "choice" and _draws_items(event, picks):
            return event
    return None


def _random(call: Call) -> bool:
    name = dotted(call.function)
    return (
        "random" in name
        or name.startswith(("rng.", "np."))
        or last_name(call.function) in ("randint", "randrange")
    )


def _draws_items(call: Call, picks: list[Value]) -> bool:
    """np.random.choice draws with replacement unless told not to; random.choice draws one each time."""
    source = call.argument(0, "a", "seq")
    if constant(call.argument(2, "replace")) is False or constant(source) is not None:
        return False  # a choice between literals (True, False) picks no image
    return any(reaches(pick, call) for pick in picks) or "numpy" not in dotted(call.function)


def changed_in(seen: Seen) -> Call | None:
    """A random change of an image."""
    calls = [event for event in seen.events if isinstance(event, Call)]
    return next(
        (call for call in calls if last_name(call.function).startswith(_CHANGING) or _albumentations(call)),
        None,
    )


def _albumentations(call: Call) -> bool:
    return (
        "image" in call.keywords
        and isinstance(call.function, Attribute | Parameter)
        and "aug" in dotted(call.function)
    )


def guard_of(call: Call | None) -> str:
    """Name of the flag under which something happens, with "not " where it is the other side of it."""
    if call is None:
        return ""
    for condition, holds in reversed(call.context.guards):
        value, positive = condition, holds
        while isinstance(value, Operation) and value.operator in ("not", "truth"):
            positive = positive == (value.operator == "truth")
            value = value.operands[0]
        if isinstance(value, Call):  # a coin (random.random() < 0.5 and the like) is no flag
            continue
        names = [*value.names, getattr(value, "name", "")]
        name = next((n for n in names if n), "")
        if name:
            return name if positive else f"not {name}"
    return ""


def labels_in(seen: Seen) -> Fact[str] | None:
    """How a batch's labels are encoded."""
    calls = [event for event in seen.events if isinstance(event, Call)]
    found = next((call for call in calls if last_name(call.function) in ("to_categorical", "one_hot")), None)
    return Fact(found.text, found.source) if found else None
