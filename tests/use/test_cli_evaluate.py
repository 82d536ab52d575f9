"""`valscope evaluate`: scores with their intervals, as text, JSON and rows."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from toyruns import draw, keep_test, toy_run

from valscope.cli import run as cli
from valscope.run import Run


@pytest.fixture
def labelled(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight images, one of them in the wrong folder, one broken."""
    monkeypatch.setenv("VALSCOPE_CACHE", str(here / "cache"))
    for i in range(4):
        draw(here / f"data/red/{i}.png", "red", seed=i)
        draw(here / f"data/blue/{i}.png", "blue" if i else "green", seed=i)
    (here / "data/red/broken.png").write_bytes(b"x")
    return here / "data"


def test_scores_are_printed_with_intervals(
    colours: Run, labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(["evaluate", str(colours.folder), "data"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == "88 % [47, 100]  accuracy, 8 images"
    assert lines[1].endswith("balanced accuracy, each class counts the same")
    assert "blue        4    75 % [19, 99]  100 % [29, 100]" in lines
    assert "Confusion: true class in rows, predicted in columns" in lines
    assert "blue      3      1    0" in lines
    assert "broken.png" in err or "damaged" in err


def test_json_is_one_object(colours: Run, labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(["evaluate", str(colours.folder), "data", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema_version"] == 1
    assert (found["n"], found["accuracy"]) == (8, 7 / 8)
    assert found["interval"] == pytest.approx([0.4735, 0.9968], abs=1e-3)
    assert found["per_class"]["blue"]["recall"] == 0.75
    assert found["run"] == str(colours.folder)
    assert any("broken.png" in item for notice in found["notices"] for item in notice["items"])


def test_each_image_goes_to_a_file(colours: Run, labelled: Path) -> None:
    assert cli(["evaluate", str(colours.folder), "data", "--out", "rows.csv", "--quiet"]) == 0
    frame = pd.read_csv("rows.csv")
    assert list(frame.columns) == ["name", "true", "predicted", "probability", "blue", "green", "red"]
    wrong = frame[frame["true"] != frame["predicted"]]
    assert wrong[["name", "true", "predicted"]].values.tolist() == [["blue/0.png", "blue", "green"]]


def test_one_part_of_data_that_have_parts(
    colours: Run, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VALSCOPE_CACHE", str(here / "cache"))
    for part, colour in (("train", "green"), ("test", "red")):
        for name in ("green", "red"):
            draw(here / f"data/{part}/{name}/1.png", colour)
    assert cli(["evaluate", str(colours.folder), "data", "--part", "test", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["part"], found["n"], found["accuracy"]) == ("test", 2, 0.5)
    assert cli(["evaluate", str(colours.folder), "data", "--part", "val"]) == 3
    assert "has no val part" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["gone"], "gone does not exist"),
        (["data", "--out", "rows.json"], "--out takes a file ending in .csv"),
        (["data", "--part", "test"], "does not say which images are test"),
    ],
)
def test_wrong_requests_get_a_sentence(
    colours: Run, labelled: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert cli(["evaluate", str(colours.folder), *arguments]) == 3
    assert sentence in capsys.readouterr().err


def test_the_progress_counts_each_image_once(colours: Run, labelled: Path) -> None:
    from valscope.evaluation import evaluate
    from valscope.training.observer import Silent

    counts: dict[str, int] = {}

    class Heard(Silent):
        name = ""

        def phase(self, name: str, total: int) -> None:
            self.name = name

        def advance(self, count: int, **numbers: float) -> None:
            counts[self.name] = counts.get(self.name, 0) + count

    evaluate(colours, "data", observer=Heard())
    assert counts == {"Reading": 9, "Scoring": 8}


def test_images_that_the_run_has_trained_on_flatter_it(
    tmp_path: Path, labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = toy_run(tmp_path / "run")
    seen = [hashlib.sha256((labelled / f"red/{i}.png").read_bytes()).hexdigest() for i in range(4)]
    parts = ("train", "train", "val", "test")
    keep_test(
        run,
        [
            (f"{i}", "red", sha, "", part, "red")
            for i, (sha, part) in enumerate(zip(seen, parts, strict=True))
        ],
    )
    assert cli(["evaluate", str(run.folder), "data"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == (
        "The run has trained on 3 of these 8 images, so this accuracy flatters it; on the other 5 it is 80.0 % [28.4, 99.5]."
    )
