"""All experiments of a case, the cheap ones first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from types import ModuleType

from valscope.case import Case
from valscope.diagnosis.court import Heard, try_training
from valscope.diagnosis.settings import Settings, Tried
from valscope.diagnosis.trouble import trouble
from valscope.diagnosis.unlogged import AS_IT_STANDS, run_once
from valscope.diagnosis.use import try_serving
from valscope.diagnosis.verdicts import PROVEN, judged
from valscope.errors import ValscopeError
from valscope.lab.bench import Bench
from valscope.lab.budget import Budget
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, NotChecked, Outcome
from valscope.nouns.trial import Trial


def try_all(
    case: Case, outcomes: Sequence[Outcome], settings: Settings, rules: Sequence[ModuleType]
) -> Tried:
    """Use of the saved model, what a probe tells, then trainings; each only where it has a question.

    Whatever stops an experiment (unreadable images, a network that cannot be built) is listed as not checked.
    """
    bench = Bench(case.training or None, case.serving or None, settings.observer, Budget(settings.budget),
                  seeds=settings.seeds)  # fmt: skip
    unlogged: list[Outcome] = []
    alone: tuple[str, ...] = ()
    if settings.trials == "full":
        try:
            unlogged, alone = run_once(bench)
        except ValscopeError as error:
            unlogged = [NotChecked(AS_IT_STANDS, str(error).rstrip("."), "what the sentence names")]
    outcomes = [*outcomes, *unlogged]
    findings = [o for o in outcomes if isinstance(o, Finding)]
    used, missing = _guarded("the use of the saved model", lambda: try_serving(bench, rules))
    screened, more = _screened(bench, rules, findings)
    outcomes, findings, missing = [*outcomes, *screened], [*findings, *screened], [*missing, *more]
    measured = list(
        _measured(bench, [r for r in rules if not _trains(r) and not _after(r)], outcomes, settings)
    )
    trained = Heard()
    if settings.trials == "full":
        trained, more = _guarded("the trials by training", lambda: try_training(bench, rules, findings))
        missing += more
    made = judged(
        [*outcomes, *used.missing, *trained.missing],
        [*used.trials, *trained.trials],
        rules,
        settings.command,
        lambda rule, trial: _places(case, rule, trial),
    )
    measured += _measured(bench, [r for r in rules if _after(r)], made, settings)
    if settings.trials == "full":
        known = [o for o in (*made, *measured) if isinstance(o, Finding)]
        caused = any(f.verdict in PROVEN and f.trial and not f.minor for f in known)
        asked = [r for r in rules if _trains(r) and not (caused and getattr(r, "ALONE", False))]
        more_measured = _measured(bench, asked, made, settings)
        measured += [_beside(o) if caused else o for o in more_measured]
    made, measured = joined(made, measured)
    names = tuple(str(r.NAME) for r in rules if any(_about(o, r) for o in measured))
    assumed = bench.training.assumed + bench.assumed if bench.training is not None and trained.trials else ()
    return Tried([*made, *measured, *missing], names, trained.whole or used.whole, (*alone, *assumed))


def _places(case: Case, rule: ModuleType, trial: Trial) -> tuple[Source, ...]:
    """The lines that set what a trial changed, as its rule or the rebuilt training knows them."""
    told = tuple(rule.places(case)) if hasattr(rule, "places") else ()
    said = (*(case.training.said if case.training else ()), *(case.serving.said if case.serving else ()))
    changed = [change.setting for change in trial.changes]
    lines = (s for name, s in said if s.line is not None and any(c.startswith(name) for c in changed))
    return tuple(dict.fromkeys(told or lines))


def joined(tried: Sequence[Outcome], measured: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """A fault that a training and a measurement both confirm is one finding: what was measured on the user's own
    model, then what the training showed."""
    proven = {o.code: o for o in tried if isinstance(o, Finding) and o.verdict in PROVEN and o.trial}
    both = {
        o.code: o for o in measured if isinstance(o, Finding) and o.verdict in PROVEN and o.code in proven
    }
    first = [
        replace(
            o, claim=f"{both[o.code].claim} {o.claim}", numbers={**o.numbers, **both[o.code].numbers},
            evidence=(*both[o.code].evidence, *o.evidence),
        )
        if isinstance(o, Finding) and o is proven.get(o.code) and o.code in both
        else o
        for o in tried
    ]  # fmt: skip
    return first, [o for o in measured if not any(o is b for b in both.values())]


def _beside(outcome: Outcome) -> Outcome:
    """By the way, where a cause is known already."""
    return replace(outcome, minor=True) if isinstance(outcome, Finding) else outcome


def _after(rule: ModuleType) -> bool:
    return bool(getattr(rule, "AFTER", False))


def _trains(rule: ModuleType) -> bool:
    return bool(getattr(rule, "TRAINS", False))


def _screened(
    bench: Bench, rules: Iterable[ModuleType], findings: Sequence[Finding]
) -> tuple[list[Finding], list[NotChecked]]:
    """Suspicions that a cheap measurement of the images raises, where something is amiss."""
    if bench.training is None or not (trouble(bench.training).any or _serious(findings)):
        return [], []
    found: list[Finding] = []
    missing: list[NotChecked] = []
    for rule in (r for r in rules if hasattr(r, "screen")):
        try:
            found += rule.screen(bench)
        except ValscopeError as error:
            missing.append(NotChecked(rule.NAME, str(error).rstrip("."), "what the sentence names"))
    return found, missing


def _serious(outcomes: Iterable[Outcome]) -> bool:
    return any(isinstance(o, Finding) and o.weight > 0 and not o.minor for o in outcomes)


def _guarded(what: str, experiment) -> tuple[Heard, list[NotChecked]]:  # type: ignore[no-untyped-def]
    try:
        return experiment(), []
    except ValscopeError as error:
        return Heard(), [NotChecked(what, str(error).rstrip("."), "what the sentence names")]


def _measured(
    bench: Bench, rules: Iterable[ModuleType], made: Sequence[Outcome], settings: Settings
) -> Iterator[Outcome]:
    """Rules with an experiment of their own, asked only where something is amiss or was found."""
    amiss = bench.training is not None and trouble(bench.training).any
    if not (amiss or _serious(made)):
        return
    for rule in rules:
        if not hasattr(rule, "measure"):
            continue
        if not bench.budget.left:
            yield NotChecked(
                rule.NAME, f"the time of {settings.budget:g} s was over", "--budget with more time"
            )
            continue
        try:
            yield from rule.measure(bench)
        except ValscopeError as error:
            yield NotChecked(rule.NAME, str(error).rstrip("."), "what the sentence names")


def _about(outcome: Outcome, rule: ModuleType) -> bool:
    return isinstance(outcome, Finding) and outcome.code == rule.CODE
