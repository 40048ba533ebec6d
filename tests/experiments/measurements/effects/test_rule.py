"""Published and stored gaps become verdicts that say when their rule was written."""

import pytest

from analysis.stats import welch_difference
from experiments.measurements.effects.rows import Measured, Ours, published
from experiments.measurements.effects.rule import ABOVE, GAP, SIZE, above_one, several


def ours(values, name=GAP):
    difference = welch_difference(dict(enumerate(values)), dict.fromkeys(range(len(values)), 0.0))
    return Ours(name, 1, 0.1, "cifar10", "0" * 64, "made", difference)


@pytest.mark.parametrize(("points", "word"), [(3.0, "supported"), (0.6, "contradicted"), (12.0, "contradicted")])
def test_the_end_of_the_papers_own_curves_decides_on_its_size(points, word):
    curve = {GAP: [(step / 10, points) for step in range(1, 60)]}
    found = several(Measured(curve, [ours([6.0, 6.2, 6.4])], []))
    assert (found.claim, found.verdict, found.n) == (SIZE, word, 1)
    assert found.effect == pytest.approx(points)
    assert "Here 6.2 [5.7, 6.7] after 1 epoch" in found.why and "known" in found.analysis


def test_figure_6_ends_below_several_percent():
    assert several(Measured(published(), [], [])).verdict == "contradicted"


@pytest.mark.parametrize(
    ("values", "word"),
    [([3, 3.2, 3.4], "supported"), ([-3, -3.2, -3.4], "contradicted"), ([0.1, 0.0, -0.1], "contradicted")],
)
def test_expansion_above_one_is_judged_at_each_budget(values, word):
    found = above_one(ours(values))
    assert (found.claim, found.verdict) == (ABOVE, word)
    assert found.where.endswith("CIFAR-10 (made), peak rate 0.1") and "known" in found.analysis


def test_a_wide_spread_leaves_it_undecided():
    found = above_one(ours([9, -8, 1]))
    assert found.verdict == "undecided" and found.needs
