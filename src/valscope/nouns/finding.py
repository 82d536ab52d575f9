"""What a diagnosis says: findings, acquittals, and what was not checked. Facts and rendering live elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from valscope.nouns.fact import Source
from valscope.nouns.result import Share
from valscope.nouns.trial import Trial

Verdict = Literal["PROVED", "CONFIRMED", "SUSPECTED", "REFUTED"]
Number = float | int | str | tuple[float | int | str, ...]


# What a fault of use explains, which changes neither training nor validation; and a validation of trained images.
WORSE_IN_USE = "fewer right answers in use than in validation"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    code, name    of the rule, such as "L301" and "split_tail".
    verdict       PROVED (arithmetic settles it), CONFIRMED (an experiment did), SUSPECTED.
    claim         one sentence with its numbers.
    numbers       the same numbers by name, for programs.
    evidence      the lines, files or measurements that it rests on.
    explains      symptoms that this finding explains away; codes of rules or plain words.
    cannot_tell   what the evidence leaves open.
    remedy        what to change, one sentence; code where code helps.
    next_step     the cheapest exact command that would settle or cure it.
    weight        share of the reported trouble that it explains, 0..1; findings are ordered by it.
    minor         true when named for completeness: real, but not the cause of the trouble.
    trial         the experiment that decided the verdict, None where none was made.
    """

    code: str
    name: str
    verdict: Verdict
    claim: str
    numbers: Mapping[str, Number] = field(default_factory=dict)
    evidence: tuple[Source, ...] = ()
    explains: tuple[str, ...] = ()
    cannot_tell: str = ""
    remedy: str = ""
    next_step: str = ""
    weight: float = 0.5
    minor: bool = False
    trial: Trial | None = None


@dataclass(frozen=True, slots=True)
class Acquittal:
    """A suspect that the evidence clears. verdict is "ACQUITTED" by arithmetic or "REFUTED" by a trial."""

    suspect: str
    claim: str
    verdict: Literal["ACQUITTED", "REFUTED"] = "ACQUITTED"
    evidence: tuple[Source, ...] = ()
    trial: Trial | None = None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something that could not be judged, why, and the one file or flag that would settle it."""

    name: str
    reason: str
    would_settle: str


Outcome = Finding | Acquittal | NotChecked


@dataclass(frozen=True, slots=True)
class Mended:
    """What `--fix` made: the mended recipe, trained as a run on all the user's images.

    recipe, run   files written;  accuracy  of the run's untouched test part (or validation part, as `part` says).
    before        accuracy of the reported training on the probe images of the trials, None where none was made.
    """

    recipe: str
    run: str
    part: str
    accuracy: Share
    before: Share | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All outcomes of one case, findings ordered by what explains most.

    cure     the reported training against the same with every remedy that stood its trial: before and after.
    assumed  what had to be assumed to repeat the user's training.
    mended   the run that --fix trained.
    """

    findings: tuple[Finding, ...] = ()
    acquitted: tuple[Acquittal, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    checked: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    cure: Trial | None = None
    assumed: tuple[str, ...] = ()
    mended: Mended | None = None
