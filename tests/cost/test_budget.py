"""The network found for a budget is the closest of all, compared with brute force over a fine grid of widths."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arch import FAMILIES, label, parse_variant, preset, unroll
from analysis.cost.budget import QUANTITIES, solve
from analysis.problem import Problem

GRID = [i / 2000 for i in range(1, 3000)]

BASES = [
    preset("brief"),
    preset("brief", expansion=0.0),
    preset("cifar", rounding=1, last_width="scaled"),
    parse_variant("shufflenet_v1(groups=8, resolution=32)"),
]


@pytest.mark.parametrize("base", BASES, ids=label)
@pytest.mark.parametrize("quantity", ["madds", "params", "memory"])
def test_no_width_of_a_grid_comes_closer(base, quantity):
    measure = QUANTITIES[quantity]
    grid = GRID[:1000:33] if quantity == "memory" else GRID[::4]  # memory takes milliseconds per network
    amounts = [measure(replace(base, width=width).unroll()) for width in grid]
    for share in (0.1, 0.3, 0.55):
        budget = round(min(amounts) + share * (max(amounts) - min(amounts)))
        reached = measure(unroll(solve(base, quantity, budget)))
        assert abs(reached - budget) <= min(abs(amount - budget) for amount in amounts)


@settings(max_examples=10, deadline=None)
@given(family=st.sampled_from(["mobilenet_v2", "mobilenet_v1", "shufflenet_v1"]), width=st.integers(3, 12))
def test_a_network_is_found_by_its_own_cost(family, width):
    base = FAMILIES[family]()
    cost = QUANTITIES["madds"](unroll(replace(base, width=width / 10)))
    found = solve(base, "madds", cost)
    assert QUANTITIES["madds"](unroll(found)) == cost


def test_the_paper_network_has_width_1():
    assert solve(preset("imagenet"), "madds", 300_774_272) == preset("imagenet")


def test_resolutions_are_searched_too():
    base = preset("imagenet", width=0.5)
    assert solve(base, "madds", 50_000_000, "resolution").size == (160, 160)
    both = QUANTITIES["madds"](unroll(solve(base, "madds", 50_000_000, "both")))
    alone = QUANTITIES["madds"](unroll(solve(base, "madds", 50_000_000)))
    assert abs(both - 50_000_000) <= abs(alone - 50_000_000)


@pytest.mark.parametrize(
    ("quantity", "budget", "axis", "message"),
    [
        ("madds", 1000, "width", "below the smallest network"),
        ("madds", 10**15, "width", "above the largest"),
        ("params", 3_000_000, "resolution", "does not depend on the resolution"),
        ("flops", 1000, "width", "unknown quantity"),
        ("madds", 1000, "depth", "unknown axis"),
    ],
)
def test_what_cannot_be_reached_is_said(quantity, budget, axis, message):
    with pytest.raises(Problem, match=message):
        solve(preset("brief"), quantity, budget, axis)
