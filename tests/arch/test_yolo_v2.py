"""YOLOv2 has the published numbers of weights and operations."""

from dataclasses import replace

import pytest

from analysis.arch import parse_variant, unroll
from analysis.arch.plan import Concat
from analysis.arch.yolo_v2 import YOLOv2
from analysis.cost import count
from analysis.problem import Problem


def test_the_published_file_of_weights_has_its_size():
    """yolov2.weights of pjreddie.com has 203,934,260 bytes, as logs of its download show. It begins with 4 numbers of 4
    bytes. Floats follow, running statistics too (thtrieu/darkflow, `darkflow/utils/loader.py`)."""
    cost = count(unroll(YOLOv2()))
    assert 16 + 4 * (cost.params + cost.norm_statistics) == 203_934_260


@pytest.mark.parametrize(
    ("variant", "billions"),
    [
        (YOLOv2(resolution=608), "62.94"),  # pjreddie.com/darknet/yolov2, column FLOPS: 608 x 608 on COCO
        (YOLOv2(classes=20, passthrough=0), "34.90"),  # the same column: VOC, which names no size
    ],
)
def test_operations_are_those_published(variant, billions):
    assert f"{2 * count(unroll(variant)).madds / 1e9:.2f}" == billions


@pytest.mark.parametrize(("passthrough", "channels"), [(64, 4 * 64 + 1024), (0, 4 * 512 + 1024)])
def test_the_early_map_joins_with_four_pixels_as_one(passthrough, channels):
    (joined,) = [op for op in unroll(YOLOv2(passthrough=passthrough)).operations if isinstance(op, Concat)]
    assert joined.shape == (channels, 13, 13)


@pytest.mark.parametrize(
    ("text", "message"),
    [("yolo_v2(resolution=400)", "not a multiple of the total stride 32"), ("yolo_v2(classes=0)", "classes 0")],
)
def test_wrong_values_are_one_clear_line(text, message):
    with pytest.raises(Problem, match=message):
        unroll(parse_variant(text))


def test_every_width_of_its_steps_is_another_network():
    steps = YOLOv2().width_steps()
    below, at = (count(unroll(replace(YOLOv2(), width=next(steps)))).params for _ in range(2))
    assert below < at
