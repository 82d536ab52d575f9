"""Images of none of the classes are put aside, and it is said why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from toyruns import examples, toy_run

from valscope.errors import UsageError
from valscope.prediction import predict
from valscope.prediction.aside import aside_of
from valscope.run import Run
from valscope.scoring import softmax
from valscope.training.checkpoint import save_arrays
from valscope.unsure import fit_unsure


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run on vectors that keeps a rule, as training leaves it behind."""
    run = toy_run(tmp_path_factory.mktemp("runs") / "vectors", preparation=None)
    train, labels = examples(3, None, 4, seed=1)
    held_out, _ = examples(3, None, 4, seed=2)
    (_, on_train), (logits, on_val) = run.net.outputs(train), run.net.outputs(held_out)
    rule = fit_unsure(on_train, on_val, softmax(logits), labels)
    save_arrays(run.folder / "calibration.npz", {"temperature": np.array(1.0), **rule.arrays()})
    return run


def test_known_images_pass_and_others_are_put_aside_by_their_distance(vectors: Run) -> None:
    known, _ = examples(3, None, 4, seed=3)
    assert sum(p.unsure for p in predict(vectors, known)) <= 0.1 * len(known)
    far = np.array([[0, 0, 0, 40.0], [-30, -30, -30, -30]])
    found = list(predict(vectors, far))
    assert all(p.unsure for p in found)
    assert "it resembles no training image (distance " in found[0].why


def test_the_run_decides_as_its_rule_does(vectors: Run) -> None:
    mixed = np.concatenate([examples(3, None, 4, seed=4)[0], np.random.default_rng(0).normal(0, 3, (50, 4))])
    logits, embeddings = vectors.net.outputs(mixed.astype(np.float32))
    rule = aside_of(vectors).rule
    assert rule is not None
    expected = rule.aside(embeddings, softmax(logits))
    assert [p.unsure for p in predict(vectors, mixed)] == expected.tolist()
    assert 0 < expected.sum() < len(expected)


def test_a_threshold_of_ones_own_replaces_the_runs(vectors: Run) -> None:
    between = np.array([[1.0, 1.0, 0, 0]])
    (mild,) = predict(vectors, between, unsure=0.0)
    (strict,) = predict(vectors, between, unsure=1.0)
    assert "probability" not in mild.why
    assert strict.why.startswith("its probability ")
    assert "is below 1.0" in strict.why


def test_a_run_without_a_rule_puts_nothing_aside_unless_told(colours: Run) -> None:
    grey = np.full((8, 8, 3), 90, np.uint8)
    assert not next(iter(predict(colours, grey))).unsure
    assert next(iter(predict(colours, grey, unsure=1.0))).unsure


def test_a_close_miss_is_shown_with_enough_digits(colours: Run) -> None:
    rule = aside_of(colours, 0.6)
    assert rule.reasons(np.array([[0.5961, 0.4039]]), None) == ["its probability 0.596 is below 0.600"]
    assert rule.reasons(np.array([[0.6, 0.4]]), None) == [""]


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_threshold_is_a_probability(colours: Run, share: float) -> None:
    with pytest.raises(UsageError, match=r"lies in 0..1"):
        predict(colours, np.zeros((8, 8, 3), np.uint8), unsure=share)


def test_a_damaged_rule_is_said(tmp_path: Path) -> None:
    run = toy_run(tmp_path / "run", preparation=None)
    (run.folder / "calibration.npz").write_bytes(b"half")
    with pytest.raises(Exception, match="is damaged"):
        predict(run, np.zeros((1, 4)))
