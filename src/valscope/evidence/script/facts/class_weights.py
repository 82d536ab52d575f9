"""Class weights as the code has them: written out, or computed from how many images each class has."""

from __future__ import annotations

import re

from valscope.evidence.script.flow.asking import constant, is_none, last_name, options
from valscope.evidence.script.flow.values import Call, Each, Item, Items, Operation, Table, Value

_DEEP = 12
_COUNTED = ("bincount", "value_counts", "count_nonzero", "Counter")  # one number for each class
_SAME = ("float", "int", "round", "dict", "enumerate", "list", "tuple", "array", "asarray", "astype", "to_dict",
         "tolist", "sort_index", "items", "values", "float32", "float64")  # fmt: skip
_COUNTS = re.compile(r"count|cnt|freq|(?<![a-z])num|hist|sizes|totals|lengths|per_class", re.IGNORECASE)
_PLACE = {"zip": -1, "map": -1}  # which argument carries the numbers


def literal_weights(value: Value | None) -> tuple[tuple[int, float], ...]:
    """(class number, weight) where all are written out; () where not."""
    plain = constant(value)
    if not isinstance(plain, dict):
        return ()
    known = all(type(k) is int and isinstance(v, int | float) for k, v in plain.items())
    return tuple((k, float(v)) for k, v in plain.items()) if known else ()


def count_power(value: Value | None) -> float | None:
    """The power of a class's number of images that its weight is proportional to: -1 for balanced weights, 1 where
    large classes weigh most, 0 where all weigh the same; None where the text does not tell."""
    found = {_power(option, 0) for option in options(value) if not is_none(option)}
    power = found.pop() if len(found) == 1 else None
    return None if power == 0.0 and not isinstance(value, Table) else power


def _power(value: Value | None, depth: int) -> float | None:
    """0.0 for what is the same for all classes."""
    if value is None or depth > _DEEP:
        return None
    if isinstance(value, Table):
        return _of_table(value, depth)
    if isinstance(value, Operation):
        return _of_operation(value, depth)
    if isinstance(value, Call):
        return _of_call(value, depth)
    if isinstance(value, Item):
        return _of_item(value, depth)
    return None if isinstance(value, Each | Items) else 0.0


def _of_table(value: Table, depth: int) -> float | None:
    powers = {_power(item, depth + 1) for _, item in value.pairs}
    if len(powers) == 1 and powers != {0.0}:
        return powers.pop()
    if len({constant(item) for _, item in value.pairs} - {None}) == 1 and powers == {0.0}:
        return 0.0
    return -1.0 if _shares_of_names(value) else None


def _shares_of_names(value: Table) -> bool:
    """{0: total / (2 * cats), 1: total / (2 * dogs)}: one numerator over what belongs to the class alone."""
    items = [item for _, item in value.pairs]
    if len(items) < 2 or not all(isinstance(i, Operation) and i.operator == "/" for i in items):
        return False
    above, below = ({i.operands[at].text for i in items if isinstance(i, Operation)} for at in (0, 1))
    return len(above) == 1 and len(below) == len(items)


def _of_operation(value: Operation, depth: int) -> float | None:
    powers = [_power(o, depth + 1) for o in value.operands]
    if len(powers) != 2 or powers[0] is None or powers[1] is None:
        return None
    left, right = powers[0], powers[1]
    if value.operator == "*":
        return left + right
    if value.operator in ("/", "//"):
        return left - right
    exponent = constant(value.operands[1])
    if value.operator == "**" and isinstance(exponent, int | float):
        return left * exponent
    return 0.0 if left == right == 0.0 else None


def _of_call(value: Call, depth: int) -> float | None:
    name = last_name(value.function)
    if name == "compute_class_weight":
        return -1.0 if constant(value.argument(0, "class_weight")) == "balanced" else None
    if name in _COUNTED:
        return 1.0
    if name in ("sum", "len") and (_of_one(value, 0) or constant(value.argument(None, "axis")) == 0):
        return 1.0  # of one class, or of one-hot labels over all images
    if name in ("sum", "len", "max", "min", "mean", "median", "sqrt"):
        inner = _power(value.arguments[0], depth + 1) if value.arguments else None
        return (inner / 2 if inner is not None else None) if name == "sqrt" else 0.0
    if name in _PLACE and value.arguments:
        return _power(value.arguments[_PLACE[name]], depth + 1)
    if name in _SAME:
        base = getattr(value.function, "base", None)
        return _power(value.arguments[0] if value.arguments else base, depth + 1)
    return None


def _of_one(value: Value | None, depth: int) -> bool:
    """Whether it is about one class of a loop: `y == c`, `os.listdir(join(folder, c))`."""
    if value is None or depth > _DEEP:
        return False
    if isinstance(value, Each):
        return True
    inner: list[Value] = []
    if isinstance(value, Call):
        inner = [*value.arguments, *([b] if (b := getattr(value.function, "base", None)) is not None else [])]
    elif isinstance(value, Operation):
        inner = value.operands
    elif isinstance(value, Item):
        inner = [value.base, value.index]
    return any(_of_one(one, depth + 1) for one in inner)


def _of_item(value: Item, depth: int) -> float | None:
    """An element: of the counts of all classes by the class of a loop, or the count of a loop over counts itself."""
    if isinstance(value.base, Each):
        made = value.base.iterable
    elif _of_one(value.index, depth):
        made = value.base
    else:
        return 1.0 if _unique_counts(value) else 0.0
    inner = _power(made, depth + 1)
    if inner == 0.0:  # an iterable of which the text tells the name alone
        return 1.0 if _COUNTS.search(made.text) else None
    return inner


def _unique_counts(value: Item) -> bool:
    """`np.unique(labels, return_counts=True)[1]`, or the second of its two results by name."""
    made = value.base
    called = isinstance(made, Call) and last_name(made.function) == "unique"
    return called and constant(made.argument(None, "return_counts")) is True and constant(value.index) == 1  # type: ignore[attr-defined]
