"""What a diagnosis says in one sentence, and how it counts what it found; the page and the terminal agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from valscope.nouns.finding import Acquittal, Diagnosis, Finding
from valscope.nouns.trial import Trial
from valscope.report.trial_words import acquitted, before_after, difference, innocent, probe, spread
from valscope.words.plain import count, listing, shorten

# A full stop ends a sentence where a capital, a digit or a quote follows; "0.42" and "model.keras" do not.
_STOP = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“\"'(])")
SETTLES = 0.5  # a proved finding of less weight is a symptom, and does not come before a suspected cause
NAMED = {"CONFIRMED": "Confirmed", "PROVED": "Proved", "SUSPECTED": "Suspected", "REFUTED": "Refuted"}


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """What an experiment confirmed or arithmetic proved to be a cause first, else the order as given; findings by the
    way last. An untried symptom that another finding would explain is no cause, however sure it is."""
    explained = {code for f in findings if not f.minor for code in f.explains}
    return sorted(
        findings, key=lambda f: (f.minor, (f.code in explained and f.trial is None) or not _settled(f))
    )


def _settled(finding: Finding) -> bool:
    tried = finding.trial is not None and finding.trial.ruling == "CONFIRMED"
    return tried or (finding.verdict in ("CONFIRMED", "PROVED") and finding.weight >= SETTLES)


def sentences(text: str) -> tuple[str, str]:
    """The first sentence and the rest."""
    first, *rest = _STOP.split(text.strip(), maxsplit=1)
    return first, rest[0] if rest else ""


def main_cause(diagnosis: Diagnosis) -> Finding | None:
    """The finding that the report begins with: the first that is not by the way; None where there is none."""
    return next((f for f in ordered(diagnosis.findings) if not f.minor), None)


UNJUDGED = (
    "Nothing in what was given could be judged: looked for logs of a training, code that trains or predicts, networks, "
    "scores and images; give the lines that fit printed, the script, the saved model or the folder of images."
)
TOGETHER, ALONE = "All remedies together", "Before and after"


def main_trial(diagnosis: Diagnosis) -> tuple[str, Trial] | None:
    """The experiment that the report begins with, and what it is called: that of all remedies where several faults were
    tried; else the main cause's own, for the two may differ in what decides; None without one."""
    tried = [f for f in diagnosis.findings if f.trial is not None and not f.minor]
    if diagnosis.cure is not None and len(tried) > 1:
        return TOGETHER, diagnosis.cure
    cause = main_cause(diagnosis)
    return (ALONE, cause.trial) if cause is not None and cause.trial is not None else None


def answer(diagnosis: Diagnosis) -> str:
    """One sentence: the main cause, or that nothing wrong was found."""
    cause = main_cause(diagnosis)
    if cause is not None:
        return sentences(cause.claim)[0]
    if not diagnosis.checked and not diagnosis.findings:
        return UNJUDGED
    if diagnosis.findings:
        return "No cause of trouble found; only remarks by the way."
    return "Nothing wrong found."


def also(finding: Finding) -> str:
    """ "CONFIRMED" where an experiment shows as well what arithmetic proved, else ""."""
    tried = finding.trial is not None and finding.trial.ruling == "CONFIRMED"
    return "CONFIRMED" if tried and finding.verdict == "PROVED" else ""


def brought(trial: Trial) -> str:
    """What mending it brought, in one sentence."""
    if trial.ruling != "CONFIRMED":
        return f"Tried: {before_after(trial, 'to')} on {probe(trial)}, {difference(trial)}; that does not settle it."
    return (
        f"Mended, the accuracy goes from {before_after(trial, 'to')} on {probe(trial)}: {difference(trial)}."
    )


def cleared(acquittal: Acquittal) -> str:
    """The claim of an acquittal; with the numbers of its trial where it does not tell them itself."""
    trial = acquittal.trial
    if trial is None or not innocent(trial) or spread(trial) in acquittal.claim:
        return acquittal.claim
    return f"{acquittal.claim.rstrip('. ')}: {acquitted(trial)}."


def tally(diagnosis: Diagnosis) -> str:
    """`1 cause confirmed · 2 suspected · 3 acquitted · 44 things checked`."""
    return " · ".join(_tally(diagnosis))


def _tally(diagnosis: Diagnosis) -> Iterator[str]:
    main = [f for f in diagnosis.findings if not f.minor]
    for verdict in ("CONFIRMED", "PROVED", "SUSPECTED", "REFUTED"):
        found = sum(f.verdict == verdict for f in main)
        if found:
            yield f"{found} {verdict.lower()}"
    minor = len(diagnosis.findings) - len(main)
    if minor:
        yield f"{minor} by the way"
    if diagnosis.acquitted:
        yield f"{len(diagnosis.acquitted)} acquitted"
    if diagnosis.not_checked:
        yield f"{len(diagnosis.not_checked)} not checked"
    yield count(len(diagnosis.checked), "check")


def what_was_read(diagnosis: Diagnosis) -> str:
    """The files it was judged by."""
    return listing([shorten(name, 60) for name in diagnosis.read], most=6)


def plain(name: str) -> str:
    """`class never trained` of `class_never_trained`."""
    return name.replace("_", " ")
