"""A clear effect repeats, a small one does not always."""

import numpy as np
import pytest
from planted_records import records

from analysis.problem import Problem
from analysis.stats import Rule
from analysis.stats.sequential import Part
from experiments.power.repeats import parts, repeats, repeats_table


def runs_with(effect, sd=1.0, seeds=20):
    generator = np.random.default_rng(3)
    return {
        name: dict(enumerate((60 + mean + sd * generator.standard_normal(seeds)).tolist()))
        for name, mean in (("a", effect), ("b", 0.0))
    }


def test_a_clear_effect_repeats_and_a_small_one_does_not_always():
    part = [Part("a - b", {"a": 1.0, "b": -1.0}, Rule(">", negligible=0.5))]
    clear = repeats(part, runs_with(6.0), draws=50)
    assert (clear.draws, clear.seeds, clear.same, clear.against) == (50, 20, 1.0, 0.0)
    assert clear.full == {"a - b": "supported"}
    assert clear.median_seeds <= 4
    assert clear.findings == {(1,): 50}
    low, high = clear.effects["a - b"][1:]
    assert low < 6 < high
    weak = repeats(part, runs_with(0.9), draws=50)
    assert weak.same < 1
    assert repeats(part, runs_with(0.9), draws=50) == weak
    with pytest.raises(Problem, match="2 finished seeds"):
        repeats(part, runs_with(1.0, seeds=2))


def test_the_headline_has_its_registered_parts():
    assert [part.title for part in parts("headline")] == [
        "linear - relu6",
        "linear - expansion shortcut",
        "expansion shortcut - no shortcut",
    ]


def test_repeats_of_a_study_are_tabulated_from_its_records():
    found = repeats_table(records("headline", seeds=6), draws=20)
    assert [row[0] for row in found.rows] == [part.title for part in parts("headline")]
    assert all(row[1] == 6 for row in found.rows)
    assert "20 random orders of 6 seeds" in found.notes[0]
