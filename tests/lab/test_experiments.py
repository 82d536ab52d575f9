"""The null test, growth and ablations on drawn images and vectors whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from valscope.errors import UsageError
from valscope.lab.ablation import ABLATIONS, ablate
from valscope.lab.budget import parse_budget
from valscope.lab.growth import growth
from valscope.lab.null import null_test
from valscope.lab.probe_features import embedder


def blobs(n: int, seed: int, place: str = "centre", side: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """Noise images; class 1 has a bright disc in the centre, or a bright frame."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, n)
    x = rng.integers(60, 140, (n, side, side, 3)).astype(np.int64)
    yy, xx = np.mgrid[:side, :side] - side / 2 + 0.5
    disc = np.hypot(yy, xx) < side / 6
    frame = np.maximum(abs(yy), abs(xx)) > side / 2 - 3
    x[labels == 1] += np.where(disc if place == "centre" else frame, 60, 0)[None, :, :, None]
    return np.clip(x, 0, 255).astype(np.uint8), labels.astype(np.int64)


@pytest.mark.parametrize("seed", range(2))
def test_labels_that_mean_something_are_told_from_dealt_ones(seed: int) -> None:
    x, y = blobs(160, seed)
    embed, words = embedder(x.shape[1:], x, "toy")
    found = null_test(embed(x), y, None, words, shuffles=99)
    assert found.learnable
    assert found.score > found.critical > found.chance


@pytest.mark.slow
def test_dealt_labels_are_rarely_called_learnable() -> None:
    x, y = blobs(160, 1)
    features = embedder(x.shape[1:], x, "toy")[0](x)[:, :200]
    called = [
        null_test(features, np.random.default_rng(s).permutation(y), None, "", shuffles=99).learnable
        for s in range(20)
    ]
    assert sum(called) <= 1  # 1 % of 20 is 0.2


def test_copies_of_one_picture_are_not_evidence() -> None:
    """Twenty pictures with random labels, ten copies each: known by heart without groups, unknown with them."""
    rng = np.random.default_rng(0)
    x = np.repeat(rng.normal(size=(20, 30)), 10, axis=0) + rng.normal(0, 0.01, (200, 30))
    y = np.repeat(np.arange(20) % 2, 10).astype(np.int64)
    assert null_test(x, y, None, "", 99).learnable
    assert not null_test(x, y, tuple(str(i // 10) for i in range(200)), "", 99).learnable


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "kept", "lost"),
    [("centre", "centre only", "background only"), ("frame", "background only", "crop")],
)
def test_what_carries_the_signal(place: str, kept: str, lost: str) -> None:
    x, y = blobs(160, 3, place)
    embed, _ = embedder(x.shape[1:], x, "toy")
    found = {a.name: a for a in ablate(x, y, None, embed, ("grey", kept, lost))}
    assert found["whole"].accuracy.value > 0.9
    assert found[kept].accuracy.value > 0.85
    assert found[lost].high < 0
    assert found[lost].accuracy.value < 0.7


@pytest.mark.parametrize("name", list(ABLATIONS))
@pytest.mark.parametrize("shape", [(3, 8, 8, 3), (2, 5, 7, 1), (1, 115, 45, 1)])
def test_an_ablation_keeps_shape_and_type(name: str, shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    before = x.copy()
    out = ABLATIONS[name][0](x)
    assert out.shape == x.shape
    assert out.dtype == np.uint8
    assert (x == before).all()


class Arms:
    """Three seeds that get the easiest images right, so many at each share of the training images."""

    def __init__(self, at: dict[float, float], spread: float) -> None:
        self.easy = np.random.default_rng(0).permutation(400)
        self.at, self.spread, self.asked = at, spread, list[float]()

    def __call__(self, share: float) -> list[np.ndarray]:
        self.asked.append(share)
        return [self.easy < 400 * (self.at[share] + d) for d in (-self.spread, 0, self.spread)]


TWO = [0, 1] * 200


def test_growth_bounds_the_gain_of_more_data() -> None:
    arms = Arms({0.25: 0.5, 0.5: 0.7, 1.0: 0.9}, 0.01)
    rising = growth(arms, 800, TWO, None)
    assert rising is not None
    assert rising.helps
    assert not rising.flat
    assert rising.shares == (0.25, 0.5, 1.0)
    flat = growth(Arms({0.5: 0.9, 1.0: 0.9}, 0.005), 800, TWO, None)
    assert flat is not None
    assert not flat.helps
    assert flat.flat
    assert flat.shares == (0.5, 1.0)


@pytest.mark.parametrize(("right", "learns"), [(0.5, False), (0.97, True)])
def test_fewer_images_are_not_tried_where_they_can_tell_nothing(right: float, learns: bool) -> None:
    arms = Arms({1.0: right}, 0.01)
    found = growth(arms, 800, TWO, None)
    assert arms.asked == [1.0]
    assert found is not None
    assert (found.learns, found.last) == (learns, None)
    assert not found.helps
    assert not found.flat


def test_growth_keeps_to_the_time() -> None:
    arms = Arms({0.5: 0.7, 1.0: 0.9}, 0.01)
    assert growth(arms, 800, TWO, None, lambda share: False) is None
    half = growth(arms, 800, TWO, None, lambda share: share > 0.25)
    assert half is not None
    assert half.helps
    assert half.shares == (0.5, 1.0)


@pytest.mark.parametrize(("text", "seconds"), [("5m", 300), ("90s", 90), ("1.5h", 5400), (" 2 min ", 120)])
def test_budgets(text: str, seconds: float) -> None:
    assert parse_budget(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-5m", "0s", "5 weeks"])
def test_no_budgets(text: str) -> None:
    with pytest.raises(UsageError):
        parse_budget(text)


@pytest.mark.parametrize("text", ["4", " 45 ", "600", "1.5"])
def test_a_bare_number_is_asked_for_its_unit(text: str) -> None:
    """Seconds or minutes: four of the one try nothing, four of the other most of a case."""
    n = text.strip()
    with pytest.raises(UsageError, match=f"with its unit; write {n}m for minutes or {n}s for seconds"):
        parse_budget(text)


def test_groups_of_several_labels_are_dealt_item_by_item() -> None:
    """An image and its mirror image stand together and have two labels: dealing whole groups would change nothing."""
    rng = np.random.default_rng(0)
    labels = np.tile([0, 1], 120)
    features = np.concatenate([rng.normal(size=(240, 8)), labels[:, None] * 3.0], 1)
    groups = tuple(str(i // 2) for i in range(240))
    found = null_test(features, labels, groups, "drawn features")
    assert found.learnable and found.score > 0.95
    assert abs(found.chance - 0.5) < 0.05
