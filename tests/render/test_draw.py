"""Pictures of networks show what the Plan says."""

import pytest

from analysis.arch import parse_variant, unroll
from analysis.cost import count
from analysis.cost.count import total
from analysis.problem import Problem
from analysis.render.draw_blocks import blocks_figure, kinds
from analysis.render.draw_strip import outline, strip_figure
from analysis.render.layers import layers, short
from experiments.commands.draw import FAMILY_BLOCKS, find, main

NETWORKS = (
    "mobilenet_v2(resolution=32, shortcut='expansion')",
    "mobilenet_v1(resolution=32)",
    "shufflenet_v1(groups=3)",
    "ssd(lite=True, backbone=mobilenet_v2(resolution=64))",
    "deeplab_v3(backbone=mobilenet_v2(resolution=33))",
)


@pytest.mark.parametrize("text", NETWORKS)
def test_the_layers_of_all_blocks_are_the_network(text):
    plan = unroll(parse_variant(text))
    found = [layer for block in plan.blocks for layer in layers(plan, block)]
    assert total([layer.cost for layer in found]) == count(plan)
    assert all(layer.bytes > 0 for layer in found if layer.title not in ("dropout",))


def test_a_block_reads_as_its_table_says():
    plan, block = find(unroll(parse_variant("mobilenet_v2()")), "bottleneck3")
    assert [(x.title, x.shape, x.function, x.reads) for x in layers(plan, block)] == [
        ("1 × 1", (144, 56, 56), "relu6", ("",)),
        ("3 × 3 depthwise", (144, 56, 56), "relu6", ("expand.conv",)),
        ("1 × 1", (24, 56, 56), "linear", ("depthwise.conv",)),
        ("add", (24, 56, 56), "linear", ("", "project.conv")),
    ]
    assert outline(block) == (24, 144, 24)


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
    strip = strip_figure(plan, "network")
    bars = sum(bar.get_height() for bar in strip.axes[1].patches)
    assert bars == pytest.approx(count(plan).madds / 1e6)
    plt.close("all")


def test_numbers_are_short():
    assert [short(n) for n in (7, 1_060, 462_422_016, 2e9)] == ["7", "1.06 k", "462 M", "2 G"]


def test_the_command_writes_figures_and_names_unknown_blocks(tmp_path, capsys):
    main(families=True, results=tmp_path)
    assert sorted(path.suffix for path in (tmp_path / "figures").iterdir()) == [".pdf", ".png", ".svg"]
    assert all(title in (tmp_path / "figures" / "draw-families.svg").read_text() for title in FAMILY_BLOCKS)
    with pytest.raises(Problem, match="no block bottleneck99: the network has stem, bottleneck1"):
        main(blocks=("bottleneck99",), results=tmp_path)
