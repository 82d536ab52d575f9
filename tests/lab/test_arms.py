"""Comparing arms: images, seeds, and what the two together decide."""

from __future__ import annotations

import numpy as np
import pytest

from valscope.lab.arms import contrast, seeds_apart
from valscope.lab.ruling import reproduces, ruled
from valscope.nouns.fact import Source
from valscope.nouns.training import Reported
from valscope.stats import holm, mcnemar_exact


def arm(accuracies: list[float], n: int = 200, seed: int = 0) -> list[np.ndarray]:
    """Vectors whose right images overlap as those of one network do: the easy ones are right in all."""
    rng = np.random.default_rng(seed)
    hard = rng.permutation(n)
    return [hard < round(a * n) for a in accuracies]


def reported(value: float, n: int | None = None) -> Reported:
    return Reported("val", value, Source("log", 1), n)


def test_a_clear_gain_is_confirmed() -> None:
    found = contrast(arm([0.40, 0.42, 0.41]), arm([0.90, 0.91, 0.92]))
    assert found.mean == pytest.approx(0.50, abs=1e-9)
    assert found.low > 0.4
    assert found.apart
    assert ruled(found, found.p, 0.5, True) == "CONFIRMED"
    assert ruled(found, found.p, 0.5, None) == "CONFIRMED"


def test_with_one_seed_the_images_are_compared_by_mcnemar() -> None:
    before, after = (
        np.array([True] * 6 + [False] * 14),
        np.array([True] * 5 + [False] + [True] * 8 + [False] * 6),
    )
    assert contrast([before], [after]).p == pytest.approx(mcnemar_exact(1, 8))


def test_a_steady_small_gain_of_every_seed_is_seen_though_the_majorities_hardly_differ() -> None:
    """Each seed loses other images: a majority of six forgives the control nearly all of them."""
    rng = np.random.default_rng(3)
    control = [rng.random(300) < 0.75 for _ in range(6)]
    treated = [c | (rng.random(300) < 0.3) for c in control]
    found = contrast(control, treated)
    majorities = mcnemar_exact(found.only_control, found.only_treated)
    assert found.p < 1e-6 < majorities


@pytest.mark.slow
def test_seeds_of_one_recipe_are_hardly_ever_told_apart() -> None:
    """Images that differ in difficulty, repetitions that differ in skill, and a remedy that mends nothing."""
    rng, confirmed = np.random.default_rng(5), 0
    for _ in range(200):
        easy = rng.normal(1.2, 1.5, 150)
        arms = [
            [easy + rng.normal(0, 0.3) + rng.logistic(0, 0.6, 150) > 0 for _ in range(6)] for _ in range(2)
        ]
        found = contrast(*arms)
        confirmed += ruled(found, found.p, 0.2, True) == "CONFIRMED"
    assert confirmed <= 4


def test_a_control_that_shows_another_number_confirms_nothing() -> None:
    found = contrast(arm([0.40, 0.42, 0.41]), arm([0.90, 0.91, 0.92]))
    assert ruled(found, found.p, 0.5, False) == "SUSPECTED"


def test_no_effect_is_refuted_only_where_the_trial_could_have_seen_a_quarter_of_the_trouble() -> None:
    found = contrast(arm([0.58, 0.59, 0.58]), arm([0.58, 0.58, 0.59]))
    assert ruled(found, 1.0, 0.40, True) == "REFUTED"
    assert ruled(found, 1.0, 0.02, True) == "SUSPECTED"
    assert ruled(found, 1.0, 0.0, True) == "SUSPECTED"
    large = contrast(arm([0.58, 0.58, 0.58], 20_000), arm([0.58, 0.58, 0.58], 20_000))
    assert ruled(large, 1.0, 0.0, True) == "REFUTED"  # less than 2 points, where nothing is amiss at all


def test_a_gain_that_seeds_alone_bring_is_not_confirmed() -> None:
    found = contrast(arm([0.40, 0.80, 0.60]), arm([0.55, 0.90, 0.75]))
    assert not found.apart
    assert ruled(found, 1e-9, 0.2, True) == "SUSPECTED"


def test_a_gain_below_a_quarter_of_the_trouble_is_not_its_cause() -> None:
    found = contrast(arm([0.40, 0.40, 0.40], 2000), arm([0.46, 0.46, 0.46], 2000))
    assert found.p < 0.01
    assert ruled(found, found.p, 0.5, True) == "REFUTED"
    # with the main cause mended in both arms, 6 points of the 10 that are left are a fault of their own
    assert ruled(found, found.p, 0.5, True, residual=0.10) == "CONFIRMED"
    assert ruled(found, found.p, 0.5, True, residual=0.40) == "REFUTED"


def test_groups_count_as_one() -> None:
    control, treated = arm([0.5, 0.5, 0.5], 40), arm([0.8, 0.8, 0.8], 40)
    alone = contrast(control, treated)
    order = np.argsort(np.random.default_rng(0).permutation(40))
    grouped = contrast(control, treated, tuple(str(i // 10) for i in order))
    assert grouped.p > alone.p
    assert grouped.high - grouped.low > alone.high - alone.low


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_equal_arms_are_hardly_ever_told_apart(seed: int) -> None:
    """A/A: the same recipe on other seeds, 300 times, with Holm over four suspects."""
    rng = np.random.default_rng(seed)
    confirmed = 0
    for _ in range(100):
        difficulty = rng.uniform(0, 1, 150)
        arms = [[difficulty < 0.7 + rng.normal(0, 0.03) for _ in range(3)] for _ in range(5)]
        noisy = [[v ^ (rng.random(150) < 0.05) for v in a] for a in arms]
        found = [contrast(noisy[0], other) for other in noisy[1:]]
        corrected = holm([f.p for f in found])
        confirmed += any(ruled(f, p, 0.05, True) == "CONFIRMED" for f, p in zip(found, corrected))
    assert confirmed <= 2


def test_a_repetition_shows_the_reported_number_within_both_samples() -> None:
    assert reproduces([0.41, 0.42, 0.43], 300, reported(0.4195, 1311))
    assert not reproduces([0.61, 0.62, 0.60], 300, reported(0.4195, 1311))
    assert reproduces([0.61, 0.62, 0.60], 30, reported(0.4195))  # thirty images cannot tell
    assert reproduces([float("nan")], 0, reported(0.4)) is None


@pytest.mark.parametrize(
    ("control", "mended", "expected"),
    [
        ((0.5, 0.51, 0.52), (0.6, 0.61, 0.62), True),
        ((0.5, 0.51, 0.61), (0.6, 0.61, 0.62), False),  # three each decide only where all lie apart
        ((0.1, 0.1, 0.8, 0.1, 0.81, 0.1), (0.79, 0.8, 0.78, 0.8, 0.79, 0.8), True),  # ruins four of six
        (
            (0.1, 0.8, 0.8, 0.79, 0.81, 0.8),
            (0.79, 0.8, 0.78, 0.8, 0.79, 0.8),
            False,
        ),  # one of six may be chance
        ((0.6,), (0.7,), True),
    ],
)
def test_seeds_apart(control: tuple[float, ...], mended: tuple[float, ...], expected: bool) -> None:
    assert seeds_apart(control, mended) is expected
    assert seeds_apart(mended, control) is expected


@pytest.mark.slow
def test_seeds_of_one_kind_are_apart_as_seldom_as_promised() -> None:
    """One-sided at 5 % on either side: at most a tenth of pairs that differ in nothing."""
    rng = np.random.default_rng(0)
    draws = np.where(rng.random((2000, 12)) < 0.5, 0.1, 0.8) + rng.normal(0, 0.01, (2000, 12))
    apart = sum(seeds_apart(row[:6].tolist(), row[6:].tolist()) for row in draws)
    assert apart <= 240
