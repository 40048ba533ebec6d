"""Proposed rules fit the studies whose arms they weigh."""

import pytest

from experiments.claims.proposals import PROPOSALS, mean_of
from experiments.studies.registry import find_study


def test_proposals_weigh_arms_that_their_studies_have():
    for proposal in PROPOSALS:
        names = {*find_study(proposal.study).names, *(proposal.reads or {})}
        for part in proposal.parts:
            assert set(part.weights) <= names
            assert sum(part.weights.values()) == pytest.approx(0)
        for pair in (proposal.reads or {}).values():
            assert set(pair) <= set(find_study(proposal.study).names)


def test_a_mean_of_pairs_weighs_each_alike():
    part = mean_of("x", [("a", "b"), ("a", "c")])
    assert part.weights == pytest.approx({"a": 1.0, "b": -0.5, "c": -0.5})
