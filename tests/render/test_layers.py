"""The layers of a drawing are those of the network."""

import pytest

from analysis.arch import parse_variant, unroll
from analysis.cost import count
from analysis.cost.count import total
from analysis.render.layers import layers, short

NETWORKS = (
    "mobilenet_v2(resolution=32, shortcut='expansion')",
    "mobilenet_v1(resolution=32)",
    "shufflenet_v1(groups=3)",
    "ssd(lite=True, backbone=mobilenet_v2(resolution=64))",
    "deeplab_v3(backbone=mobilenet_v2(resolution=33))",
    "deeplab_v3(backbone=resnet(resolution=33))",
    "nasnet(cells=1)",
    "shufflenet_v2()",
    "yolo_v2(resolution=32)",
    "vgg_ssd()",
)


@pytest.mark.parametrize("text", NETWORKS)
def test_the_layers_of_all_blocks_are_the_network(text):
    plan = unroll(parse_variant(text))
    found = [layer for block in plan.blocks for layer in layers(plan, block)]
    assert total([layer.cost for layer in found]) == count(plan)
    assert all(layer.bytes > 0 for layer in found if layer.title not in ("dropout", "some channels"))


def test_a_block_reads_as_its_table_says():
    plan = unroll(parse_variant("mobilenet_v2()"))
    block = next(block for block in plan.blocks if block.name == "bottleneck3")
    assert [(x.title, x.shape, x.function, x.reads) for x in layers(plan, block)] == [
        ("1 × 1", (144, 56, 56), "relu6", ("",)),
        ("3 × 3 depthwise", (144, 56, 56), "relu6", ("expand.conv",)),
        ("1 × 1", (24, 56, 56), "linear", ("depthwise.conv",)),
        ("add", (24, 56, 56), "linear", ("", "project.conv")),
    ]


def test_numbers_are_short():
    assert [short(n) for n in (7, 1_060, 462_422_016, 2e9)] == ["7", "1.06 k", "462 M", "2 G"]


def test_what_a_block_is_made_of_is_named():
    plan = unroll(parse_variant("deeplab_v3(backbone=mobilenet_v2(resolution=33))"))
    titles = {layer.title for block in plan.blocks for layer in layers(plan, block)}
    assert {"3 × 3, stride 2", "3 × 3 depthwise, dilation 2", "mean over all pixels", "concatenate"} <= titles
    plan = unroll(parse_variant("shufflenet_v1(groups=3)"))
    titles = {layer.title for block in plan.blocks for layer in layers(plan, block)}
    assert {"1 × 1, 3 groups", "shuffle channels", "max 3 × 3", "mean 3 × 3", "fully connected"} <= titles
