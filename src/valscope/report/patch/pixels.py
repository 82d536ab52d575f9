"""Scale and channel order on one way of images into the network, in the user's code."""

from __future__ import annotations

from valscope.report.patch import backbones
from valscope.report.patch.asked import Asked
from valscope.report.patch.calls import Argument, Call
from valscope.report.patch.code import Statement
from valscope.report.patch.division import divided
from valscope.report.patch.edit import Edit
from valscope.report.patch.values import (
    added,
    assignments,
    line_after,
    line_before,
    source_of,
    without,
)

FORMULAS = {"unit": "{x} / 255.0", "symmetric": "{x} / 127.5 - 1.0", "centred": "({x} - 127.0) / 128.0"}
PREDICTS = ("predict", "predict_on_batch", "predict_classes")
REACH = 12  # statements after a line within which the image that it reads is given to the network


def scale(asked: Asked) -> list[Edit]:
    """A generator's `rescale=`, a division on the line, or a line more on a way that does not scale."""
    if asked.before == "None":
        return _new_rescale(asked) or _new_line(asked)
    return _generator(asked) or _division(asked)


def _new_rescale(asked: Asked) -> list[Edit]:
    for call in [*asked.calls, *_drawn_from(asked)]:
        if call.last == "ImageDataGenerator" and asked.after == "unit" and call.argument("rescale") is None:
            return [added(call, "rescale=1.0 / 255")]
    return []


def _generator(asked: Asked) -> list[Edit]:
    """`rescale=` of the generator on the line, or of the one that the line draws from."""
    for call in [*asked.calls, *_drawn_from(asked)]:
        argument = call.argument("rescale")
        if argument is not None:
            return _rescaled(asked, call, argument)
    return []


def _drawn_from(asked: Asked) -> list[Call]:
    """The calls that made `name` of `name.flow_from_directory(...)`, where it is made once."""
    for call in asked.calls:
        name, _, method = call.name.rpartition(".")
        made = assignments(asked.code, name) if method.startswith("flow") else []
        if len(made) == 1:
            return asked.code.calls(made[0])
    return []


def _rescaled(asked: Asked, call: Call, argument: Argument) -> list[Edit]:
    wanted = _left(asked)
    if wanted == "None":
        return [without(asked.code, call, argument)]
    if wanted == "unit":
        return [Edit(argument.value_start, argument.end, "1.0 / 255")]
    family = backbones.family(asked)
    if family is None or call.argument("preprocessing_function") is not None:
        return []
    new = Edit(argument.start, argument.end, "preprocessing_function=preprocess_input")
    return [*backbones.import_of(asked, family), new]


def _left(asked: Asked) -> str:
    """What one of the scalings has to become: one of two goes, `unit_caffe` to `caffe`."""
    twice = asked.before.startswith("unit_") and asked.before.removeprefix("unit_") == asked.after
    return "None" if twice else asked.after


def _division(asked: Asked) -> list[Edit]:
    """`img / np.max(img)`, `x / 255.` or `x /= 255`: the whole expression changes."""
    found = divided(asked.statement)
    if found is None:
        return []
    first, sign, end = found
    left = source_of(asked.code, (first, sign)).removesuffix(sign.text).strip()
    new, more = _scaled(asked, left)
    if new is None:
        return []
    if sign.text == "/=":
        return [*more, Edit(first.start, end, f"{left} = {new}")] if new != left else []
    return [*more, Edit(first.start, end, new)]


def _scaled(asked: Asked, x: str) -> tuple[str | None, list[Edit]]:
    """The scaled image as an expression, with the import that it needs."""
    wanted = _left(asked)
    if wanted == "None":
        return x, []
    if wanted in FORMULAS:
        return FORMULAS[wanted].format(x=x), []
    family = backbones.family(asked)
    if family is None:
        return None, []
    return f"preprocess_input({x})", backbones.import_of(asked, family)


def _new_line(asked: Asked) -> list[Edit]:
    """After `x = img_to_array(...)`, or before the network is asked for `x`."""
    for statement in _following(asked):
        calls = asked.code.calls(statement)
        if statement.target and any(c.last in ("img_to_array", "imread") for c in calls):
            return _line(asked, statement, statement.target, after=True)
        name = _asked_for(calls)
        if name:
            return _line(asked, statement, name, after=False)
    return []


def _asked_for(calls: list[Call]) -> str:
    """The plain name that a network is asked for, "" where there is none."""
    for call in calls:
        given = call.positional[0].tokens if call.last in PREDICTS and call.positional else ()
        if len(given) == 1 and given[0].kind == "name":
            return given[0].text
    return ""


def _following(asked: Asked) -> list[Statement]:
    """The statement of the line and those after it, as long as they stand in the same block."""
    found: list[Statement] = []
    indent = asked.code.indent(asked.statement.start)
    later = [s for s in asked.code.statements if s.start >= asked.statement.start]
    for statement in later[:REACH]:
        if asked.code.indent(statement.start) != indent:
            break
        found.append(statement)
    return found


def _line(asked: Asked, statement: Statement, name: str, after: bool) -> list[Edit]:
    new, more = _scaled(asked, name)
    if new is None:
        return []
    made = (line_after if after else line_before)(asked.code, statement, f"{name} = {new}")
    return [] if made is None else [*more, made]


def channels(asked: Asked) -> list[Edit]:
    """A line after `img = cv2.imread(...)` that turns the channels round."""
    name = asked.statement.target
    if not name or not any(c.name == "cv2.imread" for c in asked.calls) or asked.after != "rgb":
        return []
    made = line_after(asked.code, asked.statement, f"{name} = cv2.cvtColor({name}, cv2.COLOR_BGR2RGB)")
    return [] if made is None else [made]
