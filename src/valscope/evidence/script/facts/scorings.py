"""What predictions are scored against outside Keras, and whether both come in one order."""

from __future__ import annotations

from collections.abc import Iterator

from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.flow.asking import last_name, options
from valscope.evidence.script.flow.values import Attribute, Call, Each, Item, Items, Operation, Value
from valscope.evidence.script.way.flows import OPERATIONS
from valscope.nouns.fact import Source
from valscope.nouns.script import Feed, Scoring

_SCORINGS = frozenset(
    {"confusion_matrix", "classification_report", "accuracy_score", "f1_score", "precision_score", "recall_score",
     "roc_auc_score", "cohen_kappa_score", "balanced_accuracy_score", "ConfusionMatrixDisplay"}
)  # fmt: skip
_JOINS = frozenset({"concatenate", "concat", "array", "asarray", "list", "stack", "hstack", "vstack"})
# What leaves rows in their order: of the values themselves, and as functions of them.
_SAME_ROWS = frozenset(
    {"numpy", "astype", "ravel", "flatten", "squeeze", "reshape", "argmax", "round", "rint", "tolist", "copy", "cast",
     "as_numpy_iterator", "unbatch"}
)  # fmt: skip
_DEEPEST = 12


def scorings(reading: Reading) -> list[Scoring]:
    """Predictions compared with true labels: by a function of a library, or by == where both are known."""
    found: list[Scoring] = []
    for made in (*_by_function(reading), *_by_equality(reading)):
        if made not in found:
            found.append(made)
    return found


def _by_function(reading: Reading) -> Iterator[Scoring]:
    for call in reading.calls:
        if last_name(call.function) in _SCORINGS:
            truth = call.argument(0, "y_true", "labels")
            predicted = call.argument(1, "y_pred", "y_score", "predictions")
            yield _scored(reading, last_name(call.function), call.source, truth, predicted)


def _by_equality(reading: Reading) -> Iterator[Scoring]:
    """Only where one side is a feed predicted as a whole and the other its labels: most comparisons score nothing."""
    for operation in reading.operations:
        if operation.operator == "==" and len(operation.operands) == 2:
            one, other = operation.operands
            for truth, predicted in ((one, other), (other, one)):
                made = _scored(reading, "count", operation.source, truth, predicted)
                asked = _predicted(predicted, reading)
                if None not in (made.feed, asked) and _same(
                    reading.feeds[asked or 0], reading.feeds[made.feed or 0]
                ):
                    yield made


def _scored(
    reading: Reading, name: str, source: Source, truth: Value | None, predicted: Value | None
) -> Scoring:
    text = truth.text if truth is not None else ""
    feed = _listed(truth, reading)
    if feed is not None:
        return Scoring(name, source, text, feed, reading.feeds[feed].shuffled)
    feed = _another_pass(truth, predicted, reading)
    if feed is None:
        return Scoring(name, source, text)
    return Scoring(name, source, text, feed, _shuffles_anew(reading.feeds[feed]), passes=True)


def _listed(value: Value | None, reading: Reading) -> int | None:
    """The feed whose list of labels, in the order of its files, a value is."""
    for option in options(value):
        if isinstance(option, Attribute) and option.name in ("classes", "labels"):
            return reading.feed(option.base, "test")
        if (
            isinstance(option, Call)
            and option.arguments
            and last_name(option.function) in ("array", "asarray", "list")
        ):
            return _listed(option.arguments[0], reading)
    return None


def _another_pass(truth: Value | None, predicted: Value | None, reading: Reading) -> int | None:
    """The feed whose labels are collected in one pass while predict() takes its images in another."""
    asked = _predicted(predicted, reading)
    if asked is None:
        return None
    value = truth
    for _ in range(_DEEPEST):
        if isinstance(value, Items) and len(value.items) == 1:
            value = value.items[0]
        elif isinstance(value, Call) and last_name(value.function) in _JOINS and value.arguments:
            value = value.arguments[0]
        elif isinstance(value, Call) and (inner := _same_rows(value)) is not None:
            value = inner
        else:
            break
    if isinstance(value, Item) and isinstance(value.base, Each):
        value = value.base.iterable
    elif (
        isinstance(value, Call)
        and last_name(value.function) == "map"
        and isinstance(value.function, Attribute)
    ):
        value = value.function.base
    else:
        return None
    passed = reading.feed(value, "test")
    return asked if passed is not None and _same(reading.feeds[passed], reading.feeds[asked]) else None


def _same(feed: Feed, other: Feed) -> bool:
    """Made by the same call, whatever operations of tf.data came after it."""
    return feed.source == other.source and (feed.name == other.name or not (feed.name and other.name))


def _predicted(value: Value | None, reading: Reading) -> int | None:
    """The feed that predict() takes as a whole where a value is made of its scores."""
    for _ in range(_DEEPEST):
        if isinstance(value, Call) and last_name(value.function) in ("predict", "predict_generator"):
            given = value.argument(0, "x", "generator")
            return reading.feed(given, "test") if _is_feed(given, reading) else None
        if isinstance(value, Item):
            value = value.base
        elif isinstance(value, Operation) and value.operands:
            value = value.operands[0]
        elif isinstance(value, Call):
            value = _same_rows(value)
        else:
            return None
    return None


def _is_feed(value: Value | None, reading: Reading) -> bool:
    """The feed itself, with operations of tf.data after it; not arrays that one pass over it collected."""
    if value is None:
        return False
    feed, made = reading.walker.follow(value).feed, value
    while (
        made is not feed
        and isinstance(made, Call)
        and isinstance(made.function, Attribute)
        and made.function.name in OPERATIONS
    ):
        made = made.function.base
    return made is feed


def _same_rows(call: Call) -> Value | None:
    """What a call changes row by row."""
    name = last_name(call.function)
    if name not in _SAME_ROWS | _JOINS:
        return None
    if (isinstance(call.function, Attribute) and not call.arguments) or name in ("astype", "reshape"):
        return call.function.base if isinstance(call.function, Attribute) else None
    if call.arguments and not isinstance(call.arguments[0], Items):
        first = call.arguments[0]
        constant = type(first).__name__ == "Constant"
        return call.function.base if constant and isinstance(call.function, Attribute) else first
    return None


def _shuffles_anew(feed: Feed) -> bool | None:
    """Whether every pass over a tf.data feed has an order of its own: none where the first one is kept by cache()."""
    if not feed.kind.startswith(("image_dataset", "tf.data")) or not feed.shuffled:
        return None
    names = [step.name for step in feed.operations]
    if any(
        step.name == "shuffle"
        and ("reshuffle_each_iteration=False" in step.value or step.value.endswith(", False"))
        for step in feed.operations
    ):
        return None
    kept = "cache" in names and ("shuffle" not in names or names.index("cache") > names.index("shuffle"))
    return None if kept else True
