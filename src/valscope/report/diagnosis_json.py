"""The one JSON object that `valscope diagnose --json` prints; docs/diagnosis-json.md describes each field."""

from __future__ import annotations

from typing import Any

from valscope.codec import to_json, to_plain
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Diagnosis, Finding, NotChecked
from valscope.nouns.trial import Trial

SCHEMA_VERSION = 2  # 2 adds trials, the cure, what was read and what was assumed


def diagnosis_object(diagnosis: Diagnosis) -> dict[str, Any]:
    """A diagnosis as plain values; the names in it stay."""
    return {
        "schema_version": SCHEMA_VERSION,
        "findings": [_finding(f) for f in diagnosis.findings],
        "acquitted": [_acquittal(a) for a in diagnosis.acquitted],
        "not_checked": [_not_checked(n) for n in diagnosis.not_checked],
        "checked": list(diagnosis.checked),
        "read": list(diagnosis.read),
        "cure": _trial(diagnosis.cure),
        "assumed": list(diagnosis.assumed),
        "mended": None if diagnosis.mended is None else dict(to_plain(diagnosis.mended)),
    }


def diagnosis_json(diagnosis: Diagnosis) -> str:
    """The same as JSON text."""
    return to_json(diagnosis_object(diagnosis))


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code, "name": finding.name, "verdict": finding.verdict, "claim": finding.claim,
        "numbers": to_plain(finding.numbers), "evidence": [_source(s) for s in finding.evidence],
        "explains": list(finding.explains), "cannot_tell": finding.cannot_tell, "remedy": finding.remedy,
        "next_step": finding.next_step, "minor": finding.minor, "trial": _trial(finding.trial),
    }  # fmt: skip


def _acquittal(acquittal: Acquittal) -> dict[str, Any]:
    return {
        "suspect": acquittal.suspect, "claim": acquittal.claim, "verdict": acquittal.verdict,
        "evidence": [_source(s) for s in acquittal.evidence], "trial": _trial(acquittal.trial),
    }  # fmt: skip


def _not_checked(item: NotChecked) -> dict[str, str]:
    return {"name": item.name, "reason": item.reason, "would_settle": item.would_settle}


def _trial(trial: Trial | None) -> dict[str, Any] | None:
    """All fields of a trial; `valscope.codec.from_plain(Trial, ...)` reads them back."""
    return None if trial is None else dict(to_plain(trial))


def _source(source: Source) -> dict[str, Any]:
    return {"file": source.file, "line": source.line, "quote": source.quote}
