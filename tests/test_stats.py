"""The statistics against SciPy, against published figures, and against their own promises (coverage)."""

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
import scipy.special
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from valscope import stats

counts = st.integers(0, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
shares = st.just(0.0) | st.floats(1e-12, 1)  # SciPy itself overflows on subnormal shares


@pytest.mark.slow
@given(st.floats(0.01, 1e5), st.floats(0.01, 1e5), shares)
def test_betainc_is_scipys(a, b, x):
    assert stats.betainc(a, b, x) == pytest.approx(scipy.special.betainc(a, b, x), abs=1e-9)


@pytest.mark.slow
@given(counts, st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_exact_and_wilson_intervals_are_scipys(kn, level):
    k, n = kn
    if n == 0:
        assert stats.clopper_pearson(0, 0, level) == stats.wilson(0, 0, level) == (0.0, 1.0)
        return
    test = scipy.stats.binomtest(k, n)
    assert stats.clopper_pearson(k, n, level) == pytest.approx(test.proportion_ci(level, "exact"), abs=1e-9)
    assert stats.wilson(k, n, level) == pytest.approx(test.proportion_ci(level, "wilson"), abs=1e-9)


def test_ends_are_reached_exactly():
    assert stats.clopper_pearson(0, 7)[0] == stats.wilson(0, 7)[0] == 0.0
    assert stats.clopper_pearson(7, 7)[1] == stats.wilson(7, 7)[1] == 1.0
    assert stats.clopper_pearson(50, 50)[0] == pytest.approx(0.9289, abs=5e-5)
    assert stats.clopper_pearson(90, 100) == pytest.approx((0.8238, 0.9510), abs=5e-5)


@given(counts, shares, st.sampled_from(["two", "greater", "less"]))
def test_binomial_test_is_scipys(kn, p, side):
    k, n = kn
    other = scipy.stats.binomtest(k, n, p, "two-sided" if side == "two" else side).pvalue if n else 1.0
    assert stats.binomial_test(k, n, p, side) == pytest.approx(other, abs=1e-9)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(1, 1e4))
def test_quantiles_are_scipys(q, freedom):
    assert stats.normal_quantile(q) == pytest.approx(scipy.stats.norm.ppf(q), rel=1e-9, abs=1e-9)
    assert stats.t_quantile(q, freedom) == pytest.approx(scipy.stats.t.ppf(q, freedom), rel=1e-8, abs=1e-9)


@given(counts, shares)
def test_binomial_chances_are_scipys(kn, p):
    k, n = kn
    assert stats.binomial_pmf(k, n, p) == pytest.approx(scipy.stats.binom.pmf(k, n, p), rel=1e-9, abs=1e-300)
    assert stats.binomial_cdf(k, n, p) == pytest.approx(scipy.stats.binom.cdf(k, n, p), abs=1e-9)
    assert stats.binomial_sf(k, n, p) == pytest.approx(scipy.stats.binom.sf(k - 1, n, p), abs=1e-9)


@pytest.mark.parametrize(
    ("b", "c", "p"), [(6, 0, 0.031), (8, 1, 0.039), (15, 5, 0.041), (0, 0, 1), (4, 4, 1)]
)
def test_mcnemar_exact(b, c, p):
    assert stats.mcnemar_exact(b, c) == stats.mcnemar_exact(c, b) == pytest.approx(p, abs=5e-4)


def test_paired_difference_is_tangos_published_interval():
    assert stats.paired_difference(12, 2, 50) == pytest.approx((0.0611, 0.3447), abs=1e-4)


def test_paired_difference_holds_its_level_with_few_items():
    """Exact coverage over every outcome of 25 paired images, for several true models."""
    n = 25
    tables = [(b, c) for b in range(n + 1) for c in range(n + 1 - b)]
    limits = {t: stats.paired_difference(*t, n) for t in tables}
    for pb, pc in [(0.02, 0.02), (0.1, 0.02), (0.2, 0.2), (0.4, 0.1), (0.7, 0.0)]:
        chances = scipy.stats.multinomial(n, [pb, pc, 1 - pb - pc])
        inside = sum(
            chances.pmf([b, c, n - b - c]) for b, c in tables if limits[b, c][0] <= pb - pc <= limits[b, c][1]
        )
        assert inside >= 0.93


@given(counts)
def test_paired_difference_mirrors_and_ends(kn):
    b, n = kn
    low, high = stats.paired_difference(b, 0, n)
    assert stats.paired_difference(0, b, n) == pytest.approx((-high, -low), abs=1e-9)
    assert -1 <= low <= (b / n if n else 0) <= high <= 1


def test_holm():
    assert stats.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert stats.holm([]) == ()
    assert stats.holm([0.9, 0.8]) == (1.0, 1.0)


@pytest.mark.parametrize(("n", "k"), [(20, 8), (50, 16), (100, 28), (200, 50), (1000, 222)])
def test_smallest_score_that_beats_chance_among_five_classes(n, k):
    assert stats.smallest_significant(n, 0.2) == k
    assert scipy.stats.binomtest(k, n, 0.2, "greater").pvalue <= 0.05
    assert scipy.stats.binomtest(k - 1, n, 0.2, "greater").pvalue > 0.05


def test_too_few_images_can_never_beat_chance():
    assert stats.smallest_significant(4, 0.5) is None
    assert stats.smallest_significant(0, 0.5) is None


def test_chance_and_entropy_of_the_class_shares():
    assert stats.chance_level([80, 20]) == 0.8
    assert stats.chance_level([0, 0, 0, 0]) == 0.25
    assert stats.prior_entropy([7, 7, 7]) == pytest.approx(math.log(3))
    assert stats.prior_entropy([80, 20, 0]) == pytest.approx(scipy.stats.entropy([0.8, 0.2]))


def test_confusion_counts_true_rows_and_predicted_columns_and_leaves_unknown_out():
    table = stats.confusion([0, 0, 1, 2, -1], [0, 1, 1, 0, 2], 3)
    assert table.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]
    assert stats.confusion([], [], 2).tolist() == [[0, 0], [0, 0]]
    for labels, predictions in [([0], [0, 1]), ([3], [0]), ([0], [3]), ([0], [-1])]:
        with pytest.raises(ValueError, match=r"0\.\.2"):
            stats.confusion(labels, predictions, 3)


def test_class_scores_say_none_where_nothing_was_scored_or_predicted():
    a, b, c = stats.class_scores(stats.confusion([0] * 10 + [1] * 4, [0] * 9 + [1] + [1] * 4, 3))
    assert (a.n, a.right, a.recall, a.precision) == (10, 9, 0.9, 1.0)
    assert a.recall_interval == stats.clopper_pearson(9, 10)
    assert b.precision_interval == stats.clopper_pearson(4, 5)
    assert (c.n, c.recall, c.precision) == (0, None, None)
    assert c.recall_interval == c.precision_interval == (0.0, 1.0)


def test_balanced_accuracy_is_the_mean_recall_of_scored_classes():
    table = np.array([[90, 10, 0], [5, 5, 0], [0, 0, 0]])
    assert stats.balanced_accuracy(table) == pytest.approx(0.7)
    low, high = stats.balanced_accuracy_interval(table)
    assert low < 0.7 < high
    assert high - low > np.subtract(*stats.clopper_pearson(95, 110)[::-1])  # the small class rules
    assert stats.balanced_accuracy(np.zeros((2, 2), int)) is None
    assert stats.balanced_accuracy_interval(np.zeros((2, 2), int)) == (0.0, 1.0)


@pytest.mark.parametrize("sizes", [(10, 10), (100, 8), (30, 30, 30, 5)])
@pytest.mark.parametrize("p", [0.6, 0.9, 0.98])
def test_balanced_accuracy_interval_holds_its_level(sizes, p):
    rng = np.random.default_rng(1)
    inside, draws = 0, 400
    for _ in range(draws):
        hits = rng.binomial(sizes, p)
        table = np.diag(hits) + np.roll(np.diag(np.array(sizes) - hits), 1, axis=1)
        low, high = stats.balanced_accuracy_interval(table)
        inside += low <= p <= high
    assert inside / draws >= 0.92


def films(rng, count, p=0.8, same=0.7):
    """Images of `count` films: within one film most frames share their fate."""
    sizes = rng.integers(2, 12, count)
    fate = rng.random(count) < p
    right = [np.where(rng.random(s) < same, f, rng.random(s) < p) for s, f in zip(sizes, fate)]
    return np.concatenate(right), np.repeat(np.arange(count), sizes)


@pytest.mark.slow
@pytest.mark.parametrize("count", [8, 20, 60])
def test_cluster_interval_holds_its_level_where_the_plain_one_does_not(count):
    rng = np.random.default_rng(2)
    grouped = plain = 0
    for _ in range(300):
        right, groups = films(rng, count)
        low, high = stats.cluster_interval(right, groups)
        grouped += low <= 0.8 <= high
        low, high = stats.clopper_pearson(right.sum(), len(right))
        plain += low <= 0.8 <= high
    assert plain / 300 < 0.8 < 0.89 < grouped / 300


def test_cluster_interval_counts_groups_when_all_is_right():
    assert stats.cluster_interval([1] * 100, [0] * 50 + [1] * 50) == stats.clopper_pearson(2, 2)
    assert stats.cluster_interval([], []) == (0.0, 1.0)


def test_cluster_interval_of_single_images_is_the_exact_one():
    right = [1] * 45 + [0] * 5
    low, high = stats.clopper_pearson(45, 50)
    assert stats.cluster_interval(right, range(50)) == pytest.approx((low, high), abs=0.004)


def test_cluster_bootstrap_repeats_itself_and_is_wider_than_independence():
    right, groups = films(np.random.default_rng(3), 60)
    low, high = stats.cluster_bootstrap(right, groups, seed=5)
    assert (low, high) == stats.cluster_bootstrap(right, groups, seed=5)
    assert low < right.mean() < high
    exact = stats.clopper_pearson(right.sum(), len(right))
    assert high - low > exact[1] - exact[0]
    assert stats.cluster_bootstrap([], []) == (-math.inf, math.inf)


def test_wrong_counts_are_refused():
    for call in itertools.product([stats.clopper_pearson, stats.wilson], [(5, 4), (-1, 4)]):
        with pytest.raises(ValueError, match="needs 0 <= k <= n"):
            call[0](*call[1])
    with pytest.raises(ValueError, match="b \\+ c <= n"):
        stats.paired_difference(3, 3, 5)


def test_no_scipy_is_imported():
    code = "import sys, valscope.stats; print({'scipy', 'sklearn'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"
    )
