"""The price list's parts are arms of studies, and marginal points are shares of a difference."""

import math

import pytest

from analysis.arch import unroll
from analysis.cost import count
from experiments.measurements.price.parts import parts


def test_every_part_has_its_arms_and_a_name_of_its_own():
    assert len({part.name for part in parts()}) == len(parts()) == 12
    assert all(a != b for part in parts() for a, b in part.variants)


def test_parts_at_equal_cost_cost_the_same():
    equal = [part for part in parts() if "equal cost" in part.name]
    assert len(equal) == 2
    for part in equal:
        for a, b in part.variants:
            assert count(unroll(a)).madds == pytest.approx(count(unroll(b)).madds, rel=0.04)


def test_the_factor_of_a_marginal_point_is_that_between_its_networks():
    shares = {part.name: part.share for part in parts()}
    assert shares["shortcuts"] == 1
    by_name = {part.name: part for part in parts()}
    ((wide, narrow),) = by_name["10 % more width"].variants
    assert by_name["10 % more width"].times == wide.width / narrow.width
    ((large, small),) = by_name["10 % more resolution"].variants
    assert by_name["10 % more resolution"].times == large.resolution / small.resolution
    ((deep, shallow),) = by_name["10 % more depth"].variants
    blocks = [sum(block.name.startswith("bottleneck") for block in unroll(each).blocks) for each in (deep, shallow)]
    assert by_name["10 % more depth"].times == blocks[0] / blocks[1]
    ((more, less),) = by_name["10 % more expansion"].variants
    assert by_name["10 % more expansion"].times == more.expansion / less.expansion
    assert shares["10 % more width"] == pytest.approx(math.log(1.1) / math.log(1.4))
