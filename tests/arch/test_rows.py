"""A row may have a kernel and an activation of its own, or be an identity. Rows without keep their text."""

from dataclasses import replace

import pytest

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.rows import shortest, stage
from analysis.arch.ssd import SSD
from analysis.problem import Problem

OWN = ((6, 8, 1, 1, 5), ("identity", 16, 2, 2), (3, 16, 2, 1, None, "relu"), (6, 24, 1, 2, 7, "hard_swish"))


def operations(variant, ending):
    return {op.name: op for op in unroll(variant).operations if op.name.endswith(ending)}


def test_a_row_has_its_own_kernel_and_activation():
    variant = preset("brief", rows=OWN)
    kernels = {name: op.kernel for name, op in operations(variant, "depthwise.conv").items()}
    assert kernels == {
        "bottleneck1.depthwise.conv": 5,
        "bottleneck4.depthwise.conv": 3,
        "bottleneck5.depthwise.conv": 3,
        "bottleneck6.depthwise.conv": 7,
    }
    functions = {name: op.function for name, op in operations(variant, "activation").items()}
    assert functions["bottleneck1.expand.activation"] == functions["last.activation"] == "relu6"
    assert functions["bottleneck4.depthwise.activation"] == functions["bottleneck5.expand.activation"] == "relu"
    assert functions["bottleneck6.depthwise.activation"] == "hard_swish"
    assert variant.stages[1:] == (
        ("identity", 16, 2, 2, 3, "relu6"),
        (3, 16, 2, 1, 3, "relu"),
        (6, 24, 1, 2, 7, "hard_swish"),
    )


def test_an_identity_is_a_convolution_where_the_shape_changes_and_nothing_elsewhere():
    blocks = {block.name: block for block in unroll(preset("brief", rows=OWN, projection="relu")).blocks}
    conv, norm = blocks["identity2"].body.operations
    assert (conv.name, conv.kernel, conv.stride, norm.name) == ("conv", 1, 2, "norm")
    assert blocks["identity2"].body.shape == (16, 8, 8)
    assert blocks["identity3"].body.operations == ()
    assert blocks["identity3"].output == blocks["identity2"].output == blocks["bottleneck4"].binding["x"]


def test_texts_of_rows_without_choices_stay_and_others_read_back():
    assert "rows=((None, 8, 2, 1), (None, 16, 6, 2), (None, 16, 6, 2))" in preset("brief").text
    variant = preset("brief", rows=OWN)
    stated = ((None, 8, 1, 1, 5), *OWN[1:3], (None, 24, 1, 2, 7, "hard_swish"))
    assert f"rows={stated}, " in variant.text
    assert parse_variant(variant.text) == variant
    assert parse_variant(variant.text).text == variant.text


@pytest.mark.parametrize(
    "row", [(6, 8, 2, 1, 3), (6, 8, 2, 1, 3, "relu6"), (6, 8, 2, 1, None, "relu6"), (None, 8, 2, 1, None, None)]
)
def test_a_row_leaves_out_what_the_variant_says(row):
    assert MobileNetV2(rows=(row,)).text == MobileNetV2(rows=((None, 8, 2, 1),)).text
    assert stage(shortest(row, 6, 3, "relu6"), 6, 3, "relu6") == stage(row, 6, 3, "relu6")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            (6, 8, 1),
            "row (6, 8, 1) is not of the form (t, c, n, s) or (t, c, n, s, kernel, activation, squeeze, ",
        ),
        ((6, 8, 1, 1, 3, "relu", 1, 1, True, 1), "is not of the form (t, c, n, s)"),
        ((6, 8, 1, 1, 4), "kernel of row (6, 8, 1, 1, 4) 4 is not odd: use 3 or 5"),
        ((6, 8, 1, 1, 3, "rleu"), "unknown activation of row (6, 8, 1, 1, 3, 'rleu') 'rleu': did you mean 'relu'"),
        (("identiy", 8, 1, 1), "unknown t of row ('identiy', 8, 1, 1) 'identiy': did you mean 'identity'"),
        (("identity", 8, 1, 1, 3), "is an identity without kernel and activation: use ('identity', 8, 1, 1)"),
        (("identity", 8, 0, 1), "n 0 is not a whole number of at least 1"),
    ],
)
def test_a_wrong_row_is_one_clear_line(row, message):
    with pytest.raises(Problem) as caught:
        preset("brief", rows=(row,))
    assert message in str(caught.value)


@pytest.mark.parametrize("shortcut", ["expansion", "expansion_after_depthwise", "bottleneck_matched"])
def test_an_identity_has_no_expanded_tensor_to_connect(shortcut):
    with pytest.raises(Problem, match="an identity row has none: use shortcut='bottleneck' or 'none'"):
        preset("brief", rows=OWN, shortcut=shortcut)
    assert unroll(preset("brief", rows=OWN[:1] + OWN[2:], shortcut=shortcut))


def test_an_identity_with_a_stride_keeps_its_weights_when_the_stride_becomes_dilation():
    variant = MobileNetV2(resolution=64, rows=(*OWN, ("identity", 24, 1, 2)), features=(4,))
    dense = DeepLabV3(replace(variant, features=()), output_stride=8, depth=8)
    assert variant.stride == 16
    strided = operations(variant, "identity7.conv")["identity7.conv"]
    atrous = operations(dense, "identity7.conv")["identity7.conv"]
    assert (strided.kernel, strided.stride, strided.shape) == (1, 2, (24, 4, 4))
    assert (atrous.kernel, atrous.stride, atrous.shape) == (1, 1, (24, 8, 8))


def test_a_detector_reads_the_input_of_an_identity_with_the_last_stride():
    plan = unroll(SSD(MobileNetV2(resolution=64, rows=(*OWN, ("identity", 32, 1, 2)))))
    boxes = next(block for block in plan.blocks if block.name == "boxes1")
    assert boxes.binding["x"] == "bottleneck6.project.norm"
