"""Rows become blocks: strides and dilation where they belong, repeats after them alike."""

import pytest

from analysis.arch import preset
from analysis.arch.plan import Conv
from analysis.arch.sketch import PlanSketch
from analysis.arch.trunk import add_last, add_trunk

ROWS = ((6, 8, 2, 2), ("conv", 24, 2, 2), (6, 16, 2, 2, 3, None, None, 3), (4, 16, 2, 1, 3, None, None, 0, True))


def trunk(variant, output_stride=None):
    """The Plan of a variant's trunk and last convolution, and the names of its stages' results."""
    sketch = PlanSketch((3, *variant.size))
    stages = add_trunk(sketch, variant, output_stride)
    return sketch.plan(add_last(sketch, variant)), stages


def test_a_stage_ends_with_the_last_block_of_its_row():
    plan, stages = trunk(preset("brief", rows=ROWS))
    ends = [next(b.name for b in plan.blocks if b.output == stage) for stage in stages]
    assert ends == ["bottleneck2", "conv4", "bottleneck6", "bottleneck8"]
    assert [b.body.shape for b in plan.blocks if b.name in ends] == [(8, 8, 8), (24, 4, 4), (16, 2, 2), (16, 2, 2)]


@pytest.mark.parametrize(("output_stride", "sides"), [(8, (8, 4, 4, 4)), (4, (8, 8, 8, 8))])
def test_strides_beyond_the_output_stride_become_dilation_in_every_kind_of_block(output_stride, sides):
    plan, _ = trunk(preset("brief", rows=ROWS), output_stride)
    blocks = {b.name: b.body for b in plan.blocks}
    ends = ("bottleneck2", "conv4", "bottleneck6", "bottleneck8")
    assert tuple(blocks[name].shape[1] for name in ends) == sides
    last = [op for op in blocks["bottleneck8"].operations if isinstance(op, Conv) and op.kernel == 3]
    assert [op.dilation for op in last] == [16 // output_stride]
    both = [op for op in blocks["bottleneck6"].operations if isinstance(op, Conv) and op.kernel == 3]
    assert [op.dilation for op in both] == [16 // output_stride] * 2


def test_a_shortcut_needs_equal_shapes():
    plan, _ = trunk(preset("brief", rows=ROWS))
    joined = [b.name for b in plan.blocks if "shortcut" in b.body.shapes]
    assert joined == ["bottleneck2", "bottleneck6", "bottleneck7", "bottleneck8"]
