"""SSD on VGG has the published numbers of parameters, multiply-adds and boxes."""

from dataclasses import replace

import pytest

from analysis.arch import parse_variant, unroll
from analysis.arch.plan import Length
from analysis.arch.vgg_ssd import SSD300, SSD512
from analysis.cost import count
from analysis.problem import Problem


def boxes(variant):
    """Boxes that a variant predicts on an image."""
    plan = unroll(variant)
    shapes = [plan.shapes[name] for name in plan.outputs]
    for here, classes in zip(shapes[::2], shapes[1::2], strict=True):
        assert classes == ((variant.classes + 1) * here[0] // 4, *here[1:])
    return sum(channels // 4 * height * width for channels, height, width in shapes[::2])


def test_counts_are_those_published():
    """torchvision's ssd300_vgg16 has 90 classes: `num_params` and `_ops` of its weights (models/detection/ssd.py)."""
    cost = count(unroll(replace(SSD300, classes=90)))
    assert (cost.params, f"{cost.madds / 1e9:.3f}") == (35_641_826, "34.858")


def test_boxes_are_those_of_the_paper():
    """arXiv:1512.02325, table 7: 8732 boxes at 300 x 300, 24564 at 512 x 512."""
    assert (boxes(SSD300), boxes(SSD512)) == (8732, 24564)


def test_only_the_first_map_is_divided_by_its_length_and_the_second_is_made_of_the_undivided_one():
    plan = unroll(SSD300)
    (length,) = [op for op in plan.operations if isinstance(op, Length)]
    readers = {op.name.split(".")[0] for op in plan.operations if length.inputs[0] in op.inputs}
    assert (length.shape, readers) == ((512, 38, 38), {"first", "stage5"})
    assert {b.name for b in plan.blocks if b.binding["x"] == length.name} == {"boxes1", "classes1"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vgg_ssd(anchors=(4,))", "not one number for each of 6 maps"),
        ("vgg_ssd(extras=((512, 3, 2),))", "is not of the form (channels, kernel, stride, zeros)"),
        ("vgg_ssd(extras=((512, 0, 2, 1),), anchors=(4, 4, 4))", "kernel of extras 0 is not a whole number"),
        ("vgg_ssd(resolution=200)", "too small for the kernel of full.conv: use a larger resolution"),
    ],
)
def test_wrong_values_are_one_clear_line(text, message):
    with pytest.raises(Problem) as caught:
        unroll(parse_variant(text))
    assert message in str(caught.value)


def test_every_width_of_its_steps_is_another_network():
    steps = SSD300.width_steps()
    first, second = next(steps), next(steps)
    below, at = (count(unroll(replace(SSD300, width=width))).params for width in (first, second))
    assert below < at
