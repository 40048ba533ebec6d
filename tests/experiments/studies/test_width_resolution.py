"""Widths and resolutions are varied alone, and the published points are those of Figure 5."""

from dataclasses import replace

import pytest

from experiments.studies.width_resolution import RESOLUTIONS, STUDY, WIDTHS, arm, figure5


def test_every_width_meets_every_resolution_and_nothing_else_changes():
    assert len(STUDY.arms) == len(WIDTHS) * len(RESOLUTIONS)
    baseline = STUDY.arms["1 at 32"]
    for width in WIDTHS:
        for resolution in RESOLUTIONS:
            rounding = 8 if width == 1 else 1
            wanted = replace(baseline, width=width, resolution=resolution, rounding=rounding)
            assert STUDY.arms[arm(width, resolution)] == wanted


@pytest.mark.parametrize("resolution", [224, 192, 160, 128, 96])
def test_published_points_are_in_order_of_cost_and_more_buys_more(resolution):
    points = figure5(resolution)
    assert len(points) >= 4 and points == sorted(points)
    assert [accuracy for _, accuracy in points] == sorted(accuracy for _, accuracy in points)
    assert 1e6 < points[0][0] < points[-1][0] < 1e9


def test_a_resolution_that_figure_5_lacks_has_no_points():
    assert figure5(32) == []
