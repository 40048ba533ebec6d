"""Rules fit the studies that they judge."""

import pytest

from analysis.reference import claims
from experiments.claims.ablations import CLAIMS
from experiments.studies.registry import STUDIES, find_study


def test_every_part_weighs_arms_that_its_study_has():
    parts = [(claim, part) for claim in CLAIMS for part in claim.parts]
    # Of the budgets with all arms, of the longest, of cifar-preset, of why-shortcuts, and of the successors.
    assert len(parts) == 36 + 4 * 7 + 4 + 3 + 3 + 7
    for claim, part in parts:
        assert claim.id in claims() or claim.id == ""
        assert claim.study in STUDIES
        assert set(part.weights) <= set(find_study(claim.study).names), part.title
        assert sum(part.weights.values()) == pytest.approx(0)
