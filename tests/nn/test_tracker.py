"""Modules hold the bytes that the schedules say, at every moment."""

import pytest
from networks import VARIANTS, images

from analysis.arch import label, unroll
from analysis.cost.memory import memory
from analysis.nn import build
from analysis.nn.fold import fold
from analysis.nn.split import split
from analysis.nn.tracker import track


@pytest.mark.parametrize("variant", VARIANTS, ids=label)
def test_every_moment_has_the_bytes_of_the_schedule(variant):
    plan = unroll(variant)
    modules = {"eager": build(plan).eval(), "folded": fold(build(plan)), "training": build(plan).train()}
    for schedule, module in modules.items():
        measured, told = track(module, images(plan)), memory(plan, schedule, batch=2)
        assert [moment.bytes for moment in measured.moments] == [moment.bytes for moment in told.moments], schedule


@pytest.mark.parametrize("ways", [1, 2, 3, 5])
@pytest.mark.parametrize("variant", [VARIANTS[0], VARIANTS[3], VARIANTS[6], VARIANTS[10]], ids=label)
def test_a_split_network_peaks_where_its_schedule_does(variant, ways):
    plan = unroll(variant)
    measured = track(split(build(plan), ways), images(plan)).peak
    assert measured.bytes == memory(plan, "split", ways=ways, batch=2).peak.bytes
