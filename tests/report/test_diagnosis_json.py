"""The JSON of a diagnosis: its documented fields are the ones it has, and trials can be read back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from example_diagnoses import TAIL, healthy, hostile, misused, sick

from valscope.codec import from_plain
from valscope.nouns.finding import Diagnosis
from valscope.nouns.trial import Trial
from valscope.report.diagnosis_json import SCHEMA_VERSION, diagnosis_json, diagnosis_object

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "diagnosis-json.md"
KINDS = {
    "text": str, "integer": int, "number": (int, float), "null": type(None), "true": bool, "false": bool,
    "object": dict, "true or false": bool,
}  # fmt: skip


def tables() -> dict[str, dict[str, str]]:
    """Type of each documented field, by heading."""
    found: dict[str, dict[str, str]] = {}
    for section in DOCUMENT.read_text("utf-8").split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        found[heading.lower()] = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", body, re.MULTILINE))
    return found


TABLES = tables()


def check(value: Any, kind: str, where: str) -> None:
    """A value against a documented type: "list of [source](#source)", "[trial](#trial) or null", "text"."""
    if kind.startswith("list of "):
        assert isinstance(value, list), where
        for item in value:
            check(item, kind.removeprefix("list of "), where)
        return
    options = [part for half in kind.split(" or ") for part in half.split(", ")]
    linked = re.findall(r"\[([\w ]+)\]\(#", kind)
    if isinstance(value, dict) and linked:
        fields = TABLES[linked[0]]
        assert list(value) == list(fields), where
        for name, inner in value.items():
            check(inner, fields[name], f"{where}.{name}")
        return
    allowed = [KINDS[o] for o in options if o in KINDS]
    fits = any(isinstance(value, k) for k in allowed) and not (
        isinstance(value, bool) and bool not in allowed
    )
    assert fits, f"{where} is {value!r}, not {kind}"


@pytest.mark.parametrize("diagnosis", [sick(), misused(), healthy(), hostile(), Diagnosis()])
def test_the_documented_fields_are_the_ones_written(diagnosis: Diagnosis) -> None:
    check(json.loads(diagnosis_json(diagnosis)), "[diagnosis](#diagnosis)", "diagnosis")


def test_a_field_that_is_not_documented_is_noticed() -> None:
    told = diagnosis_object(sick())
    told["findings"][0]["colour"] = "red"
    with pytest.raises(AssertionError):
        check(told, "[diagnosis](#diagnosis)", "diagnosis")


def test_the_version_is_the_documented_one() -> None:
    told = json.loads(diagnosis_json(sick()))
    assert told["schema_version"] == SCHEMA_VERSION == 2
    assert TABLES["diagnosis"]["schema_version"] == "integer"
    assert "| `schema_version` | integer | 2 |" in DOCUMENT.read_text("utf-8")


def test_a_trial_can_be_read_back() -> None:
    told = json.loads(diagnosis_json(sick()))
    assert from_plain(Trial, told["findings"][0]["trial"]) == TAIL


def test_not_a_number_is_null() -> None:
    from dataclasses import replace

    control = replace(TAIL.control, validation=(float("nan"),) * 3)
    finding = replace(sick().findings[0], trial=replace(TAIL, control=control))
    told = json.loads(diagnosis_json(Diagnosis(findings=(finding,))))
    assert told["findings"][0]["trial"]["control"]["validation"] == [None, None, None]
