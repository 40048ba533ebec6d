"""Branches surround every depthwise convolution, and a merged body is the one without them."""

import pytest

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.branches import merged_body, roots
from analysis.arch.folding import folded
from analysis.arch.plan import Add, Norm
from analysis.cost import count
from analysis.problem import Problem

ROWS = ((6, 8, 2, 2), (6, 8, 1, 1, 0, None, None, 3), (6, 16, 1, 1, 5, None, 0.25))


def test_a_convolution_gets_a_point_and_where_the_stride_is_1_the_identity():
    blocks = {block.name: block.body for block in unroll(preset("brief", rows=ROWS, branches=True)).blocks}
    strided = [op.name for op in blocks["bottleneck1"].operations if op.name.startswith("depthwise")]
    branches = ["depthwise.point.conv", "depthwise.point.norm", "depthwise.sum"]
    assert strided == ["depthwise.conv", "depthwise.norm", *branches, "depthwise.activation"]
    usual = {op.name: op for op in blocks["bottleneck2"].operations}
    same, total = usual["depthwise.same.norm"], usual["depthwise.all"]
    assert isinstance(same, Norm) and same.inputs == usual["depthwise.conv"].inputs
    assert isinstance(total, Add) and total.inputs == ("depthwise.sum", "depthwise.same.norm")
    assert usual["depthwise.activation"].inputs == ("depthwise.all",)
    assert [roots(blocks[f"bottleneck{i}"]) for i in (1, 2, 3, 4)] == [("depthwise.",)] * 2 + [
        ("start.",),
        ("depthwise.",),
    ]


@pytest.mark.parametrize("axes", [{}, {"shortcut": "expansion"}, {"rows": ROWS, "projection": "relu6"}])
def test_merging_undoes_it_and_a_folded_plan_is_that_of_the_network_without(axes):
    plain, branched = unroll(preset("brief", **axes)), unroll(preset("brief", branches=True, **axes))
    for one, other in zip(plain.blocks, branched.blocks, strict=True):
        assert merged_body(other.body).operations == one.body.operations
    assert folded(branched).operations == folded(plain).operations
    assert count(branched).madds > count(plain).madds


def test_the_axis_is_checked_and_left_out_of_texts():
    assert "branches" not in preset("brief").text
    branched = preset("brief", branches=True)
    assert parse_variant(branched.text) == branched
    for axes in ({"norm": "group"}, {"norm": "none"}, {"padding": "one_sided"}):
        with pytest.raises(Problem, match="merge into one kernel with norm='batch'"):
            preset("brief", branches=True, **axes)
    with pytest.raises(Problem, match="known are True, False"):
        preset("brief", branches="yes")
