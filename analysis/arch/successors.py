"""Published successors of MobileNetV2 by name. Each is a MobileNetV2 with later axes: rows, squeezes, last layers.

Rows are (t, c, n, s, kernel, activation, squeeze, start, fused), see `rows`. Where a paper prints inner channels, t is
their number over the block's input channels.

- MnasNet-B1: arXiv:1807.11626, the network without squeeze-and-excitation, as torchvision has it (`mnasnet.py`).
- MobileNetV3: arXiv:1905.02244, tables 1 and 2, as torchvision has them (`mobilenetv3.py`).
- EfficientNet-B0: arXiv:1905.11946, table 1, as torchvision has it (`efficientnet.py`). Lite0 is without
  squeeze-and-excitation and with ReLU6.
- EfficientNetV2-S: arXiv:2104.00298, table 4, with the last layers of torchvision (`efficientnet.py`).
- MobileNetV4-Conv-S: arXiv:2404.10518, as timm's `mobilenetv4_conv_small` has it (`mobilenetv3.py`).
"""

from dataclasses import replace

from analysis.arch.mobilenet_v2 import MobileNetV2

RELU = "relu"
SQUEEZED = 0.25

_MNASNET = MobileNetV2(
    activation=RELU,
    last_width="fixed",
    rows=(
        (1, 16, 1, 1),
        (3, 24, 3, 2),
        (3, 40, 3, 2, 5),
        (6, 80, 3, 2, 5),
        (6, 96, 2, 1),
        (6, 192, 4, 2, 5),
        (6, 320, 1, 1),
    ),
)
_LITE = MobileNetV2(
    rows=(
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 40, 2, 2, 5),
        (6, 80, 3, 2),
        (6, 112, 3, 1, 5),
        (6, 192, 4, 2, 5),
        (6, 320, 1, 1),
    ),
)
_LARGE = MobileNetV2(
    activation="hard_swish",
    stem=16,
    last=960,
    hidden=1280,
    rows=(
        (1, 16, 1, 1, 3, RELU),
        (4, 24, 1, 2, 3, RELU),
        (3, 24, 1, 1, 3, RELU),
        (3, 40, 3, 2, 5, RELU, SQUEEZED),
        (6, 80, 1, 2),
        (2.5, 80, 1, 1),
        (2.3, 80, 2, 1),
        (6, 112, 2, 1, 3, None, SQUEEZED),
        (6, 160, 3, 2, 5, None, SQUEEZED),
    ),
)
_SMALL = MobileNetV2(
    activation="hard_swish",
    stem=16,
    last=576,
    hidden=1024,
    squeeze=SQUEEZED,
    rows=(
        (1, 16, 1, 2, 3, RELU),
        (72 / 16, 24, 1, 2, 3, RELU, 0),
        (88 / 24, 24, 1, 1, 3, RELU, 0),
        (4, 40, 1, 2, 5),
        (6, 40, 2, 1, 5),
        (3, 48, 2, 1, 5),
        (6, 96, 3, 2, 5),
    ),
)

# EfficientNetV2-S. Its first three rows are fused and have no squeeze.
_V2_S = MobileNetV2(
    resolution=384,
    activation="silu",
    squeeze=SQUEEZED,
    squeezed="input",
    squeeze_activation="silu",
    gate="sigmoid",
    stem=24,
    rows=(
        (1, 24, 2, 1, 3, None, 0, 0, True),
        (4, 48, 4, 2, 3, None, 0, 0, True),
        (4, 64, 4, 2, 3, None, 0, 0, True),
        (4, 128, 6, 2),
        (6, 160, 9, 1),
        (6, 256, 15, 2),
    ),
)
# MobileNetV4-Conv-S. Rows begin with full convolutions. A kernel of 0 leaves the second depthwise one out.
_V4_SMALL = MobileNetV2(
    activation=RELU,
    last=960,
    hidden=1280,
    hidden_norm=True,
    rows=(
        ("conv", 32, 1, 2),
        ("conv", 32, 1, 1, 1),
        ("conv", 96, 1, 2),
        ("conv", 64, 1, 1, 1),
        (3, 96, 1, 2, 5, None, None, 5),
        (2, 96, 4, 1),
        (4, 96, 1, 1, 0, None, None, 3),
        (6, 128, 1, 2, 3, None, None, 3),
        (4, 128, 1, 1, 5, None, None, 5),
        (4, 128, 1, 1, 5),
        (3, 128, 1, 1, 5),
        (4, 128, 2, 1),
    ),
)

# Name -> the network at the published resolution with 1000 classes.
SUCCESSORS: dict[str, MobileNetV2] = {
    "mnasnet_0.5": replace(_MNASNET, width=0.5),
    "mnasnet_1.0": _MNASNET,
    "mobilenet_v3_large": _LARGE,
    "mobilenet_v3_small": _SMALL,
    "efficientnet_lite0": _LITE,
    "efficientnet_b0": replace(
        _LITE, activation="silu", squeeze=SQUEEZED, squeezed="input", squeeze_activation="silu", gate="sigmoid"
    ),
    "efficientnet_v2_s": _V2_S,
    "mobilenet_v4_small": _V4_SMALL,
}
