"""What a text says in words, tables and printed arrays: numbers with a label where the text gives one.

Each is carried by a `Fact`, so that its line is known. Nothing here is judged: a stated number may be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.log import Reading

Part = Literal["train", "val", "test"]


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """Items of each class. `labels` are names or numbers as written, in the order of the text."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class PartSize:
    """Items of one part. `classes` where the same line says how many; `exact` is False for "about 13000" and
    "8k"; `printed` is True for lines that programs print in fixed words ("Found 1939 images belonging to ...",
    "Train on 3056 samples"). `part` None: the text names none."""

    images: int
    part: Part | None = None
    classes: int | None = None
    exact: bool = True
    printed: bool = False


@dataclass(frozen=True, slots=True)
class ClassNumber:
    """How many classes there are."""

    classes: int


@dataclass(frozen=True, slots=True)
class SplitShares:
    """Shares of the parts as fractions, None for a part that is not named."""

    train: float | None = None
    val: float | None = None
    test: float | None = None


@dataclass(frozen=True, slots=True)
class StatedScore:
    """A loss or accuracy in words. `measure` is "accuracy", "loss" or "error_rate"."""

    measure: str
    value: Reading
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class LearningRates:
    """Learning rates that a sentence names, in its order."""

    values: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class KofN:
    """ "168 of 170": k items out of n."""

    k: int
    n: int


@dataclass(frozen=True, slots=True)
class PercentOf:
    """A percentage beside counts; `counts` are those of the same sentence, nearest first. Which of them it is
    a percentage of is left open."""

    percent: Reading
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NamedNumber:
    """One line of output with a name and a number: "Left = 478 (79%)"."""

    name: str
    value: Reading
    percent: Reading | None = None


@dataclass(frozen=True, slots=True)
class ClassWeights:
    """Weights of classes as a dictionary or list; `labels` as written, or "0", "1", ... for a list."""

    labels: tuple[str, ...]
    weights: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class ClassIndices:
    """Class names in the order of their numbers, as `class_indices` gives them."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImageSize:
    """Two sides of an image as written; which is the height the text may not tell."""

    first: int
    second: int
    channels: int | None = None


@dataclass(frozen=True, slots=True)
class Confusion:
    """A square table of counts. Rows are true classes where scikit-learn printed it; a table typed by hand
    may be the other way round."""

    counts: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One class of a classification report."""

    label: str
    precision: Reading
    recall: Reading
    f1: Reading
    support: int


@dataclass(frozen=True, slots=True)
class ClassReport:
    """scikit-learn's `classification_report`."""

    rows: tuple[ReportRow, ...]
    accuracy: Reading | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Outputs of a network, one row an image. `sums_to_one` tells softmax rows from independent outputs; rows
    of one number are the outputs of a single unit."""

    rows: tuple[tuple[Reading, ...], ...]
    sums_to_one: bool


@dataclass(frozen=True, slots=True)
class NumberList:
    """A short printed list that may be what `evaluate` returned, such as [loss, accuracy]."""

    values: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A number of images or items that the text does not put anywhere: a candidate, not a claim."""

    items: int
    exact: bool = True


Stated = (
    ClassCounts | PartSize | ClassNumber | SplitShares | StatedScore | LearningRates | KofN | PercentOf | NamedNumber
    | ClassWeights | ClassIndices | ImageSize | Confusion | ClassReport | Probabilities | NumberList | Count
)  # fmt: skip
