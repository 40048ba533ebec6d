"""A column for each kind of block, with a bar for each tensor and a curve for each that is read again."""

import pytest

from analysis.arch import parse_variant, unroll
from analysis.render.draw_blocks import blocks_figure, function, kinds

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
def test_figures_hold_every_block(text):
    import matplotlib.pyplot as plt

    plan = unroll(parse_variant(text))
    chosen = kinds(plan)
    assert 1 <= len(chosen) <= 5
    drawn = blocks_figure(chosen)
    assert [ax.get_title() for ax in drawn.axes] == list(chosen)
    words = [text.get_text() for text in drawn.axes[0].texts]
    assert any("MAdds" in text for text in words)
    plt.close("all")


def test_a_shortcut_is_a_curve_and_a_linear_tensor_is_white():
    import matplotlib.pyplot as plt
    from matplotlib.patches import FancyArrowPatch, Rectangle

    plan = unroll(parse_variant("mobilenet_v2()"))
    by_name = {block.name: (plan, block) for block in plan.blocks}
    figure = blocks_figure({name: by_name[name] for name in ("bottleneck2", "bottleneck3")})
    arrows = [[p for p in ax.patches if isinstance(p, FancyArrowPatch)] for ax in figure.axes]
    assert list(map(len, arrows)) == [0, 1]  # the first of them has stride 2
    bars = [p for p in figure.axes[1].patches if isinstance(p, Rectangle)]
    assert [bar.get_facecolor()[:3] == (1, 1, 1) for bar in bars] == [True, False, False, True, True]
    widths = [bar.get_width() for bar in bars]
    assert widths[1] / widths[0] == pytest.approx(6**0.5)
    plt.close("all")


def test_what_made_the_input_is_found():
    plan = unroll(parse_variant("mobilenet_v2(projection='relu6')"))
    made = {block.name: function(plan, block) for block in plan.blocks}
    assert (made["stem"], made["bottleneck2"]) == ("linear", "relu6")
