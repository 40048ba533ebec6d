"""Rules are plain data, checked, and have words."""

import math

import pytest

from analysis.problem import Problem
from analysis.stats import (
    Rule,
)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"direction": "!="}, "not one of >, <, ="),
        ({"direction": "="}, "give a number above 0"),
        ({"direction": ">", "margin": math.nan}, "margin nan"),
        ({"direction": ">", "negligible": 0}, "negligible 0"),
        ({"direction": "=", "margin": 1.0, "negligible": 1}, "negligible 1"),
        ({"direction": ">", "size": (3, 2)}, "size"),
        ({"direction": ">", "alpha": 0.5}, "alpha"),
    ],
)
def test_wrong_rules_are_problems(fields, message):
    with pytest.raises(Problem, match=message):
        Rule(**fields)


def test_rules_in_words():
    assert Rule(">", size=(3, 10), negligible=0.2).sentence == (
        "above 0 (two-sided, 5 %); shown to be within ±0.2 counts as none; size 3 to 10 judged apart"
    )
    assert Rule("=", margin=0.5).sentence == "within ±0.5 (two one-sided tests, 5 % each)"
