"""An inverted residual has the expansion, the shortcut and the projection that its axes say."""

import pytest

from analysis.arch import preset, unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.cost import count


def shortcuts(variant) -> int:
    return sum(op.name.endswith((".shortcut", ".join")) for op in unroll(variant).operations)


def test_expansion_applies_to_the_input_channels():
    """Section 4: 64 -> 128 channels at factor 6 have 384 inner channels."""
    variant = MobileNetV2(rows=((6, 64, 1, 1), (6, 128, 1, 1)), stem=16, stem_stride=1, resolution=8)
    shapes = unroll(variant).shapes
    assert shapes["bottleneck2.expand.conv"] == (384, 8, 8)
    assert shapes["bottleneck2.project.conv"] == (128, 8, 8)


def test_the_first_block_has_no_expansion_convolution():
    operations = [op.name for op in unroll(preset("imagenet")).operations]
    assert "bottleneck1.depthwise.conv" in operations
    assert "bottleneck1.expand.conv" not in operations


def test_expansion_zero_is_the_identity_where_there_is_a_shortcut():
    blocks = {block.name: block for block in unroll(preset("brief", expansion=0)).blocks}
    assert blocks["bottleneck2"].body.operations == ()
    assert blocks["bottleneck2"].output == blocks["bottleneck1"].output
    assert blocks["bottleneck3"].body.operations  # changes shape, so it has no shortcut to keep


def test_number_of_shortcuts_of_each_placement():
    counted = {s: shortcuts(preset("brief", shortcut=s)) for s in ("bottleneck", "expansion", "none")}
    assert counted == {"bottleneck": 11, "expansion": 10, "none": 0}
    assert shortcuts(preset("brief", shortcut="expansion_after_depthwise")) == 11
    assert shortcuts(preset("brief", shortcut="bottleneck_matched")) == counted["expansion"]


@pytest.mark.parametrize("shortcut", ["expansion", "expansion_after_depthwise", "bottleneck_matched", "none"])
def test_placement_costs_nothing(shortcut):
    base, other = (count(unroll(preset("brief", shortcut=s))) for s in ("bottleneck", shortcut))
    assert (base.madds, base.params) == (other.madds, other.params)


def test_projection_acts_before_or_after_the_addition():
    def order(projection):
        names = [op.name for op in unroll(preset("brief", projection=projection)).operations]
        return [name for name in names if name.startswith("bottleneck2.")][-2:]

    assert order("relu6") == ["bottleneck2.project.activation", "bottleneck2.shortcut"]
    assert order("relu6_after_addition") == ["bottleneck2.shortcut", "bottleneck2.projection"]
