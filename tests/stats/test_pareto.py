"""The Pareto front and the probability of being on it."""

import numpy as np
import pytest

from analysis.problem import Problem
from analysis.stats import Candidate, paired_difference, pareto_front


def candidates(costs, accuracies):
    """Variants v0, v1, ... from a (variants, seeds) table."""
    return [
        Candidate(f"v{i}", cost, dict(enumerate(map(float, runs))))
        for i, (cost, runs) in enumerate(zip(costs, accuracies, strict=True))
    ]


def test_the_front_by_means():
    spread = np.array([-0.01, 0, 0.01])
    costs, means = [3, 1, 2, 2, 4, 1], [70, 60, 65, 64, 70, 60]
    placements = pareto_front(candidates(costs, np.array(means)[:, None] + spread))
    assert [place.name for place in placements if place.on_front] == ["v0", "v1", "v2", "v5"]
    assert [place.probability for place in placements[:4]] == [1, 0, 1, 0] or placements[3].probability == 0
    assert placements[0].mean == pytest.approx(70)
    assert pareto_front([]) == ()


def test_the_choice_of_two_is_the_paired_t_posterior():
    """At equal cost the probability that a is the better one is 1 - p of the one-sided paired test."""
    generator = np.random.default_rng(0)
    shared = generator.standard_normal(5)
    a, b = 60.4 + shared + 0.5 * generator.standard_normal((2, 5)) * [[1], [2]]
    first, second = pareto_front(candidates([1, 1], [a, b]), draws=200_000)
    p = paired_difference(dict(enumerate(a)), dict(enumerate(b))).p_above(0)
    assert first.probability == pytest.approx(1 - p, abs=0.005)
    assert first.probability + second.probability == pytest.approx(1)


def test_same_seed_same_probabilities():
    table = np.random.default_rng(1).normal(60, 1, (4, 5))
    assert pareto_front(candidates(range(4), table)) == pareto_front(candidates(range(4), table))


def test_diverged_runs():
    runs = [{0: 60.0, 1: 61.0, 2: 60.5}, {0: None, 1: None, 2: 99.0}, {0: None, 1: 70.0, 2: 71.0}]
    steady, lost, once = pareto_front([Candidate(str(i), i, arm) for i, arm in enumerate(runs)])
    assert (lost.mean, lost.n, lost.on_front, lost.probability) == (None, 0, False, 0)
    assert (steady.n, once.n, once.on_front) == (2, 2, True)
    assert once.mean == pytest.approx(70.5)


def test_probabilities_are_calibrated():
    """Of the variants with a stated probability of about q, a share q is on the true front.

    True means are drawn from a wide range, as under the flat prior. Noise is partly shared by the runs of a seed and
    has another size in each variant.
    """
    generator = np.random.default_rng(5)
    given, true = [], []
    for _ in range(900):
        means = generator.uniform(50, 70, 6)
        spread = generator.uniform(1, 3, (6, 1))
        noise = spread * generator.standard_normal((6, 5)) + 3 * generator.standard_normal(5)
        places = pareto_front(candidates(range(6), means[:, None] + noise), draws=500)
        given += [place.probability for place in places]
        true += [all(means[i] > means[:i]) for i in range(6)]
    given, true = np.array(given), np.array(true)
    for low, high in [(0.02, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.98)]:
        inside = (given >= low) & (given < high)
        error = np.sqrt((given[inside] * (1 - given[inside])).sum()) / inside.sum()
        print(f"{low}-{high}: {inside.sum()} given {given[inside].mean():.3f}, true {true[inside].mean():.3f}")
        assert inside.sum() > 100
        assert abs(true[inside].mean() - given[inside].mean()) < 4 * error


def test_wrong_input_is_a_problem():
    with pytest.raises(Problem, match="share 1 finished seeds"):
        pareto_front([Candidate("a", 1, {0: 60.0, 1: 61.0}), Candidate("b", 2, {1: 60.0, 2: 61.0})])
    with pytest.raises(Problem, match="nan is not a measurement"):
        pareto_front([Candidate("a", float("nan"), {0: 60.0, 1: 61.0})])
    with pytest.raises(Problem, match="same name"):
        pareto_front([Candidate("a", 1, {0: 60.0, 1: 61.0})] * 2)
