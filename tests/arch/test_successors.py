"""The successors have the parameters that their publishers print, to the unit, and run, train, draw and export."""

from dataclasses import replace

import matplotlib.pyplot as plt
import pytest
import torch

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.plan import Conv, Scale
from analysis.arch.successors import SUCCESSORS
from analysis.cost import count
from analysis.cost.memory import SCHEDULES, memory
from analysis.cost.splitting import splittable
from analysis.nn import build
from analysis.nn.crosscheck import crosscheck
from analysis.nn.export import onnx_model, runs_onnx, verify
from analysis.nn.fold import fold
from analysis.nn.fused.network import FusedNetwork
from analysis.nn.initialise import initialise
from analysis.problem import Problem
from analysis.render.draw_blocks import blocks_figure, kinds

# Parameters, and multiply-adds in billions as printed: `num_params` and `_ops` of the weights in torchvision/models
# (mnasnet.py, mobilenetv3.py, efficientnet.py). Lite0: "params" of efficientnet_lite0_ra_imagenet in keras_hub
# (efficientnet_presets.py), GMACs of timm's model card. MobileNetV4: parameters of mobilenet_v4_conv_small in the
# documentation of lucid, GMACs of timm's model card.
PUBLISHED = {
    "mnasnet_0.5": (2_218_512, "0.104"),
    "mnasnet_1.0": (4_383_312, "0.314"),
    "mobilenet_v3_large": (5_483_032, "0.217"),
    "mobilenet_v3_small": (2_542_856, "0.057"),
    "efficientnet_lite0": (4_652_008, "0.4"),
    "efficientnet_b0": (5_288_548, "0.386"),
    "efficientnet_v2_s": (21_458_488, "8.366"),
    "mobilenet_v4_small": (3_774_024, "0.2"),
}
SQUEEZED = preset("brief", resolution=8, squeeze=0.25)
LIMIT = 1e-4  # fused from eager in float32. We measured 2e-5.


@pytest.mark.parametrize("name", SUCCESSORS)
def test_counts_are_those_published(name):
    plan, (params, billions) = unroll(SUCCESSORS[name]), PUBLISHED[name]
    with torch.device("meta"):
        module = build(plan, device=torch.device("meta"))
    assert count(plan).params == sum(p.numel() for p in module.parameters()) == params
    assert f"{count(plan).madds / 1e9:.{len(billions) - 2}f}" == billions
    assert parse_variant(SUCCESSORS[name].text) == SUCCESSORS[name]


@pytest.mark.parametrize("name", SUCCESSORS)
def test_every_counting_tool_agrees(name):
    whole = SUCCESSORS[name]
    rows = tuple((*row[:2], min(row[2], 2), *row[3:]) for row in whole.rows)  # further repeats are like the second
    small = replace(whole, resolution=64, width=0.25, hidden=bool(whole.hidden) * 16, rows=rows)
    assert {check.tool: check.residual for check in crosscheck([small]) if check.residual} == {}


@pytest.mark.parametrize("place", ["depthwise", "projection"])
def test_a_squeeze_is_placed_folds_and_takes_memory(place):
    variant = replace(SQUEEZED, squeeze_place=place, gate="sigmoid")
    plan = unroll(variant)
    scales = [op for op in plan.operations if isinstance(op, Scale)]
    source = {"depthwise": "depthwise.activation", "projection": "project.norm"}[place]
    assert [op.inputs[0].split(".", 1)[1] for op in scales] == [source] * len(scales)
    assert splittable(plan) == []
    for schedule in set(SCHEDULES) - {"split"}:
        assert memory(plan, schedule).peak.bytes > 0
    network = build(plan).eval()
    images = torch.randn(2, *plan.image)
    with torch.inference_mode():
        torch.testing.assert_close(fold(network)(images), network(images), rtol=1e-4, atol=1e-5)


def test_a_row_has_a_squeeze_of_its_own():
    plan = unroll(replace(SQUEEZED, rows=((6, 8, 1, 1, None, None, 0.5), (6, 16, 1, 2), (6, 16, 1, 1, None, None, 0))))
    narrow = {op.name: op.shape[0] for op in plan.operations if isinstance(op, Conv) and "reduce" in op.name}
    assert narrow == {"bottleneck1.squeeze.reduce": 48, "bottleneck2.squeeze.reduce": 16}


def test_the_later_axes_leave_the_texts_of_others_alone_and_are_checked():
    assert "squeeze" not in preset("imagenet").text and "hidden" not in preset("imagenet").text
    assert SQUEEZED.text.endswith("squeeze=0.25)")
    for axis, value in (("squeeze", -1), ("gate", "relu"), ("squeeze_place", "end"), ("squeezed", "x"), ("hidden", -1)):
        with pytest.raises(Problem, match=axis):
            replace(SQUEEZED, **{axis: value})


@pytest.mark.parametrize("activation", ["hard_swish", "silu"])
def test_the_fused_backend_runs_what_it_does_not_know_by_torchs_operators(kernels, activation):
    plan = unroll(replace(SQUEEZED, resolution=32, activation=activation))
    fused, eager = FusedNetwork(plan, torch.float32).to(memory_format=torch.channels_last), build(plan)
    initialise(fused, seed=0)
    eager.load_state_dict(fused.state_dict())
    images = torch.randn(16, *plan.image, generator=torch.Generator().manual_seed(0))
    last = plan.blocks[-2].output
    own, expected = (each.train().intermediates(images, [last])[last] for each in (fused, eager))
    assert own.std() > 0.1 and off(own, expected) < LIMIT
    for each, map in ((fused, own), (eager, expected)):
        map.square().mean().backward()
        assert all(p.grad is not None for name, p in each.named_parameters() if "squeeze" in name)
    gates = {name: p.grad for name, p in eager.named_parameters() if "excite.weight" in name}
    assert gates and all(off(fused.get_parameter(name).grad, gate) < LIMIT for name, gate in gates.items())


def off(found, expected):
    """Distance over length."""
    return float((found - expected).detach().norm() / expected.detach().norm())


def test_a_squeezed_network_exports():
    """The gate "sigmoid" is in tests/nn/test_export.py."""
    pytest.importorskip("onnxscript")
    pytest.importorskip("onnxruntime")
    rows = ((1, 8, 1, 1), (6, 16, 1, 2))
    network = build(unroll(replace(SQUEEZED, hidden=24, activation="silu", rows=rows)))
    assert len(verify(network, runs_onnx(onnx_model(network)))) == 2


def test_a_squeeze_is_drawn():
    figure = blocks_figure(kinds(unroll(SQUEEZED)))
    assert any("scale channels" in text.get_text() for ax in figure.axes for text in ax.texts)
    plt.close(figure)
