"""The bench on a drawn set and the NumPy network: what is put aside, what is kept, what a budget cuts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from valscope.diagnosis import all_rules
from valscope.diagnosis.court import _reproduced, try_training
from valscope.errors import DataError
from valscope.lab import repetition
from valscope.lab.bench import PLANNED, Bench, Pace, pace_of, shortened
from valscope.lab.budget import Budget
from valscope.lab.keep import Keep
from valscope.lab.material import open_material, thinned
from valscope.lab.parts import divided
from valscope.lab.repetition import COLUMNS
from valscope.nouns.fact import NotMeasured, Source
from valscope.nouns.recipe import Feed, ModelSpec, Optimiser, Recipe, Split, Stage
from valscope.nouns.training import Reported, Training
from valscope.training.observer import Silent

pytestmark = pytest.mark.slow


def sorted_rows(folder: Path, n: int = 420, seed: int = 0) -> Recipe:
    """Three classes of vectors, rows sorted by class, the last 30 % validate."""
    rng = np.random.default_rng(seed)
    labels = np.sort(np.arange(n) % 3)
    values = rng.normal(size=(n, 12)).astype(np.float32)
    values[:, :3] += 3.0 * np.eye(3, dtype=np.float32)[labels]
    np.savez(folder / "rows.npz", x=values, y=labels)
    return Recipe(
        str(folder / "rows.npz"), ("0", "1", "2"), None, model=ModelSpec("toy", dropout=0.0),
        split=Split("tail", val=1 / 3, test=0.0, grouping="none"), feed=Feed(batch=32),
        optimiser=Optimiser("adam", rate=1e-2), stages=(Stage(12),), restore_best=False,
    )  # fmt: skip


def bench(folder: Path, recipe: Recipe, val: float = 0.0, budget: float = 60, train: float = 1.0) -> Bench:
    seen = tuple(Reported(p, v, Source("log", 1), 143) for p, v in (("train", train), ("val", val)))  # type: ignore[arg-type]
    training = Training(recipe, recipe.data, engine="toy", reported=seen)
    return Bench(training, None, Silent(), Budget(budget), Keep(folder / "kept"))


def test_a_setting_that_stands_in_for_the_users_is_not_judged(tmp_path: Path) -> None:
    recipe = sorted_rows(tmp_path).but(class_weights=(1.0, 1.0, 2.0))
    ours = bench(tmp_path, recipe)
    assert ours.training is not None
    unread = NotMeasured("the class weights of the code are not read", "the weights as printed")
    ours.training = replace(ours.training, stand_ins=(("class_weights", unread),))
    heard = try_training(ours, list(all_rules()), [])
    assert "D103" not in [t.code for t in heard.trials]
    assert [(m.name, m.would_settle) for m in heard.missing] == [("class weights", "the weights as printed")]


def test_nobody_trains_on_the_probe_set_nor_on_its_relatives(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    base = rng.integers(0, 255, (60, 24, 24, 3)).astype(np.uint8)
    images = np.concatenate([base, np.clip(base.astype(int) + 2, 0, 255).astype(np.uint8)])
    np.savez(tmp_path / "twins.npz", x=images, y=np.tile(np.arange(60) % 2, 2))
    from valscope.nouns.preparation import Preparation

    material = open_material(str(tmp_path / "twins.npz"), Preparation(24, 24), Silent())
    probe = {int(i) % 60 for i in material.probe}
    rest = {int(i) % 60 for i in material.rest}
    assert not probe & rest
    assert 24 <= len(material.probe) <= 40
    recipe = Recipe("", ("0", "1"), Preparation(24, 24), split=Split(grouping="none"))
    train, val = divided(material, recipe)
    assert not set(train.tolist()) & set(val.tolist())
    assert sorted([*train.tolist(), *val.tolist()]) == sorted(material.rest.tolist())


def test_a_tail_keeps_its_meaning_without_the_probe_set(tmp_path: Path) -> None:
    recipe = sorted_rows(tmp_path)
    material = open_material(recipe.data, None, Silent())
    train, val = divided(material, recipe)
    assert set(material.labels[val].tolist()) == {2}
    assert max(train) < min(val)
    half, same = divided(material, recipe, 0.5)
    assert len(half) == pytest.approx(len(train) / 2, abs=2)
    assert (same == val).all()


def test_too_few_images_are_refused_in_a_sentence(tmp_path: Path) -> None:
    np.savez(tmp_path / "few.npz", x=np.zeros((12, 4), np.float32), y=np.arange(12) % 2)
    with pytest.raises(DataError, match="at least 20 images"):
        open_material(str(tmp_path / "few.npz"), None, Silent())


def test_a_large_set_is_thinned_evenly_and_in_order(tmp_path: Path) -> None:
    from valscope.data.sources.open import open_dataset

    recipe = sorted_rows(tmp_path, 900)
    dataset, said = thinned(open_dataset(recipe.data), 300)
    assert np.bincount(dataset.labels).tolist() == [100, 100, 100]
    assert (np.diff(dataset.labels) >= 0).all()
    assert "300 of the 900" in said[0]


def test_the_split_is_confirmed_by_the_exam_and_class_weights_are_acquitted(tmp_path: Path) -> None:
    recipe = sorted_rows(tmp_path).but(class_weights=(1.0, 1.0, 2.0))
    heard = try_training(bench(tmp_path, recipe), list(all_rules()), [])
    found = {t.code: t for t in heard.trials}
    assert found["S101"].ruling == "CONFIRMED"
    assert found["S101"].reproduced
    assert found["S101"].control.validation == (0.0, 0.0, 0.0)
    assert found["D103"].ruling == "REFUTED"
    assert "not the cause" in found["D103"].words


def test_a_report_of_another_training_confirms_nothing(tmp_path: Path) -> None:
    """The same recipe, but the user saw 55 %: something that is not in the recipe differs."""
    heard = try_training(bench(tmp_path, sorted_rows(tmp_path), val=0.55), list(all_rules()), [])
    split = next(t for t in heard.trials if t.code == "S101")
    assert split.reproduced is False
    assert split.ruling == "SUSPECTED"
    assert "does not show the reported number" in split.words


def test_nothing_is_tried_where_nothing_is_amiss(tmp_path: Path) -> None:
    healthy = sorted_rows(tmp_path).but(split=Split("stratified", val=0.3, test=0.0, grouping="none"))
    assert try_training(bench(tmp_path, healthy, val=0.97, train=0.98), list(all_rules()), []).trials == ()


def test_finished_repetitions_are_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = sorted_rows(tmp_path)
    first = bench(tmp_path, recipe).repetitions(recipe)

    def never(*args: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(repetition, "_train", never)
    again = bench(tmp_path, recipe).repetitions(recipe)
    assert [r.accuracy for r in again] == [r.accuracy for r in first]
    assert all((a.history == b.history).all() for a, b in zip(first, again))
    with pytest.raises(AssertionError, match="trained again"):
        bench(tmp_path, recipe).repetitions(recipe.but(label_smoothing=0.1))


def test_a_damaged_file_of_a_trial_is_made_anew(tmp_path: Path) -> None:
    recipe = sorted_rows(tmp_path)
    first = bench(tmp_path, recipe).repetitions(recipe)
    for file in (tmp_path / "kept").glob("*.npz"):
        file.write_bytes(file.read_bytes()[:100])
    assert [r.accuracy for r in bench(tmp_path, recipe).repetitions(recipe)] == [r.accuracy for r in first]


def test_a_short_budget_cuts_all_arms_alike_and_says_so(tmp_path: Path) -> None:
    slow = bench(tmp_path, sorted_rows(tmp_path).but(stages=(Stage(4000),)), budget=1.5)
    slow.settle(4)
    assert slow.epochs is not None
    assert 1 <= slow.epochs < 4000
    assert "of 4000 epochs" in slow.assumed[0]
    again = bench(tmp_path, sorted_rows(tmp_path).but(stages=(Stage(4000),)), budget=1.5)
    again.settle(4)
    assert again.epochs == slow.epochs


@pytest.mark.parametrize(("trains", "epochs"), [("head", 18), ("all", 1)])
def test_a_remedy_that_trains_more_layers_sets_the_pace(
    trains: str, epochs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backbone that is no longer frozen is many times slower than the head alone."""
    control = sorted_rows(tmp_path).but(stages=(Stage(40, "head"),))

    def at_a_pace(material: object, recipe: Recipe, *others: object) -> repetition.Repetition:
        second = 1.0 if recipe.stages[0].trains == "head" else 10.0
        rows = [[0, 0.5, 0, 0.5, second, 0.1]] * sum(s.epochs for s in recipe.stages)
        return repetition.Repetition(np.ones(9, bool), np.array(rows, float), 9, second * len(rows))

    monkeypatch.setattr("valscope.lab.bench.repeat", at_a_pace)
    short = bench(tmp_path, control, budget=3 * 3 * 18.9 / PLANNED)
    short.settle(3, control.but(stages=(Stage(40, trains),)))
    assert short.epochs == epochs and f"{epochs} of 40 epochs" in short.assumed[0]


def test_the_first_epoch_of_every_stage_does_not_count_for_the_pace() -> None:
    """A network is compiled anew where other layers begin to train."""
    seconds = np.array([0.8, 0.1, 2.0, 0.3])
    history = np.zeros((4, len(COLUMNS)))
    history[:, COLUMNS.index("seconds")] = seconds
    trial = repetition.Repetition(np.ones(3, np.bool_), history, 10, seconds=4.0)
    assert pace_of(trial, [2, 2], [10, 30]) == Pace(pytest.approx(4.0 - 0.8), pytest.approx(0.25))
    assert pace_of(trial, [2, 0], [10, 0]).epoch == pytest.approx(0.1)


def test_the_epochs_of_a_longer_remedy_are_cut_too(tmp_path: Path) -> None:
    control = sorted_rows(tmp_path).but(stages=(Stage(2),))
    short = bench(tmp_path, control, budget=1.5)
    short.settle(3, control.but(stages=(Stage(4000),)))
    assert short.epochs is not None and short.epochs < 4000


def test_stages_keep_their_shares() -> None:
    recipe = Recipe("", ("a", "b"), None, stages=(Stage(20, "head"), Stage(10, "all")))
    assert [s.epochs for s in shortened(recipe, 6).stages] == [4, 2]
    assert [s.epochs for s in shortened(recipe, 1).stages] == [1, 1]
    assert shortened(recipe, 50) is recipe


def test_a_shortened_control_is_compared_with_the_same_epoch(tmp_path: Path) -> None:
    """A training that learns slowly: after two epochs it cannot show the number of the twelfth."""
    recipe = sorted_rows(tmp_path, 900).but(
        split=Split("stratified", val=1 / 3, test=0.0, grouping="none"), optimiser=Optimiser("sgd", rate=2e-3)
    )
    whole = bench(tmp_path, recipe).repetitions(recipe)[0]
    curve = tuple(whole.history[:, COLUMNS.index("val_accuracy")].tolist())
    assert curve[-1] > curve[1] + 0.2
    seen = Reported("val", curve[-1], Source("log", 1), whole.validated, curve=curve)
    for told, expected in ((seen, True), (replace(seen, curve=()), False)):
        short = bench(tmp_path, recipe)
        short.training, short.epochs = Training(recipe, recipe.data, engine="toy", reported=(told,)), 2
        assert _reproduced(short, recipe) is expected


def test_where_nothing_learns_nobody_is_acquitted(tmp_path: Path) -> None:
    """Labels that were dealt out: no remedy helps, and that says nothing about the rate."""
    recipe = sorted_rows(tmp_path).but(
        split=Split("stratified", val=1 / 3, test=0.0, grouping="none"),
        optimiser=Optimiser("adam", rate=1e-6),
    )
    stuck = bench(tmp_path, recipe, val=0.33, train=0.33)
    heard = try_training(stuck, list(all_rules()), [])
    rate = next(t for t in heard.trials if t.code == "T105")
    assert rate.ruling == "CONFIRMED"

    dealt = np.random.default_rng(1).permutation(np.arange(420) % 3)
    values = np.random.default_rng(2).normal(0, 1, (420, 24)).astype(np.float32)
    np.savez(tmp_path / "rows.npz", x=values, y=dealt)
    heard = try_training(bench(tmp_path, recipe, val=0.33, train=0.33), list(all_rules()), [])
    assert {t.ruling for t in heard.trials} == {"SUSPECTED"}
    assert any("nothing that was tried learned anything" in t.words for t in heard.trials)
