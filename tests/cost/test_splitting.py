"""Groups of a block cover its inner channels once, and a network says which of its blocks split."""

import pytest

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.folding import folded
from analysis.arch.plan import Conv
from analysis.cost.count import body_cost
from analysis.cost.splitting import even_groups, inner_channels, split_body, splittable, to_split
from analysis.problem import Problem


def test_groups_differ_by_one_at_most():
    assert even_groups(10, 4) == (3, 3, 2, 2)
    assert even_groups(5, 5) == (1,) * 5
    for ways in (0, 6):
        with pytest.raises(Problem, match=f"5 inner channels can be split 1 to 5 ways, not {ways}"):
            even_groups(5, ways)


@pytest.mark.parametrize("sizes", [(96,), (40, 56), (32, 32, 32)])
def test_groups_cost_together_what_the_block_costs(sizes):
    body = folded(unroll(preset("brief"))).blocks[4].body
    split = split_body(body, sizes)
    assert split.expands
    assert sum(body_cost(group).madds for group in split.groups) == body_cost(body).madds
    last = [op for group in split.groups for op in group.operations if op.name == "project.conv"]
    assert [op.bias for op in last if isinstance(op, Conv)] == [True] + [False] * (len(sizes) - 1)


def test_a_block_without_expansion_gives_each_group_a_slice():
    body = folded(unroll(preset("imagenet"))).blocks[1].body
    split = split_body(body, even_groups(inner_channels(body), 2))
    assert not split.expands
    assert [group.inputs["x"][0] for group in split.groups] == [body.inputs["x"][0] // 2] * 2


def test_sizes_that_do_not_sum_are_refused():
    with pytest.raises(Problem, match=r"groups \(1, 2\) .*do not sum to the 96 inner channels"):
        split_body(folded(unroll(preset("brief"))).blocks[4].body, (1, 2))


def test_blocks_whose_inner_tensors_are_read_elsewhere_do_not_split():
    whole = splittable(folded(unroll(preset("imagenet"))))
    assert [block.name for block in whole] == [f"bottleneck{i}" for i in range(1, 18)]
    tapped = splittable(folded(unroll(parse_variant("ssd()"))))  # the head reads an expansion
    assert "bottleneck14" not in [block.name for block in tapped]
    with pytest.raises(Problem, match="no block of this network splits"):
        to_split(folded(unroll(parse_variant("mobilenet_v1()"))))
