"""Thousands of studies with planted effects, judged while they run: errors, coverage, runs."""

import numpy as np
import pytest

from analysis.stats import Rule
from analysis.stats.boundaries import LOOKS, AnytimeValid, GroupSequential
from analysis.stats.moderated import Arms, contrasts
from analysis.stats.sequential import ABOVE, BELOW, SMALL, play, summaries

BETTER = Rule(">", negligible=0.5)
WEIGHTS = np.array([[1.0, -1.0, 0.0, 0.0], [1.0, 0.0, -1.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
DESIGNS = (GroupSequential(), AnytimeValid())


def planted(means, sd=1.0, studies=4000, seed=4):
    noise = np.random.default_rng(seed).standard_normal((studies, len(means), LOOKS[-1]))
    return 60 + np.array(means)[:, None] + np.reshape(sd, (-1, 1)) * noise


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(
    ("means", "sd"), [((0, 0, 0, 0), 1.0), ((0, 0.5, 0, -0.5), 0.3), ((0, -2, -2, -4), (1.0, 1.0, 0.8, 2.5))]
)
def test_wrong_verdicts_are_rare_however_often_one_looks(design, means, sd):
    """Also where all parts lie at an edge of what counts as none, and where spreads differ."""
    played = play(design, [(row, BETTER) for row in WEIGHTS], summaries(planted(means, sd), design.looks))
    truth = WEIGHTS @ np.array(means)
    contradicted = (played.shown == SMALL) | (played.shown == BELOW)
    wrong = ((played.shown == ABOVE) & (truth <= 0)) | (contradicted & (truth >= 0.5))
    assert wrong.any(1).mean() < 0.05 + 2 * (0.05 * 0.95 / 4000) ** 0.5
    covered = (played.low <= truth) & (truth <= played.high)
    assert (covered.mean(0) > 0.94).all()


def test_spending_needs_fewer_runs_than_looking_at_any_time():
    used = [
        play(design, [(row, BETTER) for row in WEIGHTS], summaries(planted((0, -7, -2, -14)), design.looks)).runs.sum(1)
        for design in DESIGNS
    ]
    assert used[0].mean() < 0.95 * used[1].mean()


def test_summaries_are_those_of_the_first_runs_and_leave_out_what_is_missing():
    values = np.random.default_rng(1).normal(60, 1, (2, 3, 6))
    values[0, 1, 1] = np.nan
    seen = summaries(values, (2, 5))
    assert seen.counts[0, 1].tolist() == [1, 4]
    assert seen.counts[1].tolist() == [[2, 5]] * 3
    rest = values[0, 1, [0, 2, 3, 4]]
    assert (seen.means[0, 1, 1], seen.variances[0, 1, 1]) == pytest.approx((rest.mean(), rest.var(ddof=1)))
    assert seen.variances[1, 2, 0] == pytest.approx(values[1, 2, :2].var(ddof=1))


def test_parts_at_the_edge_of_none_share_alpha_at_one_look_too():
    """Where a sure side would free alpha for a false "small": the least favourable case, at fixed numbers of runs."""
    truth = np.array([0.5, 0.5, 0.5])
    for n in (5, 12):
        seen = summaries(planted((0, -0.5, -0.5, -1.0), 0.3), (n,))
        played = play(GroupSequential((n,)), [(row, BETTER) for row in WEIGHTS], seen)
        assert np.isin(played.shown, (SMALL, BELOW)).any(1).mean() < 0.05 + 2 * (0.05 * 0.95 / 4000) ** 0.5
        found = contrasts(Arms(*(each[..., 0] for each in seen)), WEIGHTS)
        assert (np.sign(found.effects - truth) > 0).mean() == pytest.approx(0.5, abs=0.03)
