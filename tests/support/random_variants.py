"""Random variants of every family, small enough to be built many times."""

from dataclasses import replace

from hypothesis import strategies as st

from analysis.arch.deeplab import DeepLabV3
from analysis.arch.inverted_residual import GATES, PLACES
from analysis.arch.mobilenet_v1 import MobileNetV1, Plain
from analysis.arch.mobilenet_v2 import PROJECTIONS, SHORTCUTS, SQUEEZED, TABLE_2, MobileNetV2
from analysis.arch.padding import PADDINGS
from analysis.arch.shufflenet_v1 import TABLE_1, ShuffleNetV1
from analysis.arch.ssd import SSD

widths = st.floats(0.1, 0.6)
roundings = st.sampled_from([8, 4, 1, "truncate"])
sizes = st.sampled_from([32, 64, (32, 64)])


def v1(family, resolution=sizes):
    return st.builds(family, width=widths, resolution=resolution, rounding=roundings, classes=st.integers(1, 20))


def own(row):
    """A row of Table 2, or with a kernel, an activation, a squeeze or all of its own, or an identity."""
    rest = row[1:]
    forms = [row, (*row, 5), (*row, None, "relu"), (1.5, *rest, 1, "hard_swish"), (1.5, *rest, 5, "silu", 0.5)]
    return st.sampled_from([*forms, ("identity", *rest)])


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
    }
    rows = {
        "rows": st.just(TABLE_2) | st.tuples(*map(own, TABLE_2)),
        "shortcut": st.sampled_from(["bottleneck", "none"]),
    }
    return st.builds(MobileNetV2, **axes) | st.builds(MobileNetV2, **(axes | rows))


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


variants = st.one_of(
    v2(),
    v1(MobileNetV1),
    v1(Plain),
    shufflenets(),
    st.builds(SSD, backbones(sizes), lite=st.booleans(), classes=st.integers(1, 5)),
    st.builds(
        DeepLabV3,
        backbones(st.sampled_from([33, 40, (65, 33)])),
        output_stride=st.sampled_from([8, 16]),
        aspp=st.booleans(),
        depth=st.integers(1, 16),
    ),
)
