"""What a finished training is worth: scores with their intervals, what to compare them with, and the
mistakes. Written to `result.json` in the run; the report and `--json` show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from valscope.nouns.dataset import Notice


@dataclass(frozen=True, slots=True)
class Share:
    """`k` of `n` and an exact 95 % interval; value None when nothing was counted."""

    value: float | None
    low: float
    high: float
    k: int
    n: int


@dataclass(frozen=True, slots=True)
class ClassResult:
    """One class: how many images it has, how many of them were found, how many named so are right."""

    name: str
    n: int
    recall: Share
    precision: Share


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of the reliability diagram: mean stated probability against the share that was right."""

    confidence: float
    accuracy: Share


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one set of labelled images.

    part        "test", "val" or what the user called it.
    groups      number of groups, when images come in groups; the interval then counts groups, not images.
    confusion   rows true, columns predicted.
    ece         expected calibration error of the calibrated probabilities, 0..1, or None.
    """

    part: str
    n: int
    accuracy: Share
    balanced: Share
    per_class: tuple[ClassResult, ...]
    confusion: tuple[tuple[int, ...], ...]
    groups: int | None = None
    log_loss: float | None = None
    ece: float | None = None
    bins: tuple[Bin, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """A classifier that needs no network of its own, scored on the same images.

    own_features  it stands on this network's own features, so that equalling it is no reproach.
    """

    name: str
    accuracy: Share
    note: str
    own_features: bool = False


@dataclass(frozen=True, slots=True)
class Optimism:
    """How much the validation accuracy of the chosen epoch flatters, because it was chosen for it.

    points   expected overstatement, 0..1, by bootstrap over the validation images.
    epochs   number of epochs that were compared;  best_epoch  the chosen one, counted from 1.
    """

    points: float
    epochs: int
    n: int
    best_epoch: int
    val_accuracy: float


@dataclass(frozen=True, slots=True)
class Unsure:
    """When an image is put aside as belonging to none of the classes.

    probability   below this calibrated probability.
    distance      or beyond this distance from the training images in feature space.
    false_unsure  share of known images (part "test") that the rule puts aside.
    """

    probability: float
    distance: float
    false_unsure: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """Temperature fitted on the `n` images of the validation part; logits are divided by it. The two calibration
    errors, without and with it, are those of the scored part."""

    temperature: float
    ece_before: float | None
    ece_after: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """An image that was scored and called something else, most confident first.

    thumbnail   a small JPEG as a data URI, for the report.
    """

    name: str
    true: str
    predicted: str
    probability: float
    thumbnail: str = ""


@dataclass(frozen=True, slots=True)
class PartRow:
    """How many images of each class one part holds, in the order of the classes."""

    part: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that the report of a run shows, besides its recipe and its history."""

    run: str
    classes: tuple[str, ...]
    scores: Scores
    validation: Scores | None
    baselines: tuple[Baseline, ...]
    optimism: Optimism | None
    calibration: Calibration | None
    unsure: Unsure | None
    mistakes: tuple[Mistake, ...]
    split: tuple[PartRow, ...]
    notes: tuple[str, ...]
    notices: tuple[Notice, ...]
    status: str = "finished"
    epochs: int = 0
    parameters: int = 0
    seconds: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
