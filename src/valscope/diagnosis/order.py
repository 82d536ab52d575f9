"""Which findings of all are told, and in what order: causes silence their symptoms, and nothing is told twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from valscope.nouns.finding import Finding
from valscope.nouns.log import LoggedRun

PROVEN = ("PROVED", "CONFIRMED")
ORDER = {"PROVED": 0, "CONFIRMED": 0, "SUSPECTED": 1, "REFUTED": 2}


def ordered(findings: Sequence[Finding], runs: Sequence[LoggedRun]) -> list[Finding]:
    """Causes before what is by the way and before the symptoms that they would explain, what explains most first, proved
    before suspected."""
    told = _joined(silence(findings, runs))
    causes = [f for f in told if not f.minor]

    def symptom(f: Finding) -> bool:
        return f.trial is None and any(_explains(c, f) for c in causes)

    return sorted(told, key=lambda f: (f.minor, symptom(f), *_rank(f)))


def silence(findings: Sequence[Finding], runs: Sequence[LoggedRun]) -> list[Finding]:
    """Without the suspicions that a proved cause explains, unless the two are about different logs; what is proved
    itself and only a symptom of such a cause is by the way."""
    causes = [f for f in findings if f.verdict in PROVEN and not f.minor]
    made: list[Finding] = []
    for f in findings:
        cause = next(
            (c for c in causes if _explains(c, f) and _together(_logs(f, runs), _logs(c, runs))), None
        )
        if cause is None:
            made.append(f)
        elif f.verdict in PROVEN:
            made.append(_symptom(f, cause) if f.trial is None else f)
    return made


def _explains(cause: Finding, found: Finding) -> bool:
    return found.code in cause.explains and cause.code not in found.explains


def _symptom(found: Finding, cause: Finding) -> Finding:
    """What is advised against a symptom alone would lead away from its cause."""
    return replace(found, minor=True, remedy=f"Goes with its cause, {cause.code} {cause.name}.")


def _logs(finding: Finding, runs: Sequence[LoggedRun]) -> set[int]:
    """Positions of the logs whose lines a finding quotes."""
    lines = {(s.file, s.line) for s in finding.evidence}
    return {
        i for i, run in enumerate(runs) if any((e.source.file, e.source.line) in lines for e in run.epochs)
    }


def _together(first: set[int], second: set[int]) -> bool:
    return not first or not second or bool(first & second)


def _joined(findings: Sequence[Finding]) -> list[Finding]:
    """One finding for what two files show in the same words, such as a script and the model that it saved."""
    made: dict[tuple[str, str, str], Finding] = {}
    for f in findings:
        same = (f.code, f.verdict, f.claim)
        known = made.get(same)
        made[same] = (
            f
            if known is None
            else replace(known, evidence=tuple(dict.fromkeys((*known.evidence, *f.evidence))))
        )
    return list(made.values())


def established(finding: Finding) -> bool:
    """Whether a finding only states a number that the digits prove, and no fault (weight 0)."""
    return finding.weight == 0


def _rank(finding: Finding) -> tuple[bool, bool, int, float, str]:
    return (
        established(finding), finding.minor, ORDER[finding.verdict] if finding.weight < 0.5 else 0,
        -finding.weight, finding.code,
    )  # fmt: skip
