"""Split, order and random changes of the training images in the user's code."""

from __future__ import annotations

from valscope.report.patch.asked import Asked
from valscope.report.patch.calls import Argument, Call
from valscope.report.patch.edit import Edit
from valscope.report.patch.values import (
    added,
    imports,
    inner,
    is_plain,
    line_before,
    quoted,
    set_value,
    source_of,
)

FITS = ("fit",)
# Keras' names of random changes, and what the recipe's fraction is multiplied with.
AUGMENTS = {
    "augmentation.rotate": (("rotation_range", 360.0),),
    "augmentation.shift": (("width_shift_range", 1.0), ("height_shift_range", 1.0)),
    "augmentation.zoom": (("zoom_range", 1.0),),
}
FLIPS = {"augmentation.flip_horizontal": "horizontal_flip", "augmentation.flip_vertical": "vertical_flip"}


def split(asked: Asked) -> list[Edit]:
    """`validation_split=` of a fit becomes train_test_split with `stratify=`; `shuffle=False` becomes that too."""
    if asked.after != "stratified":
        return []
    for call in asked.calls:
        if call.last == "train_test_split":
            return _stratified(asked, call)
        if call.last in FITS and call.argument("validation_split") is not None:
            return _own_validation(asked, call)
    return []


def _stratified(asked: Asked, call: Call) -> list[Edit]:
    given = call.positional
    if len(given) != 2 or not is_plain(given[1].tokens) or call.argument("stratify") is not None:
        return []
    new = f"stratify={source_of(asked.code, given[1].tokens)}"
    shuffle = call.argument("shuffle")
    if shuffle is not None:
        return [Edit(shuffle.start, shuffle.end, new)]
    return [added(call, new)]


def _own_validation(asked: Asked, call: Call) -> list[Edit]:
    """Two lines: the division before the fit, and the fit on its first part."""
    x, y = _data(call)
    share = call.argument("validation_split")
    if x is None or y is None or share is None or call.argument("sample_weight", "validation_data"):
        return []
    names = _new_names(asked, x, y)
    if names is None:
        return []
    x_train, x_val, y_train, y_val = names
    labels = source_of(asked.code, y.tokens)
    division = line_before(
        asked.code, asked.statement,
        f"{x_train}, {x_val}, {y_train}, {y_val} = train_test_split("
        f"{source_of(asked.code, x.tokens)}, {labels}, test_size={source_of(asked.code, share.tokens)}, "
        f"stratify={labels}, random_state=0)",
    )  # fmt: skip
    if division is None:
        return []
    return [
        *imports(asked.code, "sklearn.model_selection", "train_test_split", asked.statement), division,
        Edit(x.value_start, x.end, x_train), Edit(y.value_start, y.end, y_train),
        Edit(share.start, share.end, f"validation_data=({x_val}, {y_val})"),
    ]  # fmt: skip


def _data(call: Call) -> tuple[Argument | None, Argument | None]:
    given = call.positional
    x = given[0] if given else call.argument("x")
    y = given[1] if len(given) > 1 else call.argument("y")
    plain = [a if a is not None and is_plain(a.tokens) else None for a in (x, y)]
    return plain[0], plain[1]


def _new_names(asked: Asked, x: Argument, y: Argument) -> tuple[str, str, str, str] | None:
    """Names that the file does not use yet."""
    used = {t.text for t in asked.code.tokens if t.kind == "name"}
    for ends in (("_train", "_val"), ("_fit", "_val"), ("_fit", "_held")):
        names = [f"{a.tokens[-1].text.removesuffix('_train')}{end}" for a in (x, y) for end in ends]
        if not used & set(names) and len(set(names)) == 4:
            return names[0], names[1], names[2], names[3]
    return None


def order(asked: Asked) -> list[Edit]:
    """`shuffle=False` becomes True, `replace=True` False, a shuffle buffer larger."""
    if asked.after != "permuted":
        return []
    for name, old, new in (("shuffle", "False", "True"), ("replace", "True", "False")):
        argument = asked.keyword(name)
        if argument is not None and source_of(asked.code, argument.tokens) == old:
            return [set_value(asked.code, argument, new)]
    return []


def buffer(asked: Asked) -> list[Edit]:
    """`.shuffle(1000)` with another number."""
    found = [c for c in asked.calls if c.last == "shuffle" and c.arguments]
    if len(found) != 1 or not asked.number:
        return []
    return [set_value(asked.code, found[0].arguments[0], asked.after)]


def aligned(asked: Asked) -> list[Edit]:
    """Predictions and labels in one order: the generator is not shuffled."""
    argument = asked.keyword("shuffle")
    if argument is not None:
        return [set_value(asked.code, argument, "False")]
    found = [c for c in asked.calls if c.last.startswith("flow") or c.last == "image_dataset_from_directory"]
    return [added(found[0], "shuffle=False")] if len(found) == 1 else []


def augment(name: str, asked: Asked) -> list[Edit]:
    """Arguments of ImageDataGenerator: 0 takes one away; `RandomFlip` keeps the direction that is left."""
    if name in FLIPS:
        return _flip(asked, FLIPS[name])
    found: list[Edit] = []
    for keyword, factor in AUGMENTS.get(name, ()):
        argument = asked.keyword(keyword)
        if argument is None or not asked.number:
            continue
        amount = factor * float(asked.after)
        found += asked.dropped(keyword) if amount == 0 else [set_value(asked.code, argument, f"{amount:g}")]
    return found


def _flip(asked: Asked, keyword: str) -> list[Edit]:
    argument = asked.keyword(keyword)
    if argument is not None:
        return [set_value(asked.code, argument, "True" if asked.after == "True" else "False")]
    kept = {"horizontal_flip": "vertical", "vertical_flip": "horizontal"}[keyword]
    for call in asked.calls:
        if call.last == "RandomFlip" and call.positional and asked.after == "False":
            token = call.positional[0].tokens[0]
            if token.kind == "string" and inner(token) == "horizontal_and_vertical":
                return [Edit(token.start, token.end, quoted(token, kept))]
    return []
