"""`valscope rules` and `valscope demo`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.cli import run
from valscope.demo.card import card, example
from valscope.demo.choose import all_cases
from valscope.diagnosis import all_rules, diagnose
from valscope.report.diagnosis_json import diagnosis_object
from valscope.worlds import write

RULES = {str(r.CODE): r for r in all_rules()}


def test_the_list_has_a_row_for_each_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules"]) == 0
    printed = capsys.readouterr().out
    assert re.findall(r"(?m)^([A-Z]\d{3})  ", printed) == list(RULES)


def test_the_list_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [r["code"] for r in told["rules"]] == list(RULES)
    assert {r["code"]: r["tried"] for r in told["rules"]}["S101"] == ["training"]


def test_a_page_has_sections_an_example_and_a_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "m106"]) == 0
    printed = capsys.readouterr().out
    for heading in (
        "What it does",
        "Why it matters",
        "Instead",
        "Cannot tell",
        "Needs",
        "Remedy",
        "Next step",
    ):
        assert f"\n{heading}\n" in printed
    assert "+model.compile(optimizer='adam', loss='sparse_categorical_crossentropy'" in printed


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: str(r.CODE))
def test_every_rule_has_a_card(rule: object) -> None:
    about = card(rule)  # type: ignore[arg-type]
    assert [h for h, _ in about.sections] == ["What it does", "Why it matters", "Instead", "Cannot tell"]
    assert about.sentence.endswith(".")
    assert about.needs


def test_the_remedy_of_a_training_is_an_edit_of_its_recipe() -> None:
    edits = example(RULES["S101"]).edits
    assert [(e.setting, e.before, e.after) for e in edits] == [("split.kind", "tail", "stratified")]


@pytest.mark.parametrize("asked", [["rules", "S999"], ["demo", "S999"], ["demo", "S101", "--fix"]])
def test_a_wrong_request_is_one_sentence(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(asked) == 3
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "S101" in told or "--out" in told


def test_a_demo_is_the_diagnosis_of_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["demo", "M106", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    write(RULES["M106"].sick(), tmp_path)
    monkeypatch.chdir(tmp_path)
    assert told["findings"] == diagnosis_object(diagnose(open_case(["train.py"])))["findings"]


def test_a_healthy_demo_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "M106", "--healthy"]) == 0
    assert capsys.readouterr().out.startswith("Nothing wrong found in train.py")


def test_a_demo_keeps_its_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "kept"
    assert run(["demo", "M106", "--out", str(out), "--trials", "none"]) == 1
    assert (out / "files" / "train.py").is_file()
    assert (out / "report.html").is_file()
    assert run(["demo", "M106", "--out", str(out)]) == 3


def test_the_cases_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo"]) == 0
    printed = capsys.readouterr().out
    assert all(re.search(rf"(?m)^{name}  \S", printed) for name in all_cases())


@pytest.mark.slow
def test_fix_trains_the_mended_recipe_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before and after; a finished run is not trained again, and one of another recipe is left alone."""
    out = tmp_path / "out"
    assert run(["demo", "S101", "--fix", "--out", str(out), "--json", "--quiet"]) == 1
    told = json.loads(capsys.readouterr().out)["mended"]
    assert told["run"] == str(out / "run") and told["part"] == "test"
    assert told["accuracy"]["value"] > 0.9 > told["before"]["value"]
    recipe = json.loads((out / "run" / "recipe.json").read_text())
    assert recipe["split"]["kind"] == "stratified"

    files = [str(p) for p in (out / "files").iterdir()]
    again = ["diagnose", *files, "--fix", "--out", str(out), "--json", "--quiet"]
    date = (out / "run" / "result.json").stat().st_mtime_ns
    assert run(again) == 1
    assert (out / "run" / "result.json").stat().st_mtime_ns == date
    (out / "run" / "recipe.json").write_text(json.dumps({**recipe, "seed": 7}))
    assert run(again) == 1
    assert (out / "run-2" / "result.json").is_file()
