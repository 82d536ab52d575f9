"""Is run B better than run A? The same images, paired."""

from __future__ import annotations

import hashlib
import json
import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toyruns import draw, keep_test, toy_run

from valscope import stats
from valscope.cli import run as cli
from valscope.comparison import compare
from valscope.comparison.judge import chance, judge
from valscope.comparison.paired import difference, sign_flip
from valscope.comparison.pairs import Pairs
from valscope.errors import DataError, RunError, UsageError
from valscope.run import Run

pytestmark = pytest.mark.slow  # runs are trained and models scored, many seconds in all


def pairs(both: int, only_a: int, only_b: int, neither: int, groups: tuple[str, ...] | None = None) -> Pairs:
    a = np.repeat([True, True, False, False], [both, only_a, only_b, neither])
    b = np.repeat([True, False, True, False], [both, only_a, only_b, neither])
    return Pairs(("x",), np.zeros(len(a), np.int64), a, b, groups)


# The verdict


def test_b_is_better() -> None:
    found = judge(pairs(500, 12, 31, 57), "a", "b")
    assert found.better == "B"
    assert found.verdict == (
        "B is better by 3.2 points [1.1, 5.5] on 600 images; 31 images only B got, 12 only A, p = 0.005."
    )
    assert (found.accuracy_a.k, found.accuracy_b.k) == (512, 531)
    assert found.difference == pytest.approx(19 / 600)


def test_a_is_better_said_from_its_side() -> None:
    found = judge(pairs(500, 31, 12, 57), "a", "b")
    assert found.better == "A"
    assert found.verdict == (
        "A is better by 3.2 points [1.1, 5.5] on 600 images; 12 images only B got, 31 only A, p = 0.005."
    )
    assert found.difference < 0


def test_they_cannot_be_told_apart() -> None:
    found = judge(pairs(80, 5, 8, 7), "a", "b")
    assert found.better is None
    assert found.verdict == (
        "A and B cannot be told apart on 100 images: B less A is 3.0 points [-4.5, 10.9]; "
        "8 images only B got, 5 only A, p = 0.58."
    )
    assert "another seed" in found.cannot_tell


def test_two_runs_that_agree_on_everything() -> None:
    found = judge(pairs(10, 0, 0, 3), "a", "b")
    assert (found.p, found.difference, found.better) == (1.0, 0.0, None)
    assert found.low < 0 < found.high


def test_classes_are_corrected_for_their_number() -> None:
    """Nine images of one class alone would be p = 0.004; among twenty classes they are not enough."""
    labels = np.repeat(np.arange(20), 9)
    a, b = np.ones(180, bool), np.ones(180, bool)
    a[:9] = False
    found = judge(Pairs(tuple("abcdefghijklmnopqrst"), labels, a, b), "a", "b")
    first = found.per_class[0]
    assert (first.name, first.n, first.only_b, first.difference) == ("a", 9, 9, 1.0)
    assert stats.mcnemar_exact(0, 9) == pytest.approx(0.0039, abs=1e-4)
    assert first.p == pytest.approx(20 * 2 / 2**9)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.5764, "p = 0.58"),
        (0.0121, "p = 0.01"),
        (0.0059, "p = 0.006"),
        (1e-9, "p < 0.0001"),
        (1.0, "p = 1.00"),
    ],
)
def test_chances_in_words(p: float, text: str) -> None:
    assert chance(p) == text


# Images in groups


def test_groups_of_one_are_the_ordinary_test() -> None:
    p = pairs(50, 4, 13, 10)
    alone = tuple(str(i) for i in range(len(p)))
    assert difference(p.right_a, p.right_b, alone) == difference(p.right_a, p.right_b, None)


def test_twenty_pictures_of_one_object_are_one_trial() -> None:
    """B wins on all pictures of four objects: 80 of 80 images, but 4 of 4 trials."""
    groups = tuple(str(i // 20) for i in range(200))
    b = np.arange(200) < 80
    (low, high), p = difference(np.zeros(200, bool), b, groups)
    assert p == 2 / 2**4
    assert low < 0.1 < 0.4 < high
    found = judge(Pairs(("x",), np.zeros(200, np.int64), np.zeros(200, bool), b, groups), "a", "b")
    assert (found.better, found.groups) == (None, 10)


@given(st.lists(st.integers(-4, 4), max_size=9))
def test_the_sign_flip_test_counts_every_way(sums: list[int]) -> None:
    values = np.array(sums, np.int64)
    ways = [abs(sum(s * abs(v) for s, v in zip(signs, sums))) for signs in product((-1, 1), repeat=len(sums))]
    expected = np.mean([way >= abs(values.sum()) for way in ways])
    assert sign_flip(values) == pytest.approx(expected)


def test_very_many_groups_take_the_normal_distribution() -> None:
    rng = np.random.default_rng(0)
    values = rng.choice([-3, -1, 1, 2, 3], 9000)
    exact = sign_flip(values)
    doubled = sign_flip(np.concatenate([values] * 2))  # beyond the limit
    assert doubled < exact
    z = abs(values.sum()) / math.sqrt((values**2.0).sum())
    assert exact == pytest.approx(math.erfc(z / math.sqrt(2)), abs=0.01)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_the_interval_always_holds_the_difference(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    a, b = rng.random((2, n)) < rng.random()
    groups = tuple(str(g) for g in rng.integers(0, max(1, n // 3), n))
    (low, high), p = difference(a, b, groups)
    assert -1 <= low <= b.mean() - a.mean() <= high <= 1
    assert 0 <= p <= 1


def test_grouped_intervals_cover_what_they_promise() -> None:
    """40 objects with 5 pictures each, right or wrong together; the true difference is 0."""
    rng = np.random.default_rng(1)
    groups = tuple(str(i // 5) for i in range(200))
    hits = alarms = 0
    for _ in range(300):
        a, b = (np.repeat(rng.random(40) < 0.7, 5) for _ in "ab")
        (low, high), p = difference(a, b, groups)
        hits += low <= 0 <= high
        alarms += p < 0.05
    assert hits >= 0.91 * 300
    assert alarms <= 0.08 * 300


# Runs on what they kept


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def rows(
    test: dict[str, str], train: str = "", hashes: dict[str, str] | None = None, group: str = ""
) -> list:  # type: ignore[type-arg]
    """test: image name -> what the run said. The true class is the first letter's colour."""
    colour = {"b": "blue", "g": "green", "r": "red"}
    known = [
        (n, colour[n[0]], sha((hashes or {}).get(n, n)), group, "test", said) for n, said in test.items()
    ]
    return known + [(n, colour[n[0]], sha(n), group, "train", "") for n in train.split()]


@pytest.fixture
def two(tmp_path: Path) -> tuple[Run, Run]:
    return toy_run(tmp_path / "a"), toy_run(tmp_path / "b", ("red", "green", "blue"), seed=1)


def test_the_shared_test_images_are_compared_without_looking_at_them(two: tuple[Run, Run]) -> None:
    a, b = two
    keep_test(a, rows({"r1": "red", "r2": "blue", "g1": "red", "b1": "blue", "b9": "blue"}, "r3 g3"))
    keep_test(b, rows({"g1": "green", "r2": "red", "r1": "red", "b1": "blue", "g9": "red"}, "r3 g4"))
    found = compare(a, b)
    assert (found.n, found.accuracy_a.k, found.accuracy_b.k) == (4, 2, 4)
    assert (found.only_a, found.only_b, found.p) == (0, 2, pytest.approx(0.5))
    assert {c.name: (c.n, c.only_b) for c in found.per_class} == {
        "blue": (1, 0),
        "green": (1, 1),
        "red": (2, 1),
    }


def test_images_are_told_by_their_content_not_by_their_names(two: tuple[Run, Run]) -> None:
    a, b = two
    keep_test(a, rows({"r1": "red", "g1": "green"}))
    keep_test(b, rows({"r7": "red", "g1": "red"}, hashes={"r7": "r1", "g1": "other"}))
    assert compare(a, b).n == 1


def test_a_test_image_that_the_other_trained_on_is_refused_and_counted(two: tuple[Run, Run]) -> None:
    a, b = two
    keep_test(a, rows({"r1": "red", "r2": "red", "g1": "green"}, "b1"))
    keep_test(b, rows({"r1": "red", "b1": "blue"}, "r2 g1"))
    with pytest.raises(
        DataError, match=r"2 of the 3 test images of .*a were trained on by .*b, and 1 of the 2 of .*b"
    ):
        compare(a, b)


def test_runs_that_share_no_test_image(two: tuple[Run, Run]) -> None:
    a, b = two
    keep_test(a, rows({"r1": "red"}))
    keep_test(b, rows({"r2": "red"}))
    with pytest.raises(DataError, match="share no image; give labelled images with --data"):
        compare(a, b)


def test_an_image_with_another_class_in_each_run_is_left_out_and_said(two: tuple[Run, Run]) -> None:
    a, b = two
    keep_test(a, rows({"r1": "red", "g1": "green"}))
    keep_test(b, rows({"b1": "blue", "g1": "green"}, hashes={"b1": "r1"}))
    found = compare(a, b)
    assert found.n == 1
    assert [(n.code, n.items) for n in found.notices] == [("relabelled", ("r1",))]


def test_groups_of_the_split_count(two: tuple[Run, Run]) -> None:
    for run in two:
        keep_test(run, rows({"r1": "red", "r2": "red", "r3": "red"}, group="film 1"))
    assert compare(*two).groups == 1


def test_what_a_run_did_not_keep_is_said(two: tuple[Run, Run], tmp_path: Path) -> None:
    a, b = two
    with pytest.raises(RunError, match=r"has no split\.csv"):
        compare(a, b)
    keep_test(a, rows({"r1": "red"}))
    keep_test(b, rows({"r1": "red", "g1": "green"}))
    (b.folder / "test.csv").write_text("name,true,predicted,probability\nr1,red,red,1\n")
    with pytest.raises(RunError, match=r"does not fit the split\.csv"):
        compare(a, b)
    (b.folder / "test.csv").unlink()
    with pytest.raises(RunError, match="kept no test part"):
        compare(a, b)
    with pytest.raises(UsageError, match="give two different ones"):
        compare(a, a.folder)


# Runs on fresh images


@pytest.fixture
def photos(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VALSCOPE_CACHE", str(here / "cache"))
    for colour in ("blue", "green", "red"):
        for i in range(4):
            draw(here / f"photos/{colour}/{i}.png", colour, seed=i)
    return here / "photos"


def test_fresh_images_are_scored_by_both_whatever_the_order_of_their_classes(
    tmp_path: Path, photos: Path
) -> None:
    a = toy_run(tmp_path / "runs/a")
    b = toy_run(tmp_path / "runs/b", ("green", "blue", "red"))  # calls blue images green and green ones blue
    for run in (a, b):
        keep_test(run, rows({"r1": "red"}))
    found = compare(a, b, photos)
    assert (found.n, found.accuracy_a.k, found.accuracy_b.k) == (12, 12, 4)
    assert found.better == "A"


def test_images_that_a_run_has_trained_on_are_left_out(tmp_path: Path, photos: Path) -> None:
    a, b = toy_run(tmp_path / "runs/a"), toy_run(tmp_path / "runs/b", seed=1)
    seen = hashlib.sha256((photos / "red/0.png").read_bytes()).hexdigest()
    keep_test(a, [*rows({"r1": "red"}), ("x", "red", seen, "", "val", "")])
    keep_test(b, rows({"r1": "red"}))
    found = compare(a, b, photos)
    assert found.n == 11
    (notice,) = [n for n in found.notices if n.code == "trained_on"]
    assert notice.items == ("red/0.png",)


def test_classes_that_only_one_run_knows_are_left_out(tmp_path: Path, photos: Path) -> None:
    a, b = toy_run(tmp_path / "runs/a"), toy_run(tmp_path / "runs/b", ("blue", "green"))
    for run in (a, b):
        keep_test(run, [("x", "blue", sha("x"), "", "test", "blue")])
    found = compare(a, b, photos)
    assert (found.n, [c.name for c in found.per_class]) == (8, ["blue", "green"])
    assert [n.code for n in found.notices if n.code == "unknown_class"]
    c = toy_run(tmp_path / "runs/c", ("x", "y"))
    with pytest.raises(DataError, match="a class that both runs know"):
        compare(a, c, photos)


def test_a_run_whose_training_is_unknown_is_compared_with_a_warning(tmp_path: Path, photos: Path) -> None:
    a, b = toy_run(tmp_path / "runs/a"), toy_run(tmp_path / "runs/b", seed=1)
    found = compare(a, b, photos)
    assert found.n == 12
    assert [n.code for n in found.notices].count("unknown_training") == 2


def test_damaged_images_are_left_out_once(tmp_path: Path, photos: Path) -> None:
    a, b = toy_run(tmp_path / "runs/a"), toy_run(tmp_path / "runs/b", seed=1)
    (photos / "red/0.png").write_bytes(b"broken")
    found = compare(a, b, photos)
    assert found.n == 11
    assert sum("red/0.png" in notice.items for notice in found.notices) == 1


# The command


def test_the_command_prints_the_verdict(two: tuple[Run, Run], capsys: pytest.CaptureFixture[str]) -> None:
    a, b = two
    names = [f"{c}{i}" for c in "rg" for i in range(10)]
    keep_test(a, rows({n: "blue" if n[0] == "r" else "green" for n in names}))
    keep_test(b, rows({n: "red" if n[0] == "r" else "green" for n in names}))
    assert cli(["compare", str(a.folder), str(b.folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("B is better by 50.0 points [")
    assert "A  50 % [27, 73]" in lines[2]
    assert "B is better on red." in lines


def test_json_is_one_object(two: tuple[Run, Run], capsys: pytest.CaptureFixture[str]) -> None:
    for run in two:
        keep_test(run, rows({"r1": "red", "g1": "green"}))
    assert cli(["compare", str(two[0].folder), str(two[1].folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema_version"] == 1
    assert (found["n"], found["p"], found["better"]) == (2, 1.0, None)
    assert len(found["interval"]) == 2
    assert found["per_class"]["red"]["n"] == 1
    assert found["verdict"].startswith("A and B cannot be told apart")


def test_fresh_images_on_the_command_line(
    tmp_path: Path, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = toy_run(tmp_path / "runs/a"), toy_run(tmp_path / "runs/b", seed=1)
    assert cli(["compare", str(a.folder), str(b.folder), "--data", "photos", "--json", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["n"] == 12
    assert err == ""
