"""The whole job on the toy engine: what a run holds, what is refused, what is said."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from valscope.cli import run as command
from valscope.data.splitting.manifest import read_manifest
from valscope.errors import DataError, ProbeMismatch, RunError, UsageError
from valscope.run import Run
from valscope.training.checkpoint import load_arrays, save_arrays
from valscope.training.train import resume, train


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALSCOPE_CACHE", str(tmp_path_factory.mktemp("cache")))


def folder_of_images(root: Path, classes: dict[str, int], size: tuple[int, int] = (24, 20)) -> Path:
    """Class c is bright in its own corner; noise keeps the images apart."""
    rng = np.random.default_rng(1)
    for c, (name, count) in enumerate(classes.items()):
        (root / name).mkdir(parents=True)
        for i in range(count):
            pixels = rng.integers(0, 120, (size[1], size[0], 3))
            row, column = 10 * (c // 2), 12 * (c % 2)
            pixels[row : row + 10, column : column + 12] += 120
            Image.fromarray(pixels.astype(np.uint8)).save(root / name / f"{name[:3]}_{i:03}.png")
    return root


def after_batches(count: int, run: Path) -> Callable[[], bool]:
    """Asks to stop at the `count`-th batch; the questions while images are read come before there is a run."""
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += run.exists()
        return asked == count

    return stop


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of_images(tmp_path_factory.mktemp("photos"), {"ape": 60, "bee": 60, "cow": 40})


def test_a_folder_becomes_a_run_with_an_honest_number(photos: Path, tmp_path: Path) -> None:
    run = train(photos, tmp_path / "run", engine="toy", epochs=12, rate=0.01)
    assert run.status == "finished"
    assert run.classes == ("ape", "bee", "cow")
    scores = run.result.scores
    assert (scores.part, scores.n) == ("test", 24)
    assert scores.accuracy.value is not None and scores.accuracy.value > 0.8
    assert scores.accuracy.low < scores.accuracy.value <= scores.accuracy.high
    assert [b.name for b in run.result.baselines] == ["majority", "colour and size"]
    names = {p.name for p in run.folder.iterdir()}
    assert {
        "run.json",
        "recipe.json",
        "split.csv",
        "history.jsonl",
        "result.json",
        "report.html",
        "test.csv",
    } <= names
    assert "state.npz" not in names
    assert len(run.history()) == run.result.epochs


def test_every_image_is_in_one_part_and_the_split_is_written_down(photos: Path, tmp_path: Path) -> None:
    run = train(photos, tmp_path / "run", engine="toy", epochs=1, rate=0.01)
    manifest = read_manifest(run.folder / "split.csv", run.classes)
    assert len(manifest.names) == len(set(manifest.names)) == 160
    assert all(len(h) == 64 for h in manifest.hashes)
    assert {p: manifest.parts.count(p) for p in ("train", "val", "test")} == {
        "train": 112,
        "val": 24,
        "test": 24,
    }


@pytest.mark.slow
def test_the_same_seed_gives_the_same_run_and_another_seed_another(photos: Path, tmp_path: Path) -> None:
    runs = [
        train(photos, tmp_path / str(i), engine="toy", epochs=2, rate=0.01, seed=s)
        for i, s in enumerate((3, 3, 4))
    ]
    losses = [[row["loss"] for row in run.history()] for run in runs]
    assert losses[0] == losses[1] != losses[2]


@pytest.mark.slow
def test_a_stopped_run_is_usable_and_resumes_to_the_same_numbers(photos: Path, tmp_path: Path) -> None:
    whole = train(photos, tmp_path / "whole", engine="toy", epochs=6, rate=0.01, patience=6)
    stop = after_batches(17, tmp_path / "run")
    run = train(photos, tmp_path / "run", engine="toy", epochs=6, rate=0.01, patience=6, stop=stop)
    assert run.status == "stopped"
    assert run.result.scores.n == 24
    done = resume(tmp_path / "run")
    assert done.status == "finished"
    assert done.result.scores == whole.result.scores
    weights = [r.net.weights() for r in (whole, done)]
    assert all((weights[0][k] == weights[1][k]).all() for k in weights[0])


def test_resume_refuses_other_data(photos: Path, tmp_path: Path) -> None:
    data = folder_of_images(tmp_path / "data", {"ape": 20, "bee": 20})
    train(data, tmp_path / "run", engine="toy", epochs=5, rate=0.01, stop=after_batches(2, tmp_path / "run"))
    (data / "ape" / "ape_000.png").unlink()
    with pytest.raises(DataError, match="is gone"):
        resume(tmp_path / "run")


def test_vectors_get_a_head_and_two_comparisons(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat(["dog", "cat", "sky"], [60, 40, 30])
    values = rng.normal(size=(130, 20)) + (labels == "cat")[:, None] + 2 * (labels == "sky")[:, None]
    run = train((values, labels), tmp_path / "run", engine="toy", epochs=8, rate=0.01)
    assert run.classes == ("cat", "dog", "sky")
    assert run.recipe.preparation is None
    assert [b.name for b in run.result.baselines] == ["majority", "logistic regression", "linear SVM"]


def test_a_model_that_no_longer_gives_its_logits_is_refused(photos: Path, tmp_path: Path) -> None:
    run = train(photos, tmp_path / "run", engine="toy", epochs=1, rate=0.01)
    assert Run(run.folder).net is not None
    probes, _ = load_arrays(run.folder / "probes.npz")
    save_arrays(run.folder / "probes.npz", probes | {"logits": probes["logits"] + 1})
    with pytest.raises(ProbeMismatch, match="nothing it predicts can be trusted"):
        _ = Run(run.folder).net


def test_another_preparation_is_noticed_by_the_probes(photos: Path, tmp_path: Path) -> None:
    run = train(photos, tmp_path / "run", engine="toy", epochs=1, rate=0.01)
    recipe = json.loads((run.folder / "recipe.json").read_text())
    recipe["preparation"]["scale"] = "none"
    (run.folder / "recipe.json").write_text(json.dumps(recipe))
    with pytest.raises(ProbeMismatch, match="logits"):
        _ = Run(run.folder).net


def test_damaged_files_are_named_and_left_out(tmp_path: Path) -> None:
    data = folder_of_images(tmp_path / "data", {"ape": 20, "bee": 20})
    (data / "ape" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (data / "bee" / "empty.png").touch()
    run = train(data, tmp_path / "run", engine="toy", epochs=1, rate=0.01)
    said = " ".join(f"{n.message} {' '.join(n.items)}" for n in run.result.notices)
    assert "broken.jpg" in said and "empty.png" in said


def test_hostile_names_survive_the_whole_job(tmp_path: Path) -> None:
    data = folder_of_images(tmp_path / "data", {"<script>alert(1)<": 14, "-=cmd|x": 14, "snö 🐝": 14})
    run = train(data, tmp_path / "run", engine="toy", epochs=1, rate=0.01)
    assert len(run.classes) == 3
    assert "<script>alert(1)" not in (run.folder / "report.html").read_text("utf-8")


REFUSED = [
    (["train", "nowhere", "--out", "OUT"], "nowhere"),
    (["train", "PHOTOS"], "--out"),
    (["train", "PHOTOS", "--out", "OUT", "--size", "0"], "--size"),
    (["train", "PHOTOS", "--out", "OUT", "--model", "features"], "feature vectors"),
    (["train", "PHOTOS", "--out", "OUT", "--epochs", "many"], "epochs"),
    (["train", "PHOTOS", "--out", "OUT", "--val", "0.9", "--test", "0.9"], "val"),
    (["train", "--resume", "PHOTOS"], "not a run"),
    (["train", "PHOTOS", "--out", "OUT", "--recipe", "nothing.json"], "--recipe"),
    (["train", "PHOTOS", "--out", "OUT", "--group-by", "(("], "(("),
    (["trian"], "trian"),
]


@pytest.mark.parametrize(
    ("arguments", "named"), REFUSED, ids=lambda v: " ".join(v) if isinstance(v, list) else ""
)
def test_a_wrong_request_gets_one_sentence(
    arguments: list[str], named: str, photos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    filled = [{"PHOTOS": str(photos), "OUT": str(tmp_path / "run")}.get(a, a) for a in arguments]
    assert command([*filled, "--engine", "toy", "--quiet"] if arguments[0] == "train" else filled) == 3
    out, err = capfd.readouterr()
    assert out == ""
    assert named in err
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1


def test_an_unwritable_place_gets_a_sentence(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here already")
    with pytest.raises(RunError):
        train(photos, tmp_path / "file" / "run", engine="toy", epochs=1, rate=0.01)
    train(photos, tmp_path / "run", engine="toy", epochs=1, rate=0.01)
    with pytest.raises(RunError, match="not empty"):
        train(photos, tmp_path / "run", engine="toy", epochs=1, rate=0.01)


def test_one_class_and_unknown_models_are_refused(tmp_path: Path, photos: Path) -> None:
    one = folder_of_images(tmp_path / "one", {"ape": 5})
    with pytest.raises((DataError, UsageError)):
        train(one, tmp_path / "run", engine="toy")


def test_json_goes_to_standard_output_alone(
    photos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = command(
        ["train", str(photos), "--out", str(tmp_path / "run"), "--engine", "toy", "--epochs", "2", "--json"]
    )
    out, err = capfd.readouterr()
    found = json.loads(out)
    assert code == 0
    assert found["schema_version"] == 1
    assert {"accuracy", "interval", "n", "baselines", "classes", "per_class", "run"} <= set(found)
    assert "Epoch 1" in err


@pytest.mark.slow
@pytest.mark.data
def test_real_images(tmp_path: Path) -> None:
    root = os.environ.get("VALSCOPE_DATA")
    if not root:
        pytest.skip("VALSCOPE_DATA does not name the folder of image sets")
    run = train(Path(root) / "arrows_lr" / "gray115x45", tmp_path / "run", engine="toy", epochs=2, rate=0.01)
    codes = {n.code for n in run.result.notices}
    assert "flips_change_labels" in codes
    assert not run.recipe.augmentation.flip_horizontal
