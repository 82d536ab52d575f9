"""One comparison that the lab made, and what it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.result import Share

Kind = Literal["training", "rescoring", "paths", "null", "growth", "ablation"]
Ruling = Literal["CONFIRMED", "REFUTED", "SUSPECTED"]


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of a trial.

    label       what it is: "as reported", "with a stratified split".
    accuracies  on the probe images, one a seed, 0..1 (one number where nothing is trained).
    share       right answers of the middle seed with their exact 95 % interval.
    validation  the accuracy on its own validation part, one a seed, where it has one: what its user would have seen.
    """

    label: str
    accuracies: tuple[float, ...]
    share: Share
    validation: tuple[float, ...] = ()

    @property
    def mean(self) -> float:
        """Mean accuracy over the seeds."""
        return sum(self.accuracies) / len(self.accuracies)


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that differs between the two arms: "split.kind", "tail", "stratified"."""

    setting: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Trial:
    """Control against treated on the same probe images that neither has trained on.

    code, suspect     of the rule whose suspicion is tried.
    question          what was tried, one sentence.
    difference        mean accuracy of treated less control, with its 95 % interval low..high (images and seeds).
    only_control, only_treated   probe images that only one arm has right (majority of the seeds).
    p, p_holm         exact McNemar, alone and corrected for all trials of the case; over several seeds the arms are
                      exchanged image by image and right answers of all seeds counted.
    noise             largest spread between seeds within an arm: what a change of nothing does.
    gap               the trouble that is to be explained, 0..1; an acquittal needs high < gap / 4.
    reproduced        whether the control showed the reported number; None where nothing comparable was reported.
    mended            codes of the other suspects that both arms have mended;  mended_words  "learning rate (T106)".
    changes           what differs between the arms.
    assumed           what had to be assumed.
    """

    code: str
    suspect: str
    kind: Kind
    question: str
    control: Arm
    treated: Arm
    n: int
    difference: float
    low: float
    high: float
    only_control: int
    only_treated: int
    p: float
    p_holm: float
    ruling: Ruling
    noise: float = 0.0
    gap: float = 0.0
    reproduced: bool | None = None
    measured_on: Literal["probe", "validation"] = "probe"
    mended: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    assumed: tuple[str, ...] = ()
    seconds: float = 0.0
    words: str = ""
    mended_words: tuple[str, ...] = ()
