"""Figure 1 is judged by what is lost and bent at four n."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.manifold.sweep import Condition, sweep
from analysis.manifold.theory.statements.figure1 import DIMENSIONS, verdicts


@pytest.fixture(scope="module")
def bands():
    return sweep(Condition(), DIMENSIONS, draws=40)


def test_low_dimensions_lose_and_high_ones_bend(bands):
    assert [row.verdict for row in verdicts(bands)] == ["holds when", "holds", "holds", "fails"]


def test_a_loss_at_n_15_or_none_at_n_3_contradicts_it(bands):
    for n, share in ((15, 0.5), (3, 0.1)):
        lost = [
            replace(b, measures=b.measures._replace(lost=np.full(b.draws, share))) if b.n == n else b for b in bands
        ]
        assert [row.verdict for row in verdicts(lost)][:3] == ["fails", "fails", "holds"]
