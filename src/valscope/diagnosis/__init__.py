"""Runs every rule over a case, puts suspicions on trial, silences what a proved cause explains, orders the rest.

`suspects` chooses who is tried, `court` tries by training, `use` by scoring the saved model in other ways, `verdicts`
turns trials into findings and acquittals, `cure` trains the mended recipe.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from types import ModuleType
from typing import TypeVar

from valscope import rules
from valscope.case import Case
from valscope.diagnosis.order import PROVEN, established, ordered
from valscope.diagnosis.settings import Settings, Tried
from valscope.nouns.fact import NotMeasured
from valscope.nouns.finding import Acquittal, Diagnosis, Finding, NotChecked, Outcome


def diagnose(case: Case, settings: Settings | None = None) -> Diagnosis:
    """All outcomes of all rules.

    settings  what may be tried; without them nothing is: only what was given is read.

    Findings come in this order: causes before by-the-way ones (`minor`), what explains most first, proved
    before suspected. A suspicion whose code a proved finding about the same log names in `explains` is
    dropped. Where nothing is wrong, what was established stands in `checked`.
    """
    outcomes: list[Outcome] = []
    checked: list[str] = []
    for rule in all_rules():
        found = list(rule.check(case))
        outcomes.extend(found)
        silent = any(isinstance(o, NotChecked) for o in found) or getattr(rule, "MEASURED", False)
        if not silent and bears(rule, case):
            checked.append(rule.NAME)
    tried = _tried(case, outcomes, settings)
    outcomes = list(tried.outcomes)
    checked += [name for name in tried.checked if name not in checked]
    findings = ordered([o for o in outcomes if isinstance(o, Finding)], case.runs)
    if all(established(f) for f in findings):
        checked = [_with_number(name, findings) for name in checked]
        findings = []
    return Diagnosis(
        findings=tuple(findings),
        acquitted=_once([o for o in outcomes if isinstance(o, Acquittal)]),
        not_checked=(
            *_once([o for o in outcomes if isinstance(o, NotChecked) and not _told(o, findings)]),
            *_missing(case, len(checked)),
            *(NotChecked(unread.name, unread.reason, "the file again") for unread in case.unread),
        ),
        checked=tuple(checked),
        read=case.read,
        cure=tried.cure,
        assumed=tried.assumed,
    )


def _told(missing: NotChecked, findings: Sequence[Finding]) -> bool:
    """Whether what could not be checked in one way was found in another."""
    proven = {f.code for f in findings if f.verdict in PROVEN}
    return any(
        r.CODE in proven and missing.name in (r.NAME, getattr(r, "SUSPECT", r.NAME)) for r in all_rules()
    )


def _tried(case: Case, outcomes: list[Outcome], settings: Settings | None) -> Tried:
    """The outcomes after the trials, where something can be tried; its import takes longer than reading a text."""
    if settings is None or settings.trials == "none":
        return Tried(outcomes)
    if case.training or case.serving:
        from valscope.diagnosis.trials import try_all

        return try_all(case, outcomes, settings, list(all_rules()))
    why = case.training
    accused = any(isinstance(o, Finding) and not established(o) for o in outcomes)
    if accused and isinstance(why, NotMeasured):
        return Tried([*outcomes, NotChecked("trials", why.reason, why.would_settle)])
    return Tried(outcomes)


def _with_number(name: str, findings: Sequence[Finding]) -> str:
    """A healthy report keeps what was established beside the name of the check: "images_scored (1224)"."""
    told = [str(f.numbers["n"]) for f in findings if f.name == name and "n" in f.numbers]
    return f"{name} ({', '.join(told)})" if told else name


def all_rules() -> Iterator[ModuleType]:
    """Every module in `rules/`, in the order of their codes; being there is enough."""
    names = (m.name for m in pkgutil.iter_modules(rules.__path__) if not m.name.startswith("_"))
    modules = [importlib.import_module(f"{rules.__name__}.{name}") for name in names]
    return iter(sorted(modules, key=lambda m: str(m.CODE)))


def bears(rule: ModuleType, case: Case) -> bool:
    """Whether the case holds what the rule looks at: its `NEEDS`, names of facts of the case."""
    return all(bool(getattr(case, need)) for need in getattr(rule, "NEEDS", ()))


def faults(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """The findings that are faults."""
    return tuple(f for f in diagnosis.findings if not established(f))


MISSING = (
    ("runs", "what the digits prove", "no log was given", "the lines that fit printed, or its history"),
    ("scripts", "what the code does", "no code was given", "the training script and the prediction script"),
    ("training_code", "how it was trained", "no code that trains was given", "the training script"),
    ("saved", "what was saved", "no model was given", "the saved model (.keras or .h5)"),
    ("data", "order, counts and duplicates of the images", "no images or arrays were given",
     "the folder of images, or the label array"),
)  # fmt: skip


def _missing(case: Case, checked: int) -> list[NotChecked]:
    """One line for each kind of thing that was not given; none where nothing was judged at all."""
    if not checked:
        return []
    without = [row for row in MISSING if not getattr(case, row[0])]
    whole = any(fact == "scripts" for fact, *_ in without)  # where no code is given at all, one line says it
    return [
        NotChecked(name, why, settle) for fact, name, why, settle in without
        if not (whole and fact == "training_code")
    ]  # fmt: skip


T = TypeVar("T")


def _once(outcomes: Iterable[T]) -> tuple[T, ...]:
    """Without repetitions; two that differ in their evidence alone are one."""
    seen: dict[str, T] = {}
    for outcome in outcomes:
        seen.setdefault(
            repr(replace(outcome, evidence=()) if isinstance(outcome, Acquittal) else outcome), outcome
        )
    return tuple(seen.values())
