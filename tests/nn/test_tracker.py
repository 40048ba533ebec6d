"""Modules hold the bytes that the schedules say, at every moment."""

import pytest
from networks import VARIANTS, images

from analysis.arch import Plan, label, parse_variant, unroll
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


def test_a_detector_that_divides_by_lengths_peaks_and_ends_where_its_schedule_does():
    """Its division is several of torch's operators, the schedule's is one task."""
    plan = unroll(parse_variant("vgg_ssd(width=0.1, resolution=97, extras=((64, 3, 2, 1),), anchors=(4, 4, 4))"))
    first = Plan(plan.image, plan.blocks, (*plan.outputs, "first.length"))
    for schedule, module in {"eager": build(first).eval(), "training": build(first).train()}.items():
        measured, said = track(module, images(first)), memory(first, schedule, batch=2)
        assert measured.peak.bytes == said.peak.bytes, schedule
    assert measured.moments[-1].bytes == said.moments[-1].bytes
