"""What reconcile found: which pipeline gives which accuracy, and where the points are lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.fact import Source
from valscope.nouns.finding import NotChecked
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.result import Share
from valscope.nouns.served import ServedModel

Axis = Literal[
    "scale", "channel order", "colour", "resize", "geometry", "axes", "EXIF", "alpha", "mode", "checkpoint",
    "decision", "class order", "alignment", "metric",
]  # fmt: skip
Origin = Literal["run", "script", "measured", "given", "found", "claim"]
Verdict = Literal["equal", "fault", "training", "unmatched", "unclear"]


TRAINING_IMAGES = "on the training images"  # how the metric of a variant ends that was scored there


@dataclass(frozen=True, slots=True)
class Step:
    """One setting of a pipeline that differs: `before` and `after` in plain words, such as "0..255 as they are"."""

    axis: Axis
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One pipeline, scored.

    name        the steps from the reference in words, "reference" for itself.
    accuracy    on all images that it was scored on; a share of answers where `metric` is set.
    scored      images it was scored on: few for variants that a small sample settled.
    difference  accuracy less the reference's on the same images, with its paired 95 % interval low..high; on training
                images less that on the others, with an interval of two samples.
    metric      another definition of accuracy, or other images than those that were looked at.
    p_holm      exact McNemar against the reference on images that chose nothing, corrected for all variants;
                None where it was not tested.
    tied        it cannot be told from the reference.
    same        its answers are the reference's on every image.
    """

    name: str
    steps: tuple[Step, ...]
    pipeline: Pipeline
    accuracy: Share
    difference: float
    low: float
    high: float
    p_holm: float | None = None
    tied: bool = False
    same: bool = False
    metric: str = ""

    @property
    def on_training(self) -> bool:
        """It was scored on the images of training."""
        return self.metric.endswith(TRAINING_IMAGES)

    @property
    def scored(self) -> int:
        """Images it was scored on."""
        return self.accuracy.n


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that somebody saw, and the variants that may give it, as two samples of images are compared.

    matches    names of variants: that of the pipeline in use first, then the fewest steps and the nearest accuracy.
    n          images that it was made on, None where nothing tells.
    elsewhere  it was made on other images than those that were looked at: their number differs, or no share of as many
               images prints so.
    """

    value: float
    source: Source | None
    matches: tuple[str, ...] = ()
    said: str = ""
    n: int | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Fall:
    """One step of the waterfall: points lost from the step before, paired, with a 95 % interval.

    accuracy     after the step.
    alone        points lost by this step alone, from the start of the waterfall.
    p_holm       exact McNemar of the step on images that chose nothing.
    sure         the step costs points beyond chance.
    alternatives other settings of the same axis that explain the same answers as well.
    line         where the code of use says it, None without such a line;  trained_line  where that of training does.
    change       what to write instead.
    """

    step: Step
    accuracy: Share
    lost: float
    low: float
    high: float
    p_holm: float
    sure: bool
    alone: float = 0.0
    alternatives: tuple[str, ...] = ()
    line: Source | None = None
    change: str = ""
    trained_line: Source | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """What two steps together lose beyond the sum of each alone, with a 95 % interval; negative where the one
    hides the other."""

    first: Axis
    second: Axis
    points: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From the pipeline that works to the one that is used, one step after the other."""

    start: Share
    end: Share
    falls: tuple[Fall, ...]
    interactions: tuple[Interaction, ...] = ()
    claim: float | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """An image whose answer changes between the two ends of the waterfall; classes by name."""

    name: str
    path: str
    true: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The whole answer.

    reference   the pipeline that everything is compared with: the stored or written one of training, or the best
                that was found;  reference_from  which of these.
    served      the pipeline of use, None where nothing shows it;  served_from  what showed it.
    settings    of the reference, by axis and in words.
    variants    the grid: the reference first, then by axis.
    tied        names of the variants that cannot be told from the best.
    verdict     "equal" nothing is lost, "fault" a step costs points beyond chance, "training" a claimed number is that of
                training images, "unmatched" a claimed number is
                given by no variant, "unclear" too few images or nothing to compare with.
    sentence    the verdict in words.
    snippet     prediction code for the reference, "" where it cannot be written.
    """

    model: ServedModel
    data: str
    n: int
    classes: tuple[str, ...]
    reference: Pipeline
    reference_from: Origin
    served: Pipeline | None
    served_from: Origin | None
    variants: tuple[Variant, ...]
    tied: tuple[str, ...]
    claims: tuple[Claim, ...]
    waterfalls: tuple[Waterfall, ...]
    changed: tuple[Changed, ...]
    verdict: Verdict
    sentence: str
    snippet: str = ""
    notes: tuple[str, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    seconds: float = 0.0
    settings: tuple[tuple[Axis, str], ...] = ()

    @property
    def exit_code(self) -> int:
        """0 nothing lost, 1 a fault found or a number that was training accuracy, 2 could not judge."""
        return {"equal": 0, "fault": 1, "training": 1, "unmatched": 2, "unclear": 2}[self.verdict]
