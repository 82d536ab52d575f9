"""`valscope predict` and `valscope undo`: rows, files, sorting, and what is said where."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toyruns import draw, toy_run

from valscope.cli import rows as rows_module
from valscope.cli import run as cli
from valscope.cli.rows import CsvRows, JsonLines, JsonRows, TerminalRows, header
from valscope.nouns.prediction import Prediction
from valscope.run import Run

HEADER = ["path", "class", "probability", "unsure", "blue", "green", "red", "error"]


@pytest.fixture
def photos(here: Path) -> Path:
    draw(here / "new/1.png", "red")
    draw(here / "new/2.png", "blue")
    (here / "new/3.png").write_bytes(b"broken")
    return here / "new"


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


# Rows


def test_in_a_pipe_the_rows_are_csv(colours: Run, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(["predict", str(colours.folder), "new"]) == 0
    out, err = capsys.readouterr()
    found = table(out)
    assert found[0] == HEADER
    assert [row[:2] for row in found[1:]] == [["new/1.png", "red"], ["new/2.png", "blue"], ["new/3.png", ""]]
    assert found[3][2:7] == [""] * 5
    assert "cannot be decoded" in found[3][7]
    assert "3 images: blue 1, red 1." in err
    assert "1 image could not be read: new/3.png." in err


@pytest.mark.parametrize("suffix", [".csv", ".json", ".jsonl"])
def test_rows_go_to_a_file(
    colours: Run, photos: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    assert cli(["predict", str(colours.folder), "new", "--out", f"rows{suffix}"]) == 0
    assert capsys.readouterr().out == ""
    text = Path(f"rows{suffix}").read_text("utf-8")
    if suffix == ".csv":
        frame = pd.read_csv(f"rows{suffix}")
        assert list(frame.columns) == HEADER
        assert frame["class"].tolist()[:2] == ["red", "blue"]
    elif suffix == ".json":
        found = json.loads(text)
        assert found["schema_version"] == 1
        assert found["counts"] == {"blue": 1, "green": 0, "red": 1}
        assert [row["class"] for row in found["predictions"]] == ["red", "blue", None]
        assert found["errors"][0]["path"] == "new/3.png"
    else:
        assert [json.loads(line)["path"] for line in text.splitlines()] == [
            "new/1.png",
            "new/2.png",
            "new/3.png",
        ]
    assert not list(photos.parent.glob("*.partial"))


def test_json_on_standard_output_is_one_object(
    colours: Run, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(["predict", str(colours.folder), "new", "--json", "--unsure", "1"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["run"] == str(colours.folder)
    assert found["classes"] == ["blue", "green", "red"]
    assert (found["n"], found["unsure"]) == (3, 2)
    first = found["predictions"][0]
    assert "is below 1.0" in first["why"]
    assert len(first["probabilities"]) == 3
    assert err


def test_quiet_says_nothing_but_results(
    colours: Run, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(["predict", str(colours.folder), "new", "--out", "a.csv", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
def test_a_list_comes_through_a_pipe(colours: Run, photos: Path) -> None:
    """The whole way, in a process of its own, with a name that only NUL can separate."""
    hostile = photos / "line\nbreak.png"
    draw(photos / "x.png", "green").rename(hostile)
    command = [sys.executable, "-m", "valscope"]
    found = subprocess.run(
        [*command, "predict", str(colours.folder), "-", "--out", "rows.csv"],
        input=b"\0".join([b"new/1.png", os.fsencode(f"new/{hostile.name}")]),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert [row[0] for row in table(Path("rows.csv").read_text())[1:]] == ["new/1.png", "new/line\nbreak.png"]


def test_a_reader_that_leaves_early_is_no_error(colours: Run, photos: Path) -> None:
    for i in range(200):
        draw(photos / f"{'x' * 200}{i}.png", "red", (4, 4))
    command = f'"{sys.executable}" -m valscope predict "{colours.folder}" new -q'
    shell = f"{command.replace(' -q', ' --quiet')} --batch 8 | head -n 1; exit ${{PIPESTATUS[0]}}"
    found = subprocess.run(
        ["bash", "-c", shell], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True
    )
    assert (found.returncode, found.stderr) == (0, b"")


# Requests that are wrong


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Give the images to classify: valscope predict"),
        (["new", "--out", "rows.xlsx"], "--out takes a file ending in .csv, .json, .jsonl; got rows.xlsx"),
        (["new", "--dry-run"], "give --sort-into DIR with it"),
        (["new", "--unsre", "0.5"], "There is no option --unsre"),
        (["new", "--unsure", "7"], "lies in 0..1; got 7"),
        (["new", "--by", "steal"], "Invalid value"),
        (["new", "--out", "no/such/folder/rows.csv"], "cannot be written (No such file or directory)"),
        (["new/3.png"], "None of the 1 images could be read: new/3.png cannot be decoded"),
        (["gone"], "None of the 1 images could be read: gone cannot be read: No such file"),
    ],
)
def test_wrong_requests_get_a_sentence(
    colours: Run, photos: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert cli(["predict", str(colours.folder), *arguments]) == 3
    err = capsys.readouterr().err
    assert sentence in " ".join(err.split())
    assert "Traceback" not in err


def test_a_folder_that_is_no_run(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(["predict", "new", "new"]) == 3
    assert "new is not a run" in capsys.readouterr().err


def test_what_was_written_before_a_break_is_kept_under_a_plain_name(
    colours: Run, photos: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = CsvRows.write, []

    def interrupted(self: CsvRows, prediction: Prediction, target: str) -> None:
        seen.append(prediction)
        if len(seen) == 3:
            raise KeyboardInterrupt
        real(self, prediction, target)

    monkeypatch.setattr(CsvRows, "write", interrupted)
    Path("rows.csv").write_text("the old one")
    with suppress(SystemExit):
        cli(["predict", str(colours.folder), "new", "--out", "rows.csv"])
    assert Path("rows.csv").read_text() == "the old one"
    assert len(table(Path("rows.csv.partial").read_text())) == 3
    assert "rows.csv.partial holds the rows so far" in capsys.readouterr().err


# Sorting


def test_images_are_sorted_and_the_rows_say_where(colours: Run, photos: Path) -> None:
    assert cli(["predict", str(colours.folder), "new", "--sort-into", "sorted", "--out", "rows.csv"]) == 0
    frame = pd.read_csv("rows.csv", keep_default_na=False)
    assert frame["sorted_to"].tolist() == ["red/1.png", "blue/2.png", ""]
    assert Path("sorted/red/1.png").read_bytes() == (photos / "1.png").read_bytes()


def test_the_command_says_how_to_take_it_back_and_that_works(
    colours: Run, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(photos.iterdir())
    cli(["predict", str(colours.folder), "new", "--sort-into", "sorted", "--by", "move"])
    err = capsys.readouterr().err
    assert f"2 moved. Take it back with  valscope undo {photos.parent / 'sorted'}" in err
    assert len(list(photos.iterdir())) == 1
    assert cli(["undo", "sorted", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["restored"] == 2
    assert "2 images moved back" in err
    assert sorted(photos.iterdir()) == before
    assert cli(["undo", "sorted"]) == 3
    assert "valscope has sorted nothing there" in capsys.readouterr().err


def test_a_dry_run_only_says(colours: Run, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["predict", str(colours.folder), "new", "--sort-into", "sorted", "--by", "move", "--dry-run"]
    assert cli(arguments) == 0
    out, err = capsys.readouterr()
    assert [row[-1] for row in table(out)] == ["sorted_to", "red/1.png", "blue/2.png", ""]
    assert "would have: 2 moved. Nothing was touched." in err
    assert not Path("sorted").exists()


def test_doubtful_images_go_to_unsure(colours: Run, photos: Path) -> None:
    assert cli(["predict", str(colours.folder), "new", "--sort-into", "sorted", "--unsure", "1"]) == 0
    assert sorted(p.name for p in Path("sorted/unsure").iterdir()) == ["1.png", "2.png"]


def test_sorting_into_the_folder_itself_can_be_repeated(colours: Run, photos: Path) -> None:
    arguments = ["predict", str(colours.folder), "new", "--sort-into", "new/sorted"]
    assert cli(arguments) == 0
    assert cli(arguments) == 0
    assert sorted(p.name for p in Path("new/sorted").rglob("*.png")) == ["1.png", "2.png"]


def test_another_threshold_needs_another_folder(
    colours: Run, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(["predict", str(colours.folder), "new", "--sort-into", "sorted"]) == 0
    assert cli(["predict", str(colours.folder), "new", "--sort-into", "sorted", "--unsure", "0.9"]) == 3
    assert "was sorted by another run or rule" in capsys.readouterr().err


def test_folders_with_other_names_than_their_classes_are_named(
    tmp_path: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = toy_run(tmp_path / "run", ("a/b", "con", "unsure"))
    draw(here / "1.png", "blue")
    assert cli(["predict", str(run.folder), "1.png", "--sort-into", "sorted"]) == 0
    err = capsys.readouterr().err
    assert "The folder of class 'a/b' is a_b/." in err
    assert "The folder of class 'unsure' is unsure-2/." in err


def test_undo_names_what_it_keeps(colours: Run, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli(["predict", str(colours.folder), "new", "--sort-into", "sorted"])
    Path("sorted/red/1.png").write_bytes(b"edited")
    assert cli(["undo", "sorted", "--quiet"]) == 0
    assert (
        capsys.readouterr().err.splitlines()[-1]
        == f"Kept {Path('sorted/red/1.png').resolve()}: it was changed since."
    )


# Names from hostile places

hostile = st.text(st.characters(), max_size=12) | st.sampled_from(
    [
        '=HYPERLINK("http://x")',
        "+1",
        "-2",
        "@SUM(A1)",
        "\tx",
        "a,b",
        'q"uote',
        "line\nbreak",
        "path",
        "error",
        "\udcff",
    ]
)


@given(st.lists(hostile, min_size=1, max_size=5, unique=True), hostile)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_csv_survives_any_name_and_no_cell_is_a_formula(classes: list[str], path: str) -> None:
    file = io.StringIO()
    writer = CsvRows(file, classes, True)
    share = 1 / len(classes)
    writer.write(Prediction(path, classes[0], share, (share,) * len(classes)), f"{classes[0]}/x")
    writer.write(Prediction(path, "", float("nan"), error=f"{path} is broken"), "")
    text = file.getvalue()
    text.encode("utf-8")
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert [len(row) for row in found] == [len(classes) + 6] * 3
    assert len(set(found[0])) == len(found[0])
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in found for cell in row)


@given(st.lists(hostile, min_size=1, max_size=5, unique=True), hostile)
def test_json_gives_any_name_back(classes: list[str], path: str) -> None:
    p = Prediction(path, classes[0], 0.5, (0.5,) * len(classes))
    file, lines = io.StringIO(), io.StringIO()
    whole, each = JsonRows(file, "run", classes, False), JsonLines(lines, False)
    for writer in (whole, each):
        writer.write(p, "")
        writer.close({"n": 1})
    found = json.loads(file.getvalue())
    assert found["predictions"][0]["path"] == path == json.loads(lines.getvalue())["path"]
    assert found["classes"] == classes
    assert found["n"] == 1
    (file.getvalue() + lines.getvalue()).encode("utf-8")


@given(hostile, hostile)
def test_a_terminal_gets_one_line_without_control_characters(name: str, path: str) -> None:
    file = io.StringIO()
    TerminalRows(file, [name]).write(Prediction(path, name, 0.987, (0.987,), True, "it is odd"), "x/y")
    text = file.getvalue()
    assert text.count("\n") == 1
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text[:-1])


def test_class_names_that_are_column_names_are_marked() -> None:
    assert header(["path", "cat"], True) == [
        "path", "class", "probability", "unsure", "path (class)", "cat", "error", "sorted_to",
    ]  # fmt: skip


def test_lines_for_a_terminal_are_aligned() -> None:
    file = io.StringIO()
    writer = rows_module.TerminalRows(file, ["cat", "elephant"])
    writer.write(Prediction("a.png", "cat", 0.973, (0.973, 0.027)), "")
    writer.write(Prediction("b.png", "elephant", 0.4, (0.2, 0.4), True, "it is far"), "unsure/b.png")
    writer.write(Prediction("c.png", "", float("nan"), error="c.png is empty."), "")
    assert file.getvalue().splitlines() == [
        " 97.3 %  cat         a.png",
        " 40.0 %  elephant    b.png  -> unsure/b.png  unsure: it is far",
        "         unreadable  c.png  (c.png is empty.)",
    ]
