"""The command from end to end on a toy run: exit codes, text, JSON, sentences for what is wrong."""

import json
import sys
from pathlib import Path

import pytest

from valscope.cli import run as valscope

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "use"))
from toyruns import COLOURS, draw, toy_run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reconcile")
    toy_run(folder / "run")
    for i in range(30):
        for colour in COLOURS:
            draw(folder / "photos" / colour / f"{i}.png", colour, seed=i)
    return str(folder / "run"), str(folder / "photos"), folder


def test_a_run_on_its_own_images_loses_nothing(places, capsys):
    assert valscope(["reconcile", *places[:2], "--quiet"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("MEASURED  The model has 100.0 %")
    assert "as the run stores it" in said
    assert "90 images" in said


def test_a_claim_names_the_fault_and_the_line_to_write(places, capsys):
    code = valscope(["reconcile", *places[:2], "--claimed", "1.0", "--claimed", "33.3%", "--quiet"])
    said = capsys.readouterr().out
    assert code == 1 and said.startswith("FAULT")
    assert "ways to the claimed 33.3 %\n" in said and "  used so\n" not in said
    assert "BGR" in said


def test_json_is_one_object(places, capsys):
    assert valscope(["reconcile", *places[:2], "--claimed", "0.1234", "--json", "--quiet"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert found["schema_version"] == 1 and found["verdict"] == "unmatched"
    assert found["variants"][0]["name"] == "reference"
    assert found["reference"]["preparation"]["height"] == 8


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--claimed", "good"], "--claimed takes an accuracy"),
        (["--claimed", "250%"], "--claimed takes an accuracy"),
        (["--most", "3"], "20 at least"),
        (["--out", "report.txt"], "ending in .html"),
        (["--part", "test"], "does not say which images are test"),
    ],
)
def test_wrong_requests_are_refused_in_one_sentence(places, capsys, more, sentence):
    code = valscope(["reconcile", *places[:2], "--quiet", *more])
    said = capsys.readouterr().err
    assert sentence in said and "Traceback" not in said
    assert code == 3


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["model.h5", "--script", "model.h5"], "--script takes code"),
        (["model.h5", "--predict-script", "notes.md"], "notes.md holds no code"),
    ],
)
def test_what_is_no_code_is_no_script(places, capsys, given, sentence):
    run, photos, folder = places
    (folder / "model.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    (folder / "notes.md").write_text("Nothing was written down.\n")
    more = [given[1], str(folder / given[2])]
    assert valscope(["reconcile", run, photos, *more, "--quiet"]) == 3
    assert sentence in capsys.readouterr().err


def test_model_and_images_that_have_changed_places_are_said_so(places, capsys):
    _, photos, folder = places
    (folder / "other.keras").write_bytes(b"PK")
    assert valscope(["reconcile", photos, str(folder / "other.keras"), "--quiet"]) == 3
    assert "give the model first, then the images" in capsys.readouterr().err


def test_few_images_are_too_few(places, capsys):
    for colour in COLOURS:
        draw(places[2] / "few" / colour / "1.png", colour)
    assert valscope(["reconcile", places[0], str(places[2] / "few"), "--quiet"]) == 3
    assert "at least 20 are needed" in capsys.readouterr().err
