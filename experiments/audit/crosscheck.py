"""Which networks the counting tools are asked about."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from analysis.arch import PRESETS, Variant, parse_variant, preset
from analysis.arch.inverted_residual import GATES, PLACES
from analysis.arch.mobilenet_v2 import ACTIVATIONS, PROJECTIONS, SHORTCUTS
from analysis.arch.norms import NORMS
from analysis.arch.successors import SUCCESSORS

EXPANSIONS = (0, 0.5, 1, 6)
FAMILIES = (
    "mobilenet_v1()",
    "plain()",
    *(f"shufflenet_v1(groups={groups})" for groups in (1, 2, 3, 4, 8)),
    "shufflenet_v1(resolution=32, repeats=(2, 6, 6), strides=(1, 2, 2), stem_pool=False)",
    "mobilenet_v2(features=(1, 2, 4, 6), rounding='truncate')",
    "shufflenet_v2(resolution=64)",
    "resnet(resolution=64)",
    "nasnet(resolution=64)",
    "yolo_v2(resolution=64)",
    "vgg_ssd(width=0.125)",
    "deeplab_v3(backbone=resnet(resolution=129, root='three', strided='last', grid=(1, 2, 4)))",
    *(
        f"ssd(lite={lite}, backbone={backbone}(resolution=320))"
        for lite, backbone in product((True, False), ("mobilenet_v2", "mobilenet_v1"))
    ),
    *(
        f"deeplab_v3(output_stride={stride}, aspp={aspp}, backbone={backbone}(resolution=129))"
        for stride, aspp, backbone in product((16, 8), (True, False), ("mobilenet_v2", "mobilenet_v1"))
    ),
)


def networks(axes: bool) -> Iterator[Variant]:
    """Every preset, successor and family. With `axes` every combination of the block's axes in `brief` too."""
    yield from PRESETS.values()
    yield from (replace(successor, resolution=64) for successor in SUCCESSORS.values())
    yield from map(parse_variant, FAMILIES)
    if axes:
        for projection, shortcut, activation, expansion in product(PROJECTIONS, SHORTCUTS, ACTIVATIONS, EXPANSIONS):
            if expansion or shortcut == "bottleneck":  # inner depth 0 is its shortcut alone
                yield preset(
                    "brief",
                    projection=projection,
                    shortcut=shortcut,
                    activation=activation,
                    expansion=expansion,
                )
        for place, gate, activation in product(PLACES, GATES, ACTIVATIONS):
            yield preset("brief", squeeze=0.25, squeeze_place=place, gate=gate, squeeze_activation=activation)
        yield from (preset("brief", norm=norm) for norm in NORMS if norm != "batch")
        for blocks in (
            {"fused": True},
            {"start": 3},
            {"start": 5, "kernel": 5},
            {"start": 3, "kernel": 0},
            {"branches": True},
        ):
            yield preset("brief", **blocks)
