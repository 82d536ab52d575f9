"""Temperature, calibration error, reliability and the rule that puts images aside."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valscope.calibration import (
    UnsureRule,
    expected_calibration_error,
    fit_temperature,
    fit_unsure,
    nll,
    reliability,
)
from valscope.stats import clopper_pearson

pytestmark = pytest.mark.slow


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def honest(n, k=4, seed=0, temperature=1.0):
    """Logits whose softmax is right as often as it says, sharpened by 1 / temperature, and labels."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (n, k))
    labels = (softmax(logits).cumsum(1) < rng.random((n, 1))).sum(1)
    return logits * temperature, labels


# --- temperature ---


@pytest.mark.parametrize("true", [0.3, 1.0, 2.5, 8.0])
def test_the_temperature_is_found(true):
    logits, labels = honest(4000, temperature=true)
    assert fit_temperature(logits, labels) == pytest.approx(true, rel=0.08)


@given(st.integers(0, 50), st.integers(0, 1000), st.floats(-3, 3))
@settings(max_examples=40, deadline=None)
def test_no_other_temperature_is_clearly_better_and_it_stays_bounded(n, seed, log_scale):
    logits, labels = honest(n, seed=seed, temperature=np.exp(log_scale))
    found = fit_temperature(logits, labels)
    assert 0.05 <= found <= 20
    doubt = np.log(found) ** 2 / 2
    for other in np.geomspace(0.05, 20, 25):
        assert (
            n * nll(logits, labels, found) + doubt
            <= n * nll(logits, labels, other) + np.log(other) ** 2 / 2 + 1e-3
        )


def test_separable_logits_do_not_drive_the_temperature_to_zero():
    labels = np.arange(60) % 3
    logits = 8.0 * np.eye(3)[labels]
    assert 0.3 < fit_temperature(logits, labels) <= 1.0
    assert 0.3 < fit_temperature(1e6 * np.eye(3)[labels], labels) < 21
    assert fit_temperature(np.zeros((0, 3)), np.zeros(0, int)) == pytest.approx(1.0, abs=1e-3)


def test_hopeless_logits_are_made_modest():
    rng = np.random.default_rng(0)
    logits = 50 * rng.normal(size=(200, 3))
    assert fit_temperature(logits, rng.integers(0, 3, 200)) > 15


def test_nll_is_the_mean_of_minus_log_probability():
    logits, labels = honest(50)
    by_hand = -np.log(softmax(logits / 2)[np.arange(50), labels]).mean()
    assert nll(logits, labels, 2.0) == pytest.approx(by_hand)
    assert nll(np.vstack([logits, [9, 9, 9, 9]]), np.append(labels, -1), 2.0) == pytest.approx(by_hand)
    assert nll(np.array([[1e4, 0.0]]), np.array([1])) == pytest.approx(1e4)


# --- calibration error ---


@pytest.mark.parametrize("n", [100, 200, 1000])
def test_a_calibrated_classifier_has_nearly_none(n):
    errors = [expected_calibration_error(softmax(z), y) for z, y in (honest(n, seed=s) for s in range(60))]
    plain = [
        np.average([abs(b.confidence - b.right / b.n) for b in found], weights=[b.n for b in found])
        for found in (reliability(softmax(z), y) for z, y in (honest(n, seed=s) for s in range(60)))
    ]
    assert np.mean(errors) < 0.6 * np.mean(plain)


@pytest.mark.parametrize(("n", "close"), [(200, 0.03), (2000, 0.01)])
def test_an_overconfident_one_is_measured_without_bias(n, close):
    z, y = honest(200_000, seed=99, temperature=3.0)
    true = expected_calibration_error(softmax(z), y)
    found = [
        expected_calibration_error(softmax(z), y)
        for z, y in (honest(n, seed=s, temperature=3.0) for s in range(60))
    ]
    assert true > 0.1
    assert np.mean(found) == pytest.approx(true, abs=close)


def test_reliability_bins_hold_equal_numbers_and_exact_intervals():
    z, y = honest(152)
    found = reliability(softmax(z), y)
    assert len(found) == 15 and sum(b.n for b in found) == 152
    assert {b.n for b in found} == {10, 11}
    assert [b.confidence for b in found] == sorted(b.confidence for b in found)
    assert sum(b.right for b in found) == (softmax(z).argmax(1) == y).sum()
    assert found[0].interval == clopper_pearson(found[0].right, found[0].n)


def test_few_images_make_few_bins_and_none_make_none():
    z, y = honest(25)
    assert len(reliability(softmax(z), y)) == 2
    assert reliability(softmax(z), np.full(25, -1)) == ()
    assert expected_calibration_error(softmax(z[:19]), y[:19]) is None
    assert len(reliability(softmax(z[:1]), y[:1])) == 1
    assert expected_calibration_error(softmax(z), np.full(25, -1)) is None


# --- unsure ---


def cloud(n, rng, d=12, classes=3, far=0.0):
    y = np.arange(n) % classes
    centres = np.eye(classes, d) * 6
    scale = np.linspace(0.2, 2, d)
    x = centres[y] + rng.normal(size=(n, d)) * scale
    x[:, -1] += far
    return x, y, softmax(x[:, :classes] * 2)


def fitted(n_val=400, seed=0):
    rng = np.random.default_rng(seed)
    x, y, _ = cloud(600, rng)
    v, _, p = cloud(n_val, rng)
    return fit_unsure(x, v, p, y), rng


def test_known_images_are_put_aside_as_rarely_as_promised():
    rates, promised = [], []
    for seed in range(12):
        rule, rng = fitted(200, seed)
        x, _, p = cloud(600, rng)
        rates.append(rule.aside(x, p).mean())
        promised.append(rule.expected)
    assert np.mean(rates) <= promised[0][0] * 1.6
    assert np.mean([rate <= high for rate, (_, _, high) in zip(rates, promised)]) >= 0.9
    assert promised[0][0] == pytest.approx(4 / 201)


def test_images_of_no_class_are_put_aside_by_distance_though_the_network_is_sure():
    rule, rng = fitted()
    strange, _, p = cloud(300, rng, far=14.0)
    assert (p.max(1) > 0.9).mean() > 0.9
    assert rule.aside(strange, p).mean() > 0.95


def test_a_direction_without_spread_counts_more_than_one_with():
    """Three units along a direction in which classes hardly spread are farther than along a wide one."""
    rule, rng = fitted()
    x, _, _ = cloud(1, rng)
    narrow, wide = x.copy(), x.copy()
    narrow[0, 4] += 6
    wide[0, 11] += 6
    assert rule.distances(narrow)[0] > rule.distances(wide)[0]


def test_images_in_a_direction_of_their_own_are_put_aside():
    """Images of a class are strong or weak in one direction. A mixture of two is no farther than they are."""
    rng = np.random.default_rng(0)

    def rays(n):
        y = np.arange(n) % 3
        return np.eye(3, 9)[y] * rng.uniform(2, 10, (n, 1)) + 0.3 * rng.normal(size=(n, 9)), y

    (x, y), (v, _) = rays(600), rays(300)
    rule = fit_unsure(x, v, np.full((300, 3), 0.9), y)
    mixed = (np.eye(3, 9) + np.roll(np.eye(3, 9), 1, axis=0)) * 4
    assert rule.aside(mixed, np.full((3, 3), 0.9)).all()


def test_unlikely_images_are_put_aside_by_probability():
    rule, rng = fitted()
    x, _, p = cloud(50, rng)
    assert rule.aside(x, np.full_like(p, 1 / 3)).all()
    assert 1 / 3 < rule.probability < 1


def test_what_is_not_finite_is_put_aside():
    rule, rng = fitted()
    x, _, p = cloud(3, rng)
    x[0, 0], x[1, 1] = np.nan, np.inf
    assert rule.aside(x, p)[:2].all()
    p[2] = np.nan
    assert rule.aside(x, p)[2]


def test_a_rule_survives_its_file(tmp_path):
    rule, rng = fitted()
    np.savez(tmp_path / "rule.npz", **rule.arrays())
    with np.load(tmp_path / "rule.npz") as arrays:
        again = UnsureRule.from_arrays(arrays)
    x, _, p = cloud(500, rng, far=3.0)
    assert np.allclose(rule.distances(x), again.distances(x), rtol=1e-6)
    assert (rule.aside(x, p) == again.aside(x, p)).all()
    assert again.expected == rule.expected and again.probability == rule.probability


@pytest.mark.parametrize(("m", "n", "d"), [(1, 1, 4), (3, 2, 50), (40, 12, 200), (5000, 50, 3)])
def test_any_size_gives_a_rule(m, n, d):
    rng = np.random.default_rng(0)
    x, v = rng.normal(size=(m, d)), rng.normal(size=(n, d))
    x[:, 0] = v[:, 0] = 1.0  # a dead unit
    rule = fit_unsure(x, v, softmax(rng.normal(size=(n, 4))), np.arange(m) % 4)
    assert np.isfinite(rule.distances(v)).all()
    assert rule.aside(v[:0], np.zeros((0, 4))).shape == (0,)
    assert len(rule.known) <= 3000
    rate, low, high = rule.expected
    assert 0 < low < rate <= 1 and low < high <= 1


def test_small_classes_are_kept_whole_for_comparison():
    rng = np.random.default_rng(0)
    y = np.array([0] * 9990 + [1] * 10)
    x = rng.normal(size=(10_000, 4)) + np.outer(y, [30, 0, 0, 0])
    rule = fit_unsure(x, x[:100], np.full((100, 2), 0.5), y)
    assert rule.distances(x[y == 1]).max() < 5


def test_class_means_see_what_one_mean_does_not():
    """Between three classes there is room that belongs to none."""
    rng = np.random.default_rng(1)
    x, y, _ = cloud(600, rng)
    v, _, p = cloud(300, rng)
    between = np.tile(x.mean(0), (100, 1)) + 0.2 * rng.normal(size=(100, 12))
    told, blind = fit_unsure(x, v, p, y), fit_unsure(x, v, p)
    assert told.distances(between).min() > 1.5 > blind.distances(between).min()


def test_nothing_to_fit_on_is_an_error():
    with pytest.raises(ValueError, match="at least one training and one held-out image"):
        fit_unsure(np.zeros((0, 4)), np.zeros((1, 4)), np.ones((1, 2)))


def test_importing_needs_no_scipy():
    code = "import sys, valscope.calibration; print({'scipy', 'sklearn'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"
    )
