"""Rules across budgets: slopes, predictions, sizes."""

import math

import numpy as np
import pytest

from experiments.measurements.effects.budgets import (
    COSTS,
    EFFECTS,
    LEAD,
    At,
    Estimated,
    effects_at,
    falls,
    foretold,
    predicted,
    same_size,
    slope,
)
from experiments.studies.budget import ARMS

COST = next(iter(COSTS))
EPOCHS = (1, 3, 10, 30)


def test_an_effect_is_a_difference_of_arms_with_an_error_of_its_interval():
    arms = {"linear": dict(enumerate([50.0, 51.0, 52.0])), "relu6": dict(enumerate([45.0, 46.0, 47.0]))}
    found = effects_at(3, arms)
    assert list(found) == [COST]
    assert (found[COST].epochs, found[COST].effect) == (3, pytest.approx(5))
    assert found[COST].error > math.sqrt(2 / 3)  # the t interval is wider than the normal one
    assert {"linear", *EFFECTS.values()} <= set(ARMS)


def test_the_slope_is_the_weighted_line_in_the_logarithm():
    effects = [At(e, 6 - 2 * math.log10(e), 0.1 + 0.1 * i) for i, e in enumerate(EPOCHS)]
    found = slope(effects)
    assert found.value == pytest.approx(-2)
    equal = [At(e, y, 0.5) for e, y in zip(EPOCHS, (5.0, 4.5, 2.0, 1.0), strict=True)]
    assert slope(equal).value == pytest.approx(np.polyfit(np.log10(EPOCHS), [5.0, 4.5, 2.0, 1.0], 1)[0])
    assert found.low < found.value < found.high


@pytest.mark.parametrize(
    ("name", "low", "high", "finding"),
    [
        (COST, -2, -1, "supported"),
        (COST, 1, 2, "contradicted"),
        (COST, -1, 1, "undecided"),
        (LEAD, 1, 2, "supported"),
        (LEAD, -2, -1, "contradicted"),
    ],
)
def test_costs_shrink_and_the_lead_of_factor_1_does_too(name, low, high, finding):
    assert falls(name, Estimated((low + high) / 2, 0.1, low, high)) == finding


def test_a_cost_is_predicted_by_a_power_law_and_the_lead_by_a_line():
    power = predicted(COST, [At(e, 6 * e**-0.4, 0.2) for e in EPOCHS], 100)
    assert power.value == pytest.approx(6 * 100**-0.4, abs=1e-4)
    line = predicted(LEAD, [At(e, -5 + 4 * math.log10(e), 0.2) for e in EPOCHS], 100)
    assert line.value == pytest.approx(3)
    assert line.error > 0.2  # beyond the data it is less certain than one of them


def test_the_error_of_a_prediction_is_that_of_repeated_studies():
    generator = np.random.default_rng(3)
    for name, curve in ((COST, lambda e: 6 * e**-0.4), (LEAD, lambda e: -5 + 4 * math.log10(e))):
        found = [
            predicted(name, [At(e, curve(e) + 0.3 * generator.standard_normal(), 0.3) for e in EPOCHS], 100)
            for _ in range(300)
        ]
        assert np.std([each.value for each in found]) == pytest.approx(np.mean([each.error for each in found]), rel=0.2)


@pytest.mark.parametrize(("measured", "finding"), [(2.0, "supported"), (3.3, "undecided"), (6.0, "contradicted")])
def test_a_prediction_is_supported_within_two_points(measured, finding):
    assert foretold(Estimated(2.0, 0.4, 1.0, 3.0), At(100, measured, 0.5)) == finding


@pytest.mark.parametrize(
    ("ratio", "finding"),
    [(1, "supported"), (2, "undecided"), (0.5, "undecided"), (4, "contradicted"), (-1, "contradicted")],
)
def test_sizes_are_compared_within_a_factor_of_two(ratio, finding):
    assert same_size(At(30, 4.0 * ratio, 0.3), At(30, 4.0, 0.3)) == finding
