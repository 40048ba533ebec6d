"""Random variants of every family, small enough to be built many times."""

from dataclasses import replace

from hypothesis import strategies as st

from analysis.arch.deeplab import DeepLabV3
from analysis.arch.inverted_residual import GATES, PLACES
from analysis.arch.mobilenet_v1 import MobileNetV1, Plain
from analysis.arch.mobilenet_v2 import PROJECTIONS, SHORTCUTS, SQUEEZED, TABLE_2, MobileNetV2
from analysis.arch.nasnet import NASNet
from analysis.arch.padding import PADDINGS
from analysis.arch.resnet import ROOTS, STRIDES, ResNet
from analysis.arch.shufflenet_v1 import TABLE_1, ShuffleNetV1
from analysis.arch.shufflenet_v2 import ShuffleNetV2
from analysis.arch.ssd import SSD
from analysis.arch.vgg_ssd import VGGSSD
from analysis.arch.yolo_v2 import YOLOv2

widths = st.floats(0.1, 0.6)
roundings = st.sampled_from([8, 4, 1, "truncate"])
sizes = st.sampled_from([32, 64, (32, 64)])
ODD = st.sampled_from([33, 40, (65, 33)])


def v1(family, resolution=sizes):
    return st.builds(family, width=widths, resolution=resolution, rounding=roundings, classes=st.integers(1, 20))


def own(row):
    """A row of Table 2, or with a kernel, an activation, a squeeze or all of its own, another block, or an
    identity."""
    rest = row[1:]
    forms = [row, (*row, 5), (*row, None, "relu"), (1.5, *rest, 1, "hard_swish"), (1.5, *rest, 5, "silu", 0.5)]
    blocks = [
        (*row, 0, None, None, 3),
        (*row, 5, None, 0.5, 3),
        (*row, 3, None, None, 0, True),
        (1, *rest, 3, None, 0, 0, True),
    ]
    return st.sampled_from([*forms, *blocks, ("identity", *rest), ("conv", *rest), ("conv", *rest, 1, "relu")])


def v2(resolution=sizes):
    axes = {
        "width": widths,
        "resolution": resolution,
        "expansion": st.sampled_from([0.5, 1, 2.5, 6]),
        "projection": st.sampled_from(PROJECTIONS),
        "shortcut": st.sampled_from(SHORTCUTS),
        "kernel": st.sampled_from([1, 3, 5]),
        "rounding": roundings,
        "features": st.sampled_from([(), (1, 2, 4, 6), (0,)]),
        "padding": st.sampled_from(PADDINGS),
        "squeeze": st.sampled_from([0, 0, 0.25]),
        "squeezed": st.sampled_from(SQUEEZED),
        "squeeze_place": st.sampled_from(PLACES),
        "gate": st.sampled_from(GATES),
        "hidden": st.sampled_from([0, 0, 8]),
        "hidden_norm": st.booleans(),
        "norm": st.sampled_from(["batch", "batch", "group", "none"]),
    }
    rows = {
        "rows": st.just(TABLE_2) | st.tuples(*map(own, TABLE_2)),
        "shortcut": st.sampled_from(["bottleneck", "none"]),
    }
    merging = {"branches": st.just(True), "norm": st.just("batch"), "padding": st.just("symmetric")}
    return st.one_of(*(st.builds(MobileNetV2, **(axes | more)) for more in ({}, rows, rows | merging)))


def backbones(resolution):
    return v1(MobileNetV1, resolution) | v2(resolution).map(without_features)


def without_features(v: MobileNetV2) -> MobileNetV2:
    return replace(v, features=())


def shufflenets():
    axes = {
        "width": st.floats(0.25, 1),
        "groups": st.sampled_from(list(TABLE_1)),
        "resolution": sizes,
        "repeats": st.tuples(*[st.integers(1, 3)] * 3),
        "strides": st.tuples(*[st.sampled_from([1, 2])] * 3),
        "stem_pool": st.booleans(),
    }
    return st.builds(ShuffleNetV1, **axes)


def shufflenets_v2():
    axes = {
        "width": st.floats(0.1, 0.5),
        "resolution": sizes,
        "repeats": st.tuples(*[st.integers(1, 3)] * 3),
        "strides": st.tuples(*[st.sampled_from([1, 2])] * 3),
        "stem_pool": st.booleans(),
    }
    return st.builds(ShuffleNetV2, **axes)


def resnets(resolution):
    axes = {
        "width": st.floats(0.05, 0.2),
        "units": st.tuples(*[st.integers(1, 2)] * 4),
        "root": st.sampled_from(list(ROOTS)),
        "strided": st.sampled_from(list(STRIDES)),
        "grid": st.sampled_from([(1,), (1, 2)]),
        "resolution": resolution,
    }
    return st.builds(ResNet, **axes)


def nasnets():
    lasts = st.sampled_from([96, 120])
    return st.builds(NASNet, cells=st.integers(1, 2), last=lasts, stem=st.integers(1, 8), resolution=sizes)


def yolos():
    passed, classes = st.sampled_from([0, 64]), st.integers(1, 5)
    return st.builds(YOLOv2, width=st.floats(0.05, 0.2), resolution=sizes, passthrough=passed, classes=classes)


def vgg_ssds():
    extras = st.sampled_from([((64, 3, 2, 1), (32, 3, 1, 0)), ((64, 4, 1, 1), (32, 3, 2, 1))])
    made = {"width": st.floats(0.05, 0.2), "anchors": st.just((4, 6, 6, 4)), "classes": st.integers(1, 5)}
    return st.builds(VGGSSD, extras=extras, resolution=st.sampled_from([97, 128, (96, 130)]), **made)


variants = st.one_of(
    resnets(sizes),
    nasnets(),
    yolos(),
    vgg_ssds(),
    v2(),
    v1(MobileNetV1),
    v1(Plain),
    shufflenets(),
    shufflenets_v2(),
    st.builds(SSD, backbones(sizes), lite=st.booleans(), classes=st.integers(1, 5)),
    st.builds(
        DeepLabV3,
        backbones(ODD) | resnets(ODD),
        output_stride=st.sampled_from([8, 16]),
        aspp=st.booleans(),
        depth=st.integers(1, 16),
    ),
)
