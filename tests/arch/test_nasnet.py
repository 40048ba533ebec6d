"""NASNet-A (4 @ 1056) has the published counts, and its cells are wired as figure 4 shows."""

import pytest

from analysis.arch import parse_variant, unroll
from analysis.arch.nasnet import NASNet
from analysis.arch.plan import Add, Concat, Conv, Shift
from analysis.cost import count
from analysis.problem import Problem


def test_counts_are_those_published():
    """Parameters that osmr/imgclsmob (pytorchcv/models/nasnet.py) asserts of `nasnet_a_mobile`. 564 M multiply-adds: in
    table 3 of arXiv:1707.07012, as Keras repeats it (applications/nasnet.py)."""
    cost = count(unroll(NASNet()))
    assert (cost.params, round(cost.madds / 1e6)) == (5_289_978, 564)


def test_a_stage_halves_the_map_and_doubles_the_channels():
    shapes = {block.name: block.body.shape for block in unroll(NASNet()).blocks}
    assert [shapes[name] for name in ("stem", "reduce1", "reduce2")] == [(32, 111, 111), (44, 56, 56), (88, 28, 28)]
    ends = [shapes[f"stage{stage}_cell4"] for stage in (1, 2, 3)]
    assert ends == [(264, 28, 28), (528, 14, 14), (1056, 7, 7)]


def test_a_cell_reads_the_two_results_before_it():
    blocks = {block.name: block for block in unroll(NASNet()).blocks}
    cell = blocks["stage2_cell1"]
    assert cell.binding == {"x": "reduce3.concat", "identity": "stage1_cell4.concat"}
    assert "identity" not in blocks["reduce1"].body.inputs
    moved = {name for name, block in blocks.items() if any(isinstance(op, Shift) for op in block.body.operations)}
    assert moved == {"reduce2", "stage1_cell1", "stage2_cell1", "stage3_cell1"}  # their older input is larger


@pytest.mark.parametrize(
    ("cell", "sums", "joined"),
    [
        ("stage1_cell2", 5, ("left.norm", "sum1", "sum2", "sum3", "sum4", "sum5")),
        ("reduce3", 5, ("sum2", "sum3", "sum4", "sum5")),  # the first is read inside
    ],
)
def test_what_a_cell_joins(cell, sums, joined):
    body = next(block.body for block in unroll(NASNet()).blocks if block.name == cell)
    assert sum(isinstance(op, Add) for op in body.operations) == sums
    assert [op.inputs for op in body.operations if isinstance(op, Concat)][-1] == joined


def test_a_separable_branch_filters_twice_and_strides_once():
    body = next(block.body for block in unroll(NASNet()).blocks if block.name == "reduce3")
    filters = [op for op in body.operations if isinstance(op, Conv) and op.name.startswith("branch1a.depthwise")]
    assert [(op.kernel, op.stride) for op in filters] == [(5, 2), (5, 1)]
    inner = [op for op in body.operations if isinstance(op, Conv) and op.name.startswith("branch5a.depthwise")]
    assert [(op.kernel, op.stride) for op in inner] == [(3, 1), (3, 1)]  # it reads a sum, which is small already


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nasnet(last=100)", "last 100 is not a multiple of 24 of at least 96: use 120"),
        ("nasnet(last=24)", "use 96"),
        ("nasnet(cells=0)", "cells 0"),
        ("nasnet(resolution=2)", "too small for the kernel"),
    ],
)
def test_wrong_values_are_one_clear_line(text, message):
    with pytest.raises(Problem, match=message):
        unroll(parse_variant(text))
