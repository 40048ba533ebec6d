"""A forecast is work over rate, placed side by side."""

import dataclasses

import pytest
from fake_trials import trial
from hypothesis import given
from hypothesis import strategies as st

from analysis.arch import preset, unroll
from analysis.cost import count
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import recipe
from analysis.trials import Trial
from analysis.trials.forecast import forecast, trial_madds

BRIEF = count(unroll(preset("brief"))).madds
TINY = Recipe(name="tiny", epochs=2, batch=8, validation=16)
WANTED = dataclasses.replace(trial(0), recipe=TINY.text)


def test_work_is_steps_with_their_gradients_and_the_scoring():
    assert trial_madds(WANTED, 40) == BRIEF * (3 * (2 * 3) * 8 + 2 * 16 + 8)  # 24 images are trained on
    longer = Trial(preset("brief", width=0.5).text, recipe("brief").text, "cifar10", "d", 0)
    half = count(unroll(preset("brief", width=0.5))).madds
    assert trial_madds(longer, 50_000) == half * (3 * 703 * 64 + 5000 + 10_000)


@pytest.mark.parametrize(
    ("seconds", "jobs", "end"),
    [([], 3, 0), ([5], 3, 5), ([1, 2, 3], 1, 6), ([4, 1, 1, 1], 2, 4), ([1, 1, 4], 2, 5), ([2, 2, 2], 2, 4)],
)
def test_a_trial_starts_when_a_place_is_free(seconds, jobs, end):
    assert forecast(seconds, jobs) == end


@given(st.lists(st.floats(0, 100), max_size=12), st.integers(1, 5))
def test_places_share_the_work_as_well_as_may_be(seconds, jobs):
    end = forecast(seconds, jobs)
    longest = max(seconds, default=0)
    assert max(longest, sum(seconds) / jobs) <= end + 1e-9
    assert end <= sum(seconds) / jobs + longest + 1e-9
