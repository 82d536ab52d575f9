"""Labels: how they are encoded, and where the order of the classes comes from."""

from __future__ import annotations

import ast

from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.facts.settings import words
from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Call, Each, Items, Operation, Table, Value
from valscope.nouns.script import ClassOrder, LabelStep

_ENCODERS = frozenset(
    {"LabelEncoder", "LabelBinarizer", "OneHotEncoder", "get_dummies", "MultiLabelBinarizer"}
)
_CLASS_WORDS = ("class", "label", "categor", "breed", "species", "target_names")
_FILE_WORDS = ("file", "path", "img", "image", "num", "count", "weight")
_LABEL_NAMES = ("y_", "Y_", "labels_", "train_y", "test_y", "train_label", "test_label", "ytrain", "ytest")
_SAME_LABELS = frozenset({"astype", "reshape", "ravel", "flatten", "squeeze", "to_numpy", "long", "copy"})
_LISTINGS = frozenset({"listdir", "glob", "iglob", "scandir", "walk"})


def label_steps(reading: Reading) -> list[LabelStep]:
    """What is done to labels."""
    found: list[LabelStep] = []
    for event in reading.world.events:
        made = None
        if isinstance(event, Call):
            made = _encoded(event)
        elif isinstance(event, Operation):
            made = _computed(event)
        if made is not None and made not in found:
            found.append(made)
    return found


def _encoded(call: Call) -> LabelStep | None:
    name = last_name(call.function)
    if name in ("to_categorical", "one_hot"):
        number = constant(call.argument(1, "num_classes", "nb_classes", "depth"))
        known = float(number) if isinstance(number, int) else None
        return LabelStep(name, call.source, known, call.text)
    return LabelStep(name, call.source, None, call.text) if name in _ENCODERS else None


def _computed(operation: Operation) -> LabelStep | None:
    """y / 255 and y - 1."""
    if operation.operator not in ("/", "-", "+") or len(operation.operands) != 2:
        return None
    value = constant(operation.operands[1])
    node = operation.node
    left = node.target if isinstance(node, ast.AugAssign) else getattr(node, "left", None)
    if not isinstance(value, int | float) or not _is_labels(left):
        return None
    if operation.operator == "/":
        return LabelStep("divided", operation.source, float(value), operation.text) if value > 1 else None
    shift = float(value if operation.operator == "+" else -value)
    return LabelStep("shifted", operation.source, shift, operation.text) if abs(shift) == 1 else None


def _is_labels(node: ast.AST | None) -> bool:
    """Whether an expression is a variable of labels, or that variable in another type or shape."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SAME_LABELS:
        return _is_labels(node.func.value)
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    if any(word in name.lower() for word in ("pred", "prob", "hat", "score")):
        return False
    return name in ("y", "Y", "labels", "targets") or name.startswith(_LABEL_NAMES)


def class_orders(reading: Reading) -> list[ClassOrder]:
    """Where class names and their order come from."""
    found: list[ClassOrder] = []
    for value in reading.world.assigned:
        made = _order(value)
        if made is not None and made not in found:
            found.append(made)
    return found + [order for order in _asked(reading) if order not in found]


def _order(value: Value) -> ClassOrder | None:
    """An order of classes in a variable whose name says so."""
    if not any(_names_classes(name.lower()) for name in value.names):
        return None
    if isinstance(value, Items) and not value.open:
        names = words(value)
        if names is None or len(names.value) < 2:
            return None
        return ClassOrder("set" if value.kind == "set" else "hand_written", value.source, names.value)
    if isinstance(value, Table) and not value.open:
        plain = constant(value)
        texts = [str(v if isinstance(v, str) else k) for k, v in plain.items()]
        numbered = all(isinstance(k, int) != isinstance(v, int) for k, v in plain.items())
        return ClassOrder("hand_written", value.source, tuple(texts)) if numbered and len(texts) > 1 else None
    return _listed(value)


def _names_classes(name: str) -> bool:
    """Whether a variable's name says that it holds classes, and not files or numbers of a class."""
    told = name == "names" or any(word in name for word in _CLASS_WORDS)
    return told and not any(word in name for word in _FILE_WORDS)


def _listed(value: Value) -> ClassOrder | None:
    name = last_name(value.function) if isinstance(value, Call) else ""
    if name == "sorted" and isinstance(value, Call) and value.arguments:
        inner = _listed(value.arguments[0])
        return ClassOrder("listdir_sorted", value.source) if inner else None
    if name in _LISTINGS:
        return ClassOrder("listdir" if name in ("listdir", "scandir", "walk") else "glob", value.source)
    if isinstance(value, Items) and value.open and value.items:  # [d for d in os.listdir(...)]
        inner_value = value.items[0]
        if isinstance(inner_value, Each):
            return _listed(inner_value.iterable)
    return None


def _asked(reading: Reading) -> list[ClassOrder]:
    """`.class_indices` and `.class_names` of a feed, also where they stand in a comment only."""
    found: list[ClassOrder] = []
    for parsed in reading.world.fragments:
        found += [
            ClassOrder(node.attr, parsed.source(node.lineno))
            for node in ast.walk(parsed.tree)
            if isinstance(node, ast.Attribute) and node.attr in ("class_indices", "class_names")
        ]
        found += [
            ClassOrder("class_indices", parsed.source(number), used=False)
            for number, line in enumerate(parsed.lines, 1)
            if line.lstrip().startswith("#") and "class_indices" in line
        ]
    return list(dict.fromkeys(found))
