"""From trials to verdicts: a suspicion becomes a finding, an acquittal, or stays what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from types import ModuleType

from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Finding, NotChecked, Outcome
from valscope.nouns.trial import Trial
from valscope.words.change import instead

PROVEN = ("PROVED", "CONFIRMED")
Places = Callable[[ModuleType, Trial], tuple[Source, ...]]


def judged(
    outcomes: Sequence[Outcome], trials: Sequence[Trial], rules: Iterable[ModuleType], command: str,
    places: Places = lambda rule, trial: (),
) -> list[Outcome]:  # fmt: skip
    """The outcomes with their trials; a cure by training is had with `command` and --fix.

    places  the lines that a finding rests on which nothing but its trial makes.

    CONFIRMED  the finding carries its trial; without one, the trial makes it.
    REFUTED    a suspicion becomes an acquittal, and a difference in use stays by the way beside it; what arithmetic
               proved stays true but is by the way, for it is not the cause.
    SUSPECTED  a suspicion stays one, with the trial that was too weak; a mere suspect is listed as not settled.
    """
    by_code = {t.code: t for t in trials}
    module = {str(r.CODE): r for r in rules}
    made: list[Outcome] = []
    for outcome in outcomes:
        trial = by_code.get(outcome.code) if isinstance(outcome, Finding) and outcome.weight > 0 else None
        made += (
            [outcome]
            if trial is None or not isinstance(outcome, Finding)
            else _tried(outcome, trial, command)
        )
    found = {o.code for o in outcomes if isinstance(o, Finding)}
    for code, trial in by_code.items():
        if code not in found:
            made.append(_of_suspect(trial, module[code], command, places))
    return _merged(made)


def _tried(finding: Finding, trial: Trial, command: str) -> list[Outcome]:
    if trial.ruling == "CONFIRMED":
        return [_confirmed(finding, trial, command)]
    if trial.ruling == "REFUTED":
        if finding.verdict in PROVEN:
            return [replace(finding, minor=True, trial=trial)]
        beside = [_beside(finding)] if trial.kind == "rescoring" and finding.evidence else []
        return [*beside, _acquitted(trial, finding)]
    return [replace(finding, trial=trial)]


def _beside(finding: Finding) -> Finding:
    """A difference between training and use that the code shows is not the cause where it costs nothing; it still waits
    for other images, so its line and its remedy are kept by the way."""
    return replace(
        finding, minor=True, explains=(), cannot_tell="whether it costs points on other images.",
        claim=f"{finding.claim} On these images it costs nothing.",
    )  # fmt: skip


def _confirmed(finding: Finding, trial: Trial, command: str) -> Finding:
    """With its trial. What a suspicion could not tell and how to settle it, the trial has told and settled."""
    weight = max(finding.weight, min(1.0, trial.difference / max(1e-9, trial.gap)))
    made = replace(finding, trial=trial, minor=False, weight=weight)
    if finding.verdict == "PROVED":
        return made
    made = replace(made, verdict="CONFIRMED", cannot_tell="")
    return made if trial.kind == "rescoring" else replace(made, next_step=_fix(command))


def _fix(command: str) -> str:
    return f"{command} --fix --out mended/   (writes the mended recipe, trains it, shows before and after)"


def _acquitted(trial: Trial, finding: Finding | None = None) -> Acquittal:
    evidence = finding.evidence if finding is not None else ()
    return Acquittal(trial.suspect, f"{trial.words}.", "REFUTED", evidence, trial)


def _of_suspect(trial: Trial, rule: ModuleType, command: str, places: Places) -> Outcome:
    if trial.ruling == "REFUTED":
        return _acquitted(trial)
    if trial.ruling == "SUSPECTED":
        return NotChecked(trial.suspect, trial.words, "more images, or --budget with more time")
    return Finding(
        str(rule.CODE), str(rule.NAME), "CONFIRMED",
        f"{trial.suspect[:1].upper()}{trial.suspect[1:]}: with that mended, the same training goes from {_words(trial)}.",
        numbers={"with": trial.control.mean, "mended": trial.treated.mean, "n": trial.n},
        evidence=places(rule, trial),
        explains=getattr(rule, "EXPLAINS", ()),
        cannot_tell="whether a third setting would do better still.",
        remedy=f"{'Train' if trial.kind == 'training' else 'Predict'} {instead(trial.changes)}.",
        next_step=_fix(command),
        weight=min(1.0, max(0.5, trial.difference / max(1e-9, trial.gap))),
        trial=trial,
    )  # fmt: skip


def _words(trial: Trial) -> str:
    """ "42.0 to 96.3 % of 300 untouched images": the words of a trial without its interval and ruling."""
    return trial.words.removeprefix("mended, ").split(" [")[0]


def _merged(outcomes: list[Outcome]) -> list[Outcome]:
    """One acquittal a suspect: what arithmetic says and what the trial says together."""
    tried = {_plain(o.suspect): o for o in outcomes if isinstance(o, Acquittal) and o.trial is not None}
    made: list[Outcome] = []
    said: set[tuple[str, str]] = set()
    for outcome in outcomes:
        if isinstance(outcome, Acquittal) and outcome.trial is None:
            if (outcome.suspect, outcome.claim) in said:
                continue  # of two files, the same
            said.add((outcome.suspect, outcome.claim))
        if isinstance(outcome, Acquittal) and outcome.trial is None and _plain(outcome.suspect) in tried:
            mine = tried.pop(_plain(outcome.suspect))
            made = [o for o in made if o is not mine]
            made.append(replace(mine, claim=f"{outcome.claim} And {mine.claim}", evidence=outcome.evidence))
        elif not (isinstance(outcome, Acquittal) and outcome.trial and _plain(outcome.suspect) not in tried):
            made.append(outcome)
    return made


def _plain(suspect: str) -> str:
    return suspect.lower().replace("_", " ").rstrip("s")
