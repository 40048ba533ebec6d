"""Anchors against the formulas of SSD, in the order in which the network's maps are read."""

import math

import pytest
import torch

from analysis.arch import unroll
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.ssd import SSD
from analysis.nn import build
from analysis.problem import Problem
from analysis.tasks.detection.anchors import anchors, flatten, shapes


def test_shapes_are_those_of_the_scales_and_ratios():
    wide, tall, s, t = math.sqrt(2), math.sqrt(3), 0.4, math.sqrt(0.4 * 0.5)
    ratios = [(s * wide, s / wide), (s / wide, s * wide), (s * tall, s / tall), (s / tall, s * tall)]
    for number, expected in ((3, [(0.2, 0.2), *ratios[:2]]), (4, [(s, s), (t, t), *ratios[:2]])):
        assert shapes(0.4, 0.5, number) == [pytest.approx(each) for each in expected]
    assert shapes(0.4, 0.5, 6) == [pytest.approx(each) for each in [(s, s), (t, t), *ratios]]
    with pytest.raises(Problem, match="5 anchors a place"):
        shapes(0.4, 0.5, 5)


@pytest.mark.parametrize("backbone", [MobileNetV1, MobileNetV2])
@pytest.mark.parametrize("size", [(96, 128), (320, 320)])
def test_each_place_of_each_map_has_its_anchors(backbone, size):
    variant = SSD(backbone(width=0.1, resolution=size), lite=True, classes=3)
    made = anchors(variant, (0.2, 0.95))
    plan, start = unroll(variant), 0
    for k, (number, name) in enumerate(zip(variant.anchors, plan.outputs[::2], strict=True)):
        _, rows, columns = plan.shapes[name]
        steps = [0.2 + 0.75 * k / 5, 0.2 + 0.75 * (k + 1) / 5 if k < 5 else 1.0]
        expected = torch.tensor(shapes(*steps, number)) * min(size) / torch.tensor([size[1], size[0]])
        block = made[start : (start := start + rows * columns * number)].view(rows, columns, number, 4)
        for i, j in ((0, 0), (rows - 1, 0), (rows // 2, columns - 1)):
            assert torch.allclose(block[i, j, :, 2:], expected, atol=1e-6)
            assert torch.allclose(block[i, j, :, :2], torch.tensor([(j + 0.5) / columns, (i + 0.5) / rows]))
    assert start == len(made)


def test_what_the_network_says_stands_in_the_order_of_the_anchors():
    variant = SSD(MobileNetV2(width=0.1, resolution=(64, 96)), lite=True, classes=2, extras=(8,), anchors=(3, 6, 4))
    network = build(unroll(variant)).eval()
    outputs = network(torch.zeros(2, 3, 64, 96))
    offsets, scores = flatten(outputs, 2)
    assert offsets.shape[1] == scores.shape[1] == len(anchors(variant, (0.2, 0.95)))
    start = 0
    for number, boxes, classes in zip(variant.anchors, outputs[::2], outputs[1::2], strict=True):
        _, _, rows, columns = boxes.shape
        for i, j, a in ((0, 0, 0), (rows - 1, columns - 1, number - 1), (0, columns - 1, 1)):
            place = start + (i * columns + j) * number + a
            assert torch.equal(offsets[:, place], boxes[:, 4 * a : 4 * a + 4, i, j])
            assert torch.equal(scores[:, place], classes[:, 3 * a : 3 * a + 3, i, j])
        start += rows * columns * number
