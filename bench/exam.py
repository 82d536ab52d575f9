"""The common exam of all rules, on many worlds of each:  python -m bench.exam [--seeds 20] [CODE ...]

Every rule's sick and healthy worlds are written as neutral files and diagnosed in another process, which knows
nothing of them but the paths. tests/rules/test_exam.py sits the same exam on two seeds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from valscope.diagnosis import all_rules
from valscope.worlds import write

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("sick", "healthy")


@dataclass(frozen=True)
class Paper:
    """One world and what the other process said of it.

    findings  of the whole diagnosis, in plain values;  own  what the examined rule itself says, silenced or not.
    error     the exception that stopped it, "" for none;  files  what was handed over.
    """

    code: str
    kind: str
    seed: int
    files: tuple[str, ...]
    findings: tuple[dict[str, Any], ...]
    own: tuple[dict[str, Any], ...]
    error: str = ""

    @property
    def faults(self) -> set[str]:
        """Codes of findings that are faults and not by the way."""
        return {f["code"] for f in self.findings if f["weight"] > 0 and not f["minor"]}

    @property
    def explained(self) -> set[str]:
        """What the rule's own findings declare as their causes and effects."""
        return {name for f in self.own for name in f.get("explains", ())}

    def __str__(self) -> str:
        return f"{self.code} {self.kind} {self.seed}"


def examined() -> list[ModuleType]:
    """The rules that bring worlds."""
    return [rule for rule in all_rules() if hasattr(rule, "sick")]


def sit(rules: Iterable[ModuleType], seeds: Sequence[int]) -> list[Paper]:
    """Write all worlds, have them diagnosed by a fresh process, and collect what it said."""
    with tempfile.TemporaryDirectory(prefix="valscope-exam-") as folder:
        asked = []
        for rule in rules:
            for kind in KINDS:
                for seed in seeds:
                    here = Path(folder) / f"{len(asked):05d}"
                    paths = [str(p.relative_to(here)) for p in write(getattr(rule, kind)(seed), here)]
                    asked.append((str(rule.CODE), kind, seed, str(here), tuple(paths)))
        answers = _diagnosed([(home, paths, code) for code, _, _, home, paths in asked])
    return [
        Paper(code, kind, seed, paths, tuple(a["findings"]), tuple(a["own"]), a["error"])
        for (code, kind, seed, _, paths), a in zip(asked, answers, strict=True)
    ]


def _diagnosed(asked: Sequence[tuple[str, tuple[str, ...], str]]) -> list[dict[str, Any]]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "bench.examiner"], input=json.dumps(asked), capture_output=True, text=True,
        cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the examiner failed:\n{done.stderr[-4000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def complaints(rule: ModuleType, paper: Paper) -> list[str]:
    """What is wrong with one paper, one sentence each."""
    if paper.error:
        return [f"stopped: {paper.error}"]
    if paper.kind == "healthy":
        said = [f["claim"] for f in paper.own if "code" in f]
        others = sorted(paper.faults - {paper.code})
        return [f"speaks to health: {claim}" for claim in said] + [f"{c} speaks to health" for c in others]
    if not paper.own:
        # a rule that only an experiment makes speak is examined in tests/rules/test_measured.py
        return [] if getattr(rule, "MEASURED", False) else ["is silent about its illness"]
    acquits = all("code" not in f for f in paper.own)
    wrong = []
    if not acquits and paper.code not in {f["code"] for f in paper.findings} and not _facts_only(paper):
        wrong.append("is silenced by another")
    allowed = {paper.code, *paper.explained, *getattr(rule, "BESIDE", ())}
    wrong += [f"{code} is named beside it" for code in sorted(paper.faults - allowed)]
    return wrong


def _facts_only(paper: Paper) -> bool:
    """Whether the rule states numbers and no fault; a report of nothing else is that of a healthy training."""
    return all(f["weight"] == 0 for f in paper.own if "code" in f)


def main() -> int:
    """0 when all rules pass."""
    parser = argparse.ArgumentParser(prog="python -m bench.exam")
    parser.add_argument("codes", nargs="*")
    parser.add_argument("--seeds", type=int, default=20)
    asked = parser.parse_args()
    began = time.monotonic()
    rules = {str(r.CODE): r for r in examined() if not asked.codes or r.CODE in asked.codes}
    papers = sit(rules.values(), range(asked.seeds))
    failed = [(paper, c) for paper in papers for c in complaints(rules[paper.code], paper)]
    for paper, complaint in failed:
        print(f"{paper}: {complaint}")
    measured = {code for code, rule in rules.items() if getattr(rule, "MEASURED", False)}
    sick = [p for p in papers if p.kind == "sick" and p.code not in measured]
    silent = sum(not p.faults and not p.error for p in papers if p.kind == "healthy")
    print(
        f"{len(rules)} rules, {asked.seeds} seeds, {time.monotonic() - began:.0f} s: illness found in "
        f"{sum(bool(p.own) for p in sick)} of {len(sick)} worlds ({len(measured)} rules speak from an experiment only), "
        f"health silent in {silent} of {len(papers) // 2}, {len(failed)} complaints."
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
