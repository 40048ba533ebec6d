"""Six counting tools agree with the Plan to the last digit, once their rules are spelled out."""

from itertools import combinations, product

import pytest

from analysis.arch import FAMILIES, PRESETS, parse_variant, preset
from analysis.arch.families import BRIEF_ROWS
from analysis.arch.mobilenet_v2 import ACTIVATIONS, PROJECTIONS, SHORTCUTS
from analysis.nn.crosscheck import TOOLS, crosscheck, installed_tools

SMALL = [
    "mobilenet_v1(resolution=32)",
    "plain(resolution=32, width=0.25)",
    *(f"shufflenet_v1(resolution=32, groups={g}, width=0.5)" for g in (1, 3, 8)),
    "shufflenet_v1(resolution=32, width=0.5, repeats=(1, 2, 3), strides=(1, 2, 2), stem_pool=False)",
    "ssd(lite=True, backbone=mobilenet_v1(resolution=64, width=0.5))",
    "ssd(lite=False, backbone=mobilenet_v2(resolution=64, width=0.5))",
    *(
        f"deeplab_v3(output_stride={stride}, aspp={stride == 16}, backbone={family}(resolution=33, width=0.25))"
        for stride, family in product((16, 8), ("mobilenet_v1", "mobilenet_v2"))
    ),
    "mobilenet_v2(resolution=32, features=(1, 3), rounding='truncate')",
    "shufflenet_v2(resolution=32, width=0.5)",
    "resnet(resolution=32, width=0.25, units=(1, 2, 1, 1))",
    "nasnet(resolution=33, cells=1, last=96, stem=8)",
    "yolo_v2(resolution=32, width=0.25)",
    "vgg_ssd(resolution=97, width=0.125, extras=((64, 3, 2, 1),), anchors=(4, 4, 4))",
    "deeplab_v3(backbone=resnet(resolution=33, width=0.25, units=(1, 1, 2, 1), root='three', strided='last'))",
]


def residuals(variants, tools=()):
    return {(check.network, check.tool): check.residual for check in crosscheck(variants, tools) if check.residual}


SQUEEZES = [
    preset("brief", resolution=8, squeeze=0.25, squeeze_place=place, gate=gate, squeeze_activation=function, hidden=8)
    for place, gate, function in (("projection", "sigmoid", "silu"), ("depthwise", "hard_sigmoid", "relu6"))
]
BLOCKS = [
    preset("brief", resolution=8, fused=True),
    preset("brief", resolution=8, branches=True),
    preset("brief", resolution=8, start=3, hidden=8, hidden_norm=True),
    preset("brief", resolution=8, rows=((6, 8, 2, 1, 0, None, None, 3), ("conv", 8, 1, 2), (6, 8, 1, 1, 0))),
]
NORMED = [preset("brief", resolution=8, norm=norm, rows=((6, 8, 1, 1), (6, 24, 1, 2))) for norm in ("group", "none")]
TYPES = [
    preset("brief", resolution=16, rows=(("identity", 8, 1, 2), (6, 8, 1, 1))),
    preset("brief", resolution=16, padding="one_sided", rows=((6, 8, 1, 2),)),
]
VARIANTS = [
    *(preset(name, resolution=32) for name in PRESETS),
    *map(parse_variant, SMALL),
    *SQUEEZES,
    *BLOCKS,
    *NORMED,
    *TYPES,
]


def test_every_preset_and_family_is_covered():
    assert len(VARIANTS) == 32
    assert {variant.family for variant in VARIANTS} == set(FAMILIES)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.family)
def test_every_tool_agrees(variant):
    assert residuals([variant]) == {}


def test_every_pair_of_values_of_the_axes_in_brief():
    """The combinations themselves are counted by torch in test_network.py."""
    axes = {"projection": PROJECTIONS, "shortcut": SHORTCUTS, "activation": ACTIVATIONS, "expansion": (0.5, 6)}
    chosen = [(p, s, (p + s) % 4, (p // 2 + s) % 2) for p in range(4) for s in range(5)]
    for i, j in combinations(range(4), 2):
        lengths = [len(list(axes.values())[k]) for k in (i, j)]
        assert {(each[i], each[j]) for each in chosen} == set(product(*map(range, lengths)))
    space = [{axis: values[i] for (axis, values), i in zip(axes.items(), each, strict=True)} for each in chosen]
    rows = tuple((t, c, 2, s) for t, c, _, s in BRIEF_ROWS[:2])  # fewer repeats, the same kinds
    variants = [preset("brief", resolution=4, rows=rows, **axes) for axes in space]
    assert residuals(variants, ("ptflops-aten",)) == {}
    assert residuals(variants[::2], set(installed_tools()) - {"ptflops-aten"}) == {}


def test_a_missing_item_leaves_a_residual():
    check = crosscheck([preset("brief", resolution=8)], ["ptflops"])[0]
    assert check._replace(items=check.items[:-1]).residual == check.items[-1].count != 0
    assert {"torch", "fvcore", "ptflops", "ptflops-aten"} <= set(installed_tools()) <= set(TOOLS)
