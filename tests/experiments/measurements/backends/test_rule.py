"""How many seeds the comparison of the backends takes."""

import pytest

from analysis.stats.power import equivalence_power
from experiments.measurements.backends.rule import ARM_MARGIN, BACKENDS, EFFECTS, SPREAD, STUDY, effects, seeds


@pytest.mark.parametrize("arm", STUDY.arms)
def test_seeds_show_equivalence_with_the_spread_that_was_seen(arm):
    count = len(seeds(arm, "bfloat16"))
    assert equivalence_power(ARM_MARGIN, SPREAD[arm], count) >= 0.8
    assert count == 10 or equivalence_power(ARM_MARGIN, SPREAD[arm], count - 1) < 0.8
    assert list(seeds(arm, "float32")) == list(range(10))


def test_an_effect_is_what_the_kernels_add_to_a_difference_of_arms():
    runs = {arm: {backend: {s: 60 + s % 3 / 10 for s in range(9)} for backend in BACKENDS} for arm in STUDY.arms}
    runs["linear"]["fused"] = {s: score + 3 for s, score in runs["linear"]["fused"].items()}
    runs["relu6"]["fused"] = {s: score + 3 for s, score in runs["relu6"]["fused"].items()}
    found = effects(runs)
    assert list(found) == list(EFFECTS)
    assert found["linear - relu6"].finding == "supported"  # the same in both arms
    assert found["linear - no shortcut"].finding == "contradicted"
    assert found["linear - no shortcut"].difference.mean == pytest.approx(3)
    assert found["linear - no shortcut"].difference.design == "welch"
