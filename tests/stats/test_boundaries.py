"""How wide intervals are that hold at every look: known boundaries, a likelihood ratio by hand, simulated paths."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats

from analysis.problem import Problem
from analysis.stats.boundaries import LOOKS, AnytimeValid, GroupSequential, nominal_levels


@pytest.mark.parametrize(
    ("spending", "looks", "z"),
    [
        ("obrien-fleming", (2, 4, 6, 8, 10), (4.877, 3.357, 2.680, 2.290, 2.031)),  # Lan and DeMets' own
        ("obrien-fleming", (5, 10), (2.963, 1.969)),
        ("pocock", (5, 10), (2.157, 2.201)),
        ("pocock", (2, 4, 6, 8, 10), (2.438, 2.427, 2.410, 2.397, 2.386)),
    ],
)
def test_boundaries_are_those_that_are_printed(spending, looks, z):
    levels = nominal_levels(looks, 0.05, spending)
    assert stats.norm.isf(np.array(levels) / 2) == pytest.approx(z, abs=2e-3)


@pytest.mark.parametrize("spending", ["pocock", "obrien-fleming"])
def test_one_look_is_the_fixed_test(spending):
    assert nominal_levels((12,), 0.05, spending) == pytest.approx((0.05,))
    design, degrees = GroupSequential((12,), spending=spending), np.array([3.0, 22.0])
    assert design.critical(0, 0.05, degrees, degrees) == pytest.approx(stats.t.isf(0.025, degrees))


@pytest.mark.parametrize("alpha", [0.1, 0.05, 0.01])
def test_normal_paths_cross_with_the_probability_that_is_spent(alpha):
    steps = np.random.default_rng(1).standard_normal((100_000, LOOKS[-1])).cumsum(1)
    z = np.abs(steps[:, np.array(LOOKS) - 1] / np.sqrt(LOOKS))
    crossed = z >= stats.norm.isf(np.array(nominal_levels(LOOKS, alpha)) / 2)
    assert crossed.any(1).mean() == pytest.approx(alpha, abs=4 * (alpha / 100_000) ** 0.5)
    design, so_far = GroupSequential(), 0.0
    for k in range(len(LOOKS)):
        so_far += design.spent(k, alpha)
        assert crossed[:, : k + 1].any(1).mean() == pytest.approx(so_far, abs=4 * (alpha / 100_000) ** 0.5)
    assert so_far == pytest.approx(alpha)


def test_narrower_levels_lie_outside_wider_ones():
    """Nested intervals are what makes Holm's steps valid under stopping."""
    ladder = [nominal_levels(LOOKS, alpha) for alpha in (0.1, 0.05, 0.025, 0.0125, 0.005)]
    for wide, narrow in pairwise(ladder):
        assert all(a > b for a, b in zip(wide, narrow, strict=True))


def test_the_likelihood_ratio_at_the_anytime_critical_value_is_one_over_alpha():
    """The mixture of noncentral t densities over effects, integrated."""
    design, n, degrees = AnytimeValid(scale=1.5), 6.0, 10.0
    t = float(design.critical(0, 0.05, np.array(degrees), np.array(n)))

    def density(effect):
        return stats.nct.pdf(t, degrees, effect * n**0.5) * stats.norm.pdf(effect, scale=1.5**0.5)

    mixed = integrate.quad(density, -12, 12, points=[0, t / n**0.5], limit=200)[0]
    assert mixed / stats.t.pdf(t, degrees) == pytest.approx(1 / 0.05, rel=1e-4)


def test_few_degrees_of_freedom_leave_an_anytime_interval_without_ends():
    assert np.isinf(AnytimeValid().critical(0, 0.001, np.array(1.0), np.array(1.0)))


def test_an_anytime_interval_covers_at_all_numbers_of_runs_together():
    """Two arms of one spread, at every number of runs from 3 to 200: exact whatever the number."""
    design = AnytimeValid(looks=tuple(range(3, 201)))
    values = np.random.default_rng(2).standard_normal((4000, 2, 200))
    n = np.arange(1, 201)
    means = values.cumsum(-1) / n
    squares = ((values**2).cumsum(-1) - n * means**2).sum(1)
    missed = np.zeros(4000, bool)
    for k in design.looks:
        degrees = 2.0 * k - 2
        error = np.sqrt(squares[:, k - 1] / degrees * 2 / k)
        reach = design.critical(0, 0.05, np.array(degrees), np.array(k / 2)) * error
        missed |= np.abs(means[:, 0, k - 1] - means[:, 1, k - 1]) > reach
    assert 0.01 < missed.mean() < 0.05


@pytest.mark.parametrize("make", [GroupSequential, AnytimeValid])
def test_designs_end_where_they_are_told_to_and_refuse_looks_that_do_not_rise(make):
    assert make().upto(9).looks[-2:] == (8, 9)
    assert make().upto(50).looks[-1] == 50
    for looks in ((), (1, 2), (4, 4), (5, 3)):
        with pytest.raises(Problem, match="do not rise"):
            make(looks)
    with pytest.raises(Problem, match="scale"):
        AnytimeValid(scale=0)
