"""Modules of random variants of every family are what their Plans say: shapes, parameters, multiply-adds."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from analysis.arch import unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v1 import MobileNetV1, Plain
from analysis.arch.mobilenet_v2 import PROJECTIONS, SHORTCUTS, TABLE_2, MobileNetV2
from analysis.arch.shufflenet_v1 import TABLE_1, ShuffleNetV1
from analysis.arch.ssd import SSD
from analysis.cost import count
from analysis.nn import build

widths = st.floats(0.1, 0.6)
roundings = st.sampled_from([8, 4, 1, "truncate"])
sizes = st.sampled_from([32, 64, (32, 64)])


def v1(family, resolution=sizes):
    return st.builds(family, width=widths, resolution=resolution, rounding=roundings, classes=st.integers(1, 20))


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
    }
    return st.builds(MobileNetV2, **axes)


def backbones(resolution):
    return v1(MobileNetV1, resolution) | v2(resolution).map(without_features)


def without_features(v: MobileNetV2) -> MobileNetV2:
    return MobileNetV2(v.width, v.resolution, v.expansion, v.projection, v.shortcut, rounding=v.rounding, rows=TABLE_2)


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


@settings(max_examples=60, deadline=None)
@given(variants)
def test_a_module_is_what_its_plan_says(variant):
    plan = unroll(variant)
    cost = count(plan)
    network = build(plan).eval()
    names = [op.name for op in plan.operations if op.shape[1:] != (1, 1)]
    with torch.no_grad():
        images = torch.randn(2, *plan.image)
        with FlopCounterMode(display=False) as counter:  # counts two a multiply-add
            network(images)
        made = network.intermediates(images, names)
    assert counter.get_total_flops() == 2 * 2 * cost.madds
    assert sum(p.numel() for p in network.parameters()) == cost.params
    assert {name: tuple(made[name].shape[1:]) for name in names} == {name: plan.shapes[name] for name in names}


@settings(max_examples=10, deadline=None)
@given(variants)
def test_every_parameter_gets_a_gradient(variant):
    network = build(unroll(variant))
    outputs = network(torch.randn(3, *network.plan.image))
    losses = [out.square().sum() for out in (outputs if isinstance(outputs, tuple) else (outputs,))]
    torch.stack(losses).sum().backward()
    assert [name for name, p in network.named_parameters() if p.grad is None] == []
