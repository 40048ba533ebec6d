"""Fused and universal blocks have the convolutions that their papers draw, and the stride where it belongs."""

import pytest

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.inverted_residual import Bottleneck, Squeeze
from analysis.arch.plan import Conv
from analysis.arch.universal import fused, universal
from analysis.cost import body_cost
from analysis.problem import Problem

X, FUNCTIONS = (16, 8, 8), ("relu", "linear")
SQUEEZE = Squeeze(4, "relu", "sigmoid", "depthwise")
SAME = Bottleneck(16, 16, (3, 1, 1), FUNCTIONS, True)
WIDER = Bottleneck(64, 24, (3, 1, 1), FUNCTIONS, False)


def convolutions(body):
    """Name, kernel, stride, groups and result of each convolution."""
    found = [op for op in body.operations if isinstance(op, Conv)]
    return [(op.name.removesuffix(".conv"), op.kernel, op.stride, op.groups, op.shape) for op in found]


@pytest.mark.parametrize(
    ("start", "kernel", "stride", "expected"),
    [
        (  # extra depthwise: the second has the stride
            *(5, 3, 2),
            [("start", 5, 1, 16, X), ("expand", 1, 1, 1, (64, 8, 8)), ("depthwise", 3, 2, 64, (64, 4, 4))],
        ),
        (0, 3, 1, [("expand", 1, 1, 1, (64, 8, 8)), ("depthwise", 3, 1, 64, (64, 8, 8))]),  # inverted bottleneck
        (3, 0, 2, [("start", 3, 2, 16, (16, 4, 4)), ("expand", 1, 1, 1, (64, 4, 4))]),  # as in ConvNext
        (0, 0, 1, [("expand", 1, 1, 1, (64, 8, 8))]),  # feed-forward
    ],
)
def test_a_universal_block_is_one_of_four(start, kernel, stride, expected):
    side = 8 // stride
    body = universal(X, start, WIDER._replace(filtering=(kernel, stride, 1)))
    assert convolutions(body) == [*expected, ("project", 1, 1, 1, (24, side, side))]
    assert body.shape == (24, side, side)
    activations = [op.name for op in body.operations if op.name.endswith("activation")]
    assert activations == ["expand.activation", "depthwise.activation"][: 1 + bool(kernel)]  # none after the first


def test_a_fused_block_is_a_full_convolution_and_a_projection_or_the_convolution_alone():
    assert convolutions(fused(X, WIDER._replace(filtering=(3, 2, 1)))) == [
        ("fused", 3, 2, 1, (64, 4, 4)),
        ("project", 1, 1, 1, (24, 4, 4)),
    ]
    alone = fused(X, SAME)
    assert convolutions(alone) == [("fused", 3, 1, 1, X)]
    assert [op.name for op in alone.operations] == ["fused.conv", "fused.norm", "fused.activation", "shortcut"]


def test_inner_depth_0_leaves_the_shortcut_alone():
    none = SAME._replace(inner=0)
    for body in (fused(X, none), universal(X, 3, none)):
        assert (body.operations, body.output) == ((), "x")


@pytest.mark.parametrize("place", ["depthwise", "projection"])
def test_a_squeeze_scales_the_inner_tensor_or_the_result(place):
    made = WIDER._replace(squeeze=SQUEEZE._replace(place=place))
    channels = {"depthwise": 64, "projection": 24}[place]
    for body in (fused(X, made), universal(X, 3, made._replace(filtering=(0, 1, 1)))):
        assert body.shapes["squeeze.scale"] == (channels, 8, 8)


def test_a_relu6_after_the_addition_is_last():
    body = universal(X, 3, SAME._replace(inner=64, functions=("relu6", "relu6_after_addition")))
    assert [op.name for op in body.operations][-2:] == ["shortcut", "projection"]


def test_axes_make_every_block_such_a_one_and_rows_may_differ():
    joint = preset("brief", fused=True)
    assert {b.body.kind for b in unroll(joint).blocks} == {"stem", "fused_residual", "pointwise", "classifier"}
    rows = (
        (6, 8, 1, 1, None, None, None, 0, False),
        (6, 8, 1, 1),
        ("conv", 24, 2, 2, 5),
        (6, 24, 1, 1, 0, None, None, 3),
    )
    mixed = preset("brief", fused=True, rows=rows[:3])
    kinds = ["inverted_residual", "fused_residual", "full", "full"]
    assert [b.body.kind for b in unroll(mixed).blocks][1:-2] == kinds
    convs = [op for op in unroll(mixed).operations if isinstance(op, Conv) and op.name.startswith("conv")]
    assert [(op.name, op.kernel, op.stride) for op in convs] == [("conv3.conv", 5, 2), ("conv4.conv", 5, 1)]
    assert parse_variant(mixed.text) == mixed and parse_variant(joint.text) == joint
    started = preset("brief", rows=rows[3:])
    assert body_cost(unroll(started).blocks[1].body).madds == 16 * 16 * (16 * 9 + 16 * 96 + 96 * 24)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"kernel": 0}, "has no kernel for its stride: use kernel 3"),
        ({"kernel": 0, "fused": True}, "has no kernel to fuse"),
        ({"kernel": 2}, "kernel 2 is not odd"),
        ({"start": 4}, "start 4 is not odd"),
        ({"fused": 2}, "known are True, False"),
        ({"fused": True, "shortcut": "expansion"}, "connects expanded tensors"),
        ({"start": 3, "shortcut": "bottleneck_matched"}, "connects expanded tensors"),
        ({"rows": (("conv", 8, 1, 1),), "shortcut": "expansion"}, "connects expanded tensors"),
        ({"rows": (("conv", 8, 1, 1, 3, None, 0.25),)}, "a convolution with a kernel and an activation alone"),
        ({"rows": ((6, 8, 1, 1, True),)}, "kernel of row (6, 8, 1, 1, True) True is not a whole number"),
    ],
)
def test_wrong_values_are_one_clear_line(axes, message):
    with pytest.raises(Problem) as caught:
        preset("brief", **axes)
    assert message in str(caught.value)
