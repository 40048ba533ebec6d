"""Networks of all families, small, with norms that have values of their own."""

import torch

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.nas_bench_macro import variant
from analysis.nn import build, initialise

VARIANTS = [
    preset("brief"),
    preset("brief", shortcut="expansion"),
    preset("brief", shortcut="expansion_after_depthwise"),
    preset("brief", shortcut="none", projection="relu6_after_addition"),
    preset("brief", expansion=0.0),
    preset("cifar", width=0.35),
    preset("imagenet", width=0.35, resolution=64),
    parse_variant("mobilenet_v1(width=0.25, resolution=64)"),
    parse_variant("plain(width=0.25, resolution=32)"),
    parse_variant("shufflenet_v1(width=0.25, resolution=64)"),
    parse_variant("ssd(backbone=mobilenet_v2(width=0.35, resolution=96))"),
    parse_variant("deeplab_v3(backbone=mobilenet_v2(width=0.35, resolution=65))"),
    variant("02102101"),
    preset("brief", squeeze=0.25),
    preset("brief", squeeze=0.25, squeeze_place="projection", gate="sigmoid", activation="silu", hidden=24),
    preset("mobilenet_v3_small", width=0.35, resolution=64),
    preset("brief", fused=True, squeeze=0.25),
    preset("brief", branches=True),
    preset("brief", branches=True, kernel=5, shortcut="expansion", rows=((6, 8, 2, 2), (4, 16, 2, 1))),
    preset("brief", norm="group"),
    preset("brief", norm="none"),
    preset("mobilenet_v4_small", width=0.25, resolution=64, hidden=16),
    parse_variant("shufflenet_v2(width=0.25, resolution=64)"),
    parse_variant("resnet(width=0.125, units=(1, 2, 1, 1), resolution=64)"),
    parse_variant("nasnet(cells=1, last=96, stem=8, resolution=64)"),
    parse_variant("yolo_v2(width=0.125, resolution=64)"),
]


def images(plan, count=2):
    """Random images of a Plan's size, channels last."""
    return torch.randn(count, *plan.image).to(memory_format=torch.channels_last)


def trained(variant):
    """A network in float64 whose norms have statistics and affine values of their own."""
    torch.manual_seed(0)
    network = build(unroll(variant))
    initialise(network, 0)
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if ".norm." in name and value.is_floating_point():
                value.copy_(torch.rand_like(value) + 0.5)
    return network.eval().double()
