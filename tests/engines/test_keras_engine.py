"""The real engine: networks as published, loss and activation in agreement, features and heads, whole states.

Run on another backend with  KERAS_BACKEND=torch python -m pytest tests/engines -m keras
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from valscope.engines import get_engine
from valscope.errors import ModelError, UsageError
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Augmentation, ModelSpec, Optimiser, Recipe

pytestmark = pytest.mark.keras

RNG = np.random.default_rng(0)
IMAGES = RNG.random((12, 32, 32, 3)).astype(np.float32)
LABELS = np.arange(12) % 3
IMAGES[np.arange(12), :, :, LABELS] += 0.5


def recipe(model: ModelSpec, **changes: object) -> Recipe:
    whole = Recipe("made", ("a", "b", "c"), Preparation(32, 32), model=model, optimiser=Optimiser(rate=1e-3))
    return whole.but(**changes)


def build(model: ModelSpec, shape: tuple[int, ...] = (32, 32, 3), **changes: object):
    net = get_engine().build(recipe(model, **changes), shape)
    net.start_stage("all")
    return net


@pytest.mark.parametrize(
    ("name", "shape", "parameters"),
    [
        ("case0", (25088,), 25088 * 256 + 256 + 256 * 3 + 3),
        ("case3_summary", (256, 256, 3), 1_382_819),
        ("case3_edited", (256, 256, 3), 6_582_755),
    ],
)
def test_the_published_networks_have_the_published_sizes(
    name: str, shape: tuple[int, ...], parameters: int
) -> None:
    assert get_engine().build(recipe(ModelSpec(name)), shape).parameters == parameters


def test_case1_is_the_published_network() -> None:
    spec = recipe(ModelSpec("case1", activation="sigmoid", outputs="one"), classes=("left", "right"))
    # conv 896 + conv 9248 + dense (27 * 9 * 32) x 128 + 129
    assert get_engine().build(spec, (115, 45, 3)).parameters == 896 + 9248 + 27 * 9 * 32 * 128 + 128 + 129


def softmax_loss(logits: np.ndarray) -> float:
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    return float(-np.log(p[np.arange(len(LABELS)), LABELS]).mean())


@pytest.mark.parametrize("activation", ["linear", "softmax"])
def test_the_loss_is_the_cross_entropy_of_the_logits(activation: str) -> None:
    net = build(ModelSpec("cnn", activation=activation))
    loss, logits = net.score(IMAGES, LABELS)
    assert loss == pytest.approx(softmax_loss(logits), abs=1e-4)


def test_one_sigmoid_unit_gives_two_logits_that_agree_with_its_loss() -> None:
    labels = LABELS % 2
    for activation in ("sigmoid", "linear"):
        net = build(ModelSpec("cnn", activation=activation, outputs="one"), classes=("no", "yes"))
        loss, logits = net.score(IMAGES, labels)
        p = 1 / (1 + np.exp(logits[:, 0] - logits[:, 1]))
        assert loss == pytest.approx(-np.log(np.where(labels == 1, p, 1 - p)).mean(), abs=1e-4)


def test_training_learns() -> None:
    net = build(ModelSpec("cnn", dropout=0.0))
    net.set_rate(3e-3)
    for _ in range(40):
        net.train_batch(IMAGES, LABELS, None)
    assert (net.logits(IMAGES).argmax(1) == LABELS).mean() == 1.0


def test_a_state_brings_back_dropout_and_augmentation_to_the_bit() -> None:
    net = build(
        ModelSpec("cnn", dropout=0.5), augmentation=Augmentation(rotate=0.1, shift=0.1, brightness=0.1)
    )
    net.train_batch(IMAGES, LABELS, None)
    state = net.state()
    first = [net.train_batch(IMAGES, LABELS, None) for _ in range(3)]
    net.restore(state)
    assert [net.train_batch(IMAGES, LABELS, None) for _ in range(3)] == first


def test_augmentation_and_dropout_leave_scoring_alone() -> None:
    net = build(ModelSpec("cnn", dropout=0.5), augmentation=Augmentation(rotate=0.2, brightness=0.3))
    assert (net.logits(IMAGES) == net.logits(IMAGES)).all()


def test_the_head_on_features_is_the_whole_network() -> None:
    net = build(ModelSpec("mobilenetv2", units=8))
    net.start_stage("head")
    head = net.head()
    assert np.allclose(head.logits(net.features(IMAGES)), net.logits(IMAGES), atol=1e-4)
    assert np.allclose(head.outputs(net.features(IMAGES))[1], net.outputs(IMAGES)[1], atol=1e-4)
    before = net.logits(IMAGES)
    head.train_batch(net.features(IMAGES), LABELS, None)
    assert not np.allclose(before, net.logits(IMAGES))
    assert net.trainable_parameters == head.trainable_parameters < net.parameters


@pytest.mark.parametrize("trains", ["head", "all", "top:20"])
def test_a_backbones_batchnorm_keeps_its_statistics(trains: str) -> None:
    net = build(ModelSpec("mobilenetv2"))
    net.start_stage(trains)
    moving = [np.asarray(w.value) for w in net._backbone.non_trainable_weights if "moving" in w.path]
    net.train_batch(IMAGES, LABELS, None)
    after = [np.asarray(w.value) for w in net._backbone.non_trainable_weights if "moving" in w.path]
    assert moving and all((a == b).all() for a, b in zip(moving, after, strict=True))


def test_top_n_unfreezes_the_last_layers_only() -> None:
    net = build(ModelSpec("mobilenetv2"))
    everything = net.trainable_parameters
    net.start_stage("top:4")
    some = net.trainable_parameters
    net.start_stage("head")
    assert net.trainable_parameters < some < everything


def test_a_saved_net_gives_the_same_logits_and_embeddings(tmp_path: Path) -> None:
    for spec in (ModelSpec("cnn"), ModelSpec("mobilenetv2", units=8)):
        net = build(spec)
        path = tmp_path / f"{spec.name}.keras"
        net.save(path)
        again = get_engine().load(path, recipe(spec))
        assert np.allclose(net.logits(IMAGES), again.logits(IMAGES), atol=1e-5)
        assert all(
            np.allclose(a, b, atol=1e-4)
            for a, b in zip(net.outputs(IMAGES), again.outputs(IMAGES), strict=True)
        )


def test_the_same_seed_gives_the_same_start_and_leaves_the_callers_randomness_alone() -> None:
    np.random.seed(5)
    expected = np.random.default_rng(0)  # unused, only to show that generators are separate
    state = np.random.get_state()[1].copy()
    a, b = build(ModelSpec("cnn")), build(ModelSpec("cnn"))
    c = build(ModelSpec("cnn"), seed=1)
    assert (a.logits(IMAGES) == b.logits(IMAGES)).all()
    assert not np.allclose(a.logits(IMAGES), c.logits(IMAGES))
    assert (np.random.get_state()[1] == state).all() and expected is not None


def test_unknown_names_and_missing_files_get_a_sentence() -> None:
    with pytest.raises(UsageError, match="near it are"):
        build(ModelSpec("mobilenetv9"))
    with pytest.raises(ModelError, match="does not exist"):
        build(ModelSpec("mobilenetv2", weights="nowhere.h5"))


def test_batches_of_any_length_share_one_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    net = build(ModelSpec("cnn"))
    output, seen = net.model.get_layer("output"), []
    call = output.call

    def counted(inputs: object, training: object = None) -> object:
        seen.append(inputs)
        return call(inputs, training=training)

    monkeypatch.setattr(output, "call", counted)
    whole = net.logits(IMAGES)
    parts = [net.outputs(IMAGES[start : start + 5])[0] for start in (0, 5, 10)]
    scored = net.score(IMAGES[:7], LABELS[:7])[1]
    assert np.allclose(np.concatenate(parts), whole, atol=1e-5) and np.allclose(scored, whole[:7], atol=1e-5)
    if get_engine().versions()["backend"] == "tensorflow":
        assert len(seen) == 1
