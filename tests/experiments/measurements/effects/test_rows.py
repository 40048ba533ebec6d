"""Gaps of Figure 6 as printed, and of stored runs at every budget."""

import pytest
from made_gaps import record, runs

from experiments.measurements.effects.rows import GAPS, early, late, measured, published
from experiments.studies.expansion_ratio import AT_COST, GRID, arm


def test_published_gaps_shrink_as_the_paper_draws_them():
    curves = published()
    assert list(curves) == [gap.name for gap in GAPS]
    ends = {name: (early(curve), late(curve)) for name, curve in curves.items()}
    assert all(first > last > 0 for first, last in ends.values())
    assert ends["linear - relu6"] == (pytest.approx(1.2, abs=0.1), pytest.approx(0.6, abs=0.1))
    assert all(step == sorted(curve)[i][0] for curve in curves.values() for i, (step, _) in enumerate(curve))


def test_every_number_of_epochs_is_a_budget_of_its_own():
    found = [each for epochs in (1, 3, 30) for each in runs({"linear": 60 + epochs, "relu6": 60}, epochs)]
    (made,) = measured(found)
    assert [(each.epochs, each.difference.n) for each in made.ours] == [(1, 3), (3, 3), (30, 3)]
    assert [each.difference.mean for each in made.ours] == pytest.approx([1, 3, 30])
    assert made.ours[0].where == "CIFAR-10 (made; backend eager), peak rate 0.1"
    assert made.ours[0].difference.design == "welch"
    assert made.expansion == []


@pytest.mark.parametrize("changes", [{"dataset": "synthetic"}, {"peak_rate": 0.5}])
def test_made_images_and_other_recipes_are_left_out(changes):
    assert measured(runs({"linear": 70, "relu6": 60}, **changes)) == []


def test_few_runs_are_left_out():
    assert measured(runs({"linear": 70, "relu6": 60})[:5]) == []


def test_expansion_is_the_mean_over_the_costs_that_have_run():
    both = [(GRID[arm(w, 6)], AT_COST[arm(w, 1, equal=True)], w) for w in (0.5, 1)]
    found = [
        record(variant, percent + seed / 10, seed)
        for six, one, width in both
        for variant, percent in ((six, 50.0), (one, 50 + 4 * width))
        for seed in range(3)
    ]
    (made,) = measured(found)
    (gap,) = made.expansion
    assert gap.difference.mean == pytest.approx(-3)
    assert gap.difference.title.endswith("mean of 2")
