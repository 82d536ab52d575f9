"""The common exam: every rule finds its illness and names no other, is silent about health, and has its page.

The worlds are written as neutral files and diagnosed in another process. `python -m bench.exam --seeds 20` sits
the same exam on more of them.
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from types import ModuleType

import pytest

from bench.exam import Paper, complaints, sit
from valscope.case import Case
from valscope.codec import from_plain, to_json
from valscope.diagnosis import all_rules
from valscope.nouns.finding import Finding

SEEDS = (0, 1)
RULES = {str(rule.CODE): rule for rule in all_rules()}
HEADINGS = ("What it does:", "Why it matters:", "Instead:", "Cannot tell:")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Paper]]:
    """Every rule's papers, from one process; test processes beside this one read what the first has collected."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    sat: dict[str, list[Paper]] = {code: [] for code in RULES}
    for paper in _once(shared / "papers.json"):
        sat[paper.code].append(paper)
    return sat


def _once(file: Path) -> list[Paper]:
    lock = file.with_suffix(".lock")
    try:
        lock.touch(exist_ok=False)
    except FileExistsError:
        deadline = time.monotonic() + 300
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        return [from_plain(Paper, paper) for paper in json.loads(file.read_text("utf-8"))]
    found = sit((r for r in RULES.values() if hasattr(r, "sick")), SEEDS)
    draft = file.with_suffix(".draft")
    draft.write_text(to_json(found), encoding="utf-8")
    draft.replace(file)
    return found


def findings(papers: dict[str, list[Paper]], code: str) -> list[Finding]:
    """What the rule itself finds in its sick worlds."""
    told = [f for paper in papers[code] if paper.kind == "sick" for f in paper.own if "code" in f]
    return [from_plain(Finding, f) for f in told]


@pytest.mark.slow
@pytest.mark.parametrize("code", RULES)
def test_a_rule_finds_its_illness_and_is_silent_about_health(
    code: str, papers: dict[str, list[Paper]]
) -> None:
    assert papers[code], f"{RULES[code].NAME} brings no worlds: give it sick() and healthy()"
    wrong = [f"{paper}: {c}" for paper in papers[code] for c in complaints(RULES[code], paper)]
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("code", RULES)
def test_a_finding_says_what_it_rests_on(code: str, papers: dict[str, list[Paper]]) -> None:
    for finding in findings(papers, code):
        assert finding.code == code
        assert finding.name == RULES[code].NAME
        assert re.search(r"\d", finding.claim), finding.claim
        assert finding.claim.endswith("."), finding.claim
        assert finding.evidence
        if not finding.minor:
            assert finding.remedy
            assert finding.cannot_tell
            assert finding.next_step


@pytest.mark.slow
@pytest.mark.parametrize("code", RULES)
def test_evidence_lies_in_the_files_that_were_given(code: str, papers: dict[str, list[Paper]]) -> None:
    for paper in papers[code]:
        for source in (s for f in paper.own for s in f["evidence"]):
            assert source["file"] in paper.files
            assert source["line"] or source["quote"]


@pytest.mark.slow
@pytest.mark.parametrize("code", RULES)
def test_a_finding_survives_json(code: str, papers: dict[str, list[Paper]]) -> None:
    for finding in findings(papers, code):
        assert from_plain(Finding, json.loads(to_json(finding))) == finding


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: str(r.NAME))
def test_a_rule_has_its_page(rule: ModuleType) -> None:
    text = rule.__doc__ or ""
    assert [h for h in HEADINGS if h not in text] == []
    assert rule.__name__.endswith(f".{rule.NAME}")
    assert all(hasattr(Case, need) for need in rule.NEEDS)
    for make in (rule.sick, rule.healthy):
        assert make.__doc__


@pytest.mark.slow
def test_codes_are_unique() -> None:
    codes = [rule.CODE for rule in all_rules()]
    assert len(codes) == len(set(codes))


@pytest.mark.slow
def test_a_world_is_the_same_for_the_same_seed() -> None:
    for rule in RULES.values():
        assert rule.sick(3).files == rule.sick(3).files
