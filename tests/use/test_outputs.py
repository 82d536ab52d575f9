"""What cannot be written is refused before the work, in one sentence; what was found is said whatever happens to a file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from toyruns import draw

from valscope.cli import run as cli
from valscope.errors import RunError
from valscope.run import Run
from valscope.training.train import resume
from valscope.writable import why_no_file, why_no_folder

WORK = {
    "train": "valscope.training.train.open_dataset", "evaluate": "valscope.evaluation.evaluate",
    "predict": "valscope.prediction.images_of", "reconcile": "valscope.reconciling.reconcile",
    "compare-paths": "valscope.paths.compare_paths", "diagnose": "valscope.case.open_case",
    "demo": "valscope.cli.demo._written",
}  # fmt: skip
FOLDERS = ("train", "diagnose", "demo")


def asked(command: str, colours: Run, out: str) -> list[str]:
    run = str(colours.folder)
    inputs = {
        "train": ["photos"], "diagnose": ["post.txt"], "demo": ["S101"], "compare-paths": [run, run, "photos"],
    }.get(command, [run, "photos"])  # fmt: skip
    return [command, *inputs, "--out", out]


@pytest.fixture
def busy(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file named `taken`, a folder for each file name, and no command that may begin its work."""

    def begun(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the work has begun")

    draw(here / "photos/red/1.png", "red")
    (here / "post.txt").write_text("no log")
    (here / "taken").write_text("mine")
    for name in ("rows.csv", "page.html", "out/report.html"):
        (here / name).mkdir(parents=True)
    for place in WORK.values():
        monkeypatch.setattr(place, begun)
    return here


def suffix(command: str) -> str:
    return ".csv" if command in ("evaluate", "predict") else ".html"


@pytest.mark.parametrize("command", WORK)
@pytest.mark.parametrize("where", ["taken", "taken/deep/er"])
def test_a_file_in_the_place_of_a_folder(
    colours: Run, busy: Path, capsys: pytest.CaptureFixture[str], command: str, where: str
) -> None:
    out = where if command in FOLDERS else f"{where}/x{suffix(command)}"
    assert cli(asked(command, colours, out)) == 3
    said = capsys.readouterr()
    assert re.fullmatch(rf"valscope: {out} cannot be written \(.+\); give --out .+\.\n", said.err)
    assert (said.out, (busy / "taken").read_text()) == ("", "mine")


@pytest.mark.parametrize("command", [c for c in WORK if c not in FOLDERS])
def test_a_folder_in_the_place_of_a_file(
    colours: Run, busy: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    name = {".csv": "rows.csv", ".html": "page.html"}[suffix(command)]
    assert cli(asked(command, colours, name)) == 3
    assert f"{name} cannot be written (it is a folder); give --out another name." in capsys.readouterr().err


def test_a_folder_in_the_place_of_the_report(
    colours: Run, busy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(asked("diagnose", colours, "out")) == 3
    assert "out cannot be written (report.html: it is a folder)" in capsys.readouterr().err


def test_a_run_is_not_trained_over_another(
    colours: Run, busy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(asked("train", colours, str(colours.folder))) == 3
    assert "is not empty; give --out another folder" in capsys.readouterr().err


def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is mounted for reading only, where permissions tell nothing."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OSError(30, os.strerror(30))

    monkeypatch.setattr("valscope.writable.tempfile.TemporaryFile", refuse)


@pytest.mark.parametrize("command", WORK)
def test_a_disk_for_reading_only(
    colours: Run,
    busy: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    read_only(monkeypatch)
    out = "new/deep" if command in FOLDERS else f"new{suffix(command)}"
    assert cli(asked(command, colours, out)) == 3
    assert f"{out} cannot be written (Read-only file system); give --out" in capsys.readouterr().err
    assert not (busy / "new").exists()


def test_an_unfinished_run_on_a_disk_for_reading_only(colours: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    read_only(monkeypatch)
    stopped = Run(colours.folder)
    stopped.about = {**stopped.about, "status": "stopped"}
    with pytest.raises(RunError, match=r"cannot be written .Read-only file system.; copy it"):
        resume(stopped)


def test_asking_leaves_nothing_behind(here: Path) -> None:
    assert why_no_file("rows.csv") == why_no_folder("a/b/c", ["rows.csv"]) == ""
    assert list(here.iterdir()) == []


def test_a_link_that_leads_nowhere_is_no_folder(here: Path) -> None:
    (here / "link").symlink_to(here / "gone")
    assert why_no_folder("link") == "a link that leads nowhere"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_permissions_are_asked(here: Path) -> None:
    (here / "shut").mkdir(mode=0o500)
    assert why_no_folder("shut/new") == why_no_file("shut/rows.csv") == "Permission denied"


def full(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """The disk fills while the work is done."""
    real: Callable[..., int] = Path.write_text

    def write(path: Path, *args: Any, **kwargs: Any) -> int:
        if path.name in names:
            raise OSError(28, os.strerror(28))
        return real(path, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", write)


@pytest.mark.parametrize(
    ("command", "out", "found"),
    [
        ("diagnose", "out", "Nothing in what was given could be judged"),
        ("compare-paths", "page.html", "Both ways give the network the same"),
    ],
)
def test_what_was_found_is_said_where_the_disk_fills(
    colours: Run, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    command: str, out: str, found: str,
) -> None:  # fmt: skip
    draw(here / "photos/red/1.png", "red")
    (here / "post.txt").write_text("no log")
    full(monkeypatch, "report.html", "page.html")
    assert cli(asked(command, colours, out)) == 3
    said = capsys.readouterr()
    assert found in said.out
    assert f"{out} cannot be written (No space left on device)" in said.err


def test_what_was_found_is_said_where_there_is_nothing_to_mend(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "post.txt").write_text("no log")
    assert cli(["diagnose", "post.txt", "--fix", "--out", "out"]) == 3
    said = capsys.readouterr()
    assert "Nothing in what was given could be judged" in said.out
    assert "--fix found nothing to mend" in said.err
    assert (here / "out/diagnosis.json").is_file()
