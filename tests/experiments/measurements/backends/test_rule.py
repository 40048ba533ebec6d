"""How many seeds the comparison of the backends takes."""

import pytest

from analysis.stats.power import equivalence_power
from experiments.measurements.backends.rule import ARM_MARGIN, SPREAD, STUDY, seeds


@pytest.mark.parametrize("arm", STUDY.arms)
def test_seeds_show_equivalence_with_the_spread_that_was_seen(arm):
    count = len(seeds(arm, "bfloat16"))
    assert equivalence_power(ARM_MARGIN, SPREAD[arm], count) >= 0.8
    assert count == 10 or equivalence_power(ARM_MARGIN, SPREAD[arm], count - 1) < 0.8
    assert list(seeds(arm, "float32")) == list(range(10))
