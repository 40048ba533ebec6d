"""ResNet-101 has the published counts, and DeepLab's has its strides and rates where the authors' code has them."""

from dataclasses import replace

import pytest

from analysis.arch import parse_variant, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.plan import Conv
from analysis.arch.resnet import BETA, ResNet
from analysis.cost import count
from analysis.problem import Problem


@pytest.mark.parametrize(
    ("units", "params", "billions"),
    [((3, 4, 23, 3), 44_549_160, "7.801"), ((3, 4, 6, 3), 25_557_032, "4.089")],
)
def test_counts_are_those_published(units, params, billions):
    """`num_params` and `_ops` of resnet101 and resnet50 in torchvision (models/resnet.py)."""
    cost = count(unroll(ResNet(units=units)))
    assert (cost.params, f"{cost.madds / 1e9:.3f}") == (params, billions)


def test_deeplabs_backbone_has_the_printed_parameters():
    """58.16 M in Table 7 of arXiv:1801.04381."""
    assert count(unroll(DeepLabV3(BETA))).params == 58_164_437


@pytest.mark.parametrize(("output_stride", "before", "rates", "side"), [(16, 1, [2, 4, 8], 33), (8, 2, [4, 8, 16], 65)])
def test_strides_become_rates_and_the_grid_multiplies_them(output_stride, before, rates, side):
    plan = unroll(DeepLabV3(BETA, output_stride))
    units = [op for op in plan.operations if isinstance(op, Conv) and op.name.endswith("full.conv")]
    assert [op.dilation for op in units[-3:]] == rates
    assert units[-1].shape == (512, side, side)
    assert {op.dilation for op in units[-26:-3]} == {before}


def test_a_stage_has_its_stride_in_its_first_or_in_its_last_unit():
    first, last = (unroll(replace(BETA, resolution=224, strided=where)) for where in ("first", "last"))
    sides = [[b.body.shape[1] for b in plan.blocks if b.name.startswith("stage1")] for plan in (first, last)]
    assert sides == [[56, 56, 56], [56, 56, 28]]
    assert first.blocks[-2].body.shape == last.blocks[-2].body.shape == (2048, 7, 7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("resnet(units=(3, 4))", "not of the form"),
        ("resnet(root='two')", "known are one, three"),
        ("resnet(grid=())", "not a tuple of rates"),
        ("resnet(grid=(0,))", "grid 0 is not a whole number"),
        ("resnet(resolution=100)", "not a multiple of the total stride 32"),
    ],
)
def test_wrong_values_are_one_clear_line(text, message):
    with pytest.raises(Problem) as caught:
        unroll(parse_variant(text))
    assert message in str(caught.value)


def test_every_width_of_its_steps_is_another_network():
    steps = ResNet().width_steps()
    below, at = (count(unroll(replace(ResNet(), width=next(steps)))).params for _ in range(2))
    assert below < at
