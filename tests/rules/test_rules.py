"""One exam for all rules: each speaks to its sick text, is silent about the nearest healthy one, and has its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import ModuleType

import pytest
from sick import PAIRS, code, log

from valscope.case import Case
from valscope.case.inputs import Given
from valscope.diagnosis import all_rules, diagnose, established
from valscope.nouns.finding import Diagnosis, Finding
from valscope.report.diagnosis_json import diagnosis_json

RULES = {str(rule.CODE): rule for rule in all_rules()}
ACQUIT_ONLY = {"D103", "M110"}
OF_DATA = {"D101", "S105"}  # see test_data_rules
HEADINGS = ("What it does:", "Why it matters:", "Instead:", "Cannot tell:")


def judge(text: str) -> Diagnosis:
    return diagnose(Case((Given("report.txt", "text", content=text.encode()),)))


def spoken(text: str, code: str) -> list[Finding]:
    """What the rule itself says, before any other silences it."""
    case = Case((Given("report.txt", "text", content=text.encode()),))
    return [o for o in RULES[code].check(case) if isinstance(o, Finding)]


def findings() -> Iterator[tuple[str, Finding]]:
    for name, (sick, _) in PAIRS.items():
        yield from ((name, finding) for finding in spoken(sick, name))


@pytest.mark.parametrize("code", sorted(PAIRS))
def test_a_rule_speaks_to_its_illness(code: str) -> None:
    assert spoken(PAIRS[code][0], code)


@pytest.mark.parametrize("code", sorted(PAIRS))
def test_a_rule_is_silent_about_health(code: str) -> None:
    assert not spoken(PAIRS[code][1], code)


def test_every_rule_is_examined() -> None:
    worlds = {code for code, rule in RULES.items() if hasattr(rule, "sick")}
    assert set(RULES) - ACQUIT_ONLY - OF_DATA - (worlds - set(PAIRS)) == set(PAIRS)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: str(r.NAME))
def test_a_rule_has_its_page(rule: ModuleType) -> None:
    text = rule.__doc__ or ""
    assert [h for h in HEADINGS if h not in text] == []
    assert rule.__name__.endswith(f".{rule.NAME}")
    assert all(hasattr(Case, need) for need in rule.NEEDS)


def test_codes_are_unique() -> None:
    codes = [rule.CODE for rule in all_rules()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(("code", "finding"), list(findings()), ids=lambda x: x if isinstance(x, str) else "")
def test_a_finding_says_what_it_rests_on(code: str, finding: Finding) -> None:
    assert finding.code == code
    assert re.search(r"\d", finding.claim) or finding.verdict == "SUSPECTED" or code == "S102"
    assert finding.evidence
    assert all(s.file == "report.txt" and s.line for s in finding.evidence)
    assert finding.claim.endswith(".")
    if not finding.minor:
        assert finding.remedy
        assert finding.cannot_tell
        assert finding.next_step


def test_findings_survive_json() -> None:
    for sick, _ in PAIRS.values():
        told = json.loads(diagnosis_json(judge(sick)))
        assert told["schema_version"] == 1
        for finding in told["findings"]:
            assert {
                "code",
                "name",
                "verdict",
                "claim",
                "numbers",
                "evidence",
                "explains",
                "cannot_tell",
                "remedy",
                "next_step",
            } <= set(finding)


def test_softmax_over_two_units_with_binary_crossentropy_is_probably_innocent() -> None:
    found = judge(code(2, "softmax", "binary_crossentropy"))
    assert found.findings == ()
    assert "probably innocent" in found.acquitted[0].claim


def test_class_weights_of_balanced_classes_change_nothing() -> None:
    text = "There are three classes: class 0 has 500 images, class 1 has 500, class 2 has 510.\n\n"
    found = judge(text + code(more="model.fit(x, y, epochs=9, class_weight=weights)"))
    assert [a.suspect for a in found.acquitted] == ["class_weight"]


def test_a_proved_tail_acquits_weights_and_overfitting() -> None:
    found = judge(PAIRS["S101"][0])
    assert [f.verdict for f in found.findings if f.code == "S101"] == ["PROVED"]
    assert {a.suspect for a in found.acquitted} == {"class_weight", "overfitting"}
    assert not [f for f in found.findings if f.code in ("S106", "G101")]


def test_a_proved_copy_does_not_silence_another_log() -> None:
    sick = PAIRS["L301"][0] + "\n\nAnd this one gets worse.\n\n" + PAIRS["G101"][0]
    assert {"L301", "G101"} <= {f.code for f in judge(sick).findings}


def test_established_numbers_alone_are_no_finding() -> None:
    found = judge(PAIRS["L101"][0])
    assert not found.findings
    assert any("images_scored" in name and "39" in name for name in found.checked)


def test_a_healthy_log_has_no_finding() -> None:
    assert (
        judge(log("0.9 0.6 0.8 0.65 / 0.6 0.75 0.6 0.74 / 0.4 0.85 0.5 0.80 / 0.3 0.9 0.4 0.83")).findings
        == ()
    )


def test_weight_zero_means_established() -> None:
    assert established(Finding("L101", "x", "PROVED", "c", weight=0.0))
