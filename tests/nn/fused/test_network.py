"""Networks of every variant train and evaluate with the fused operators as with torch's."""

import pytest
import torch
import torch.nn.functional as F

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.nas_bench_macro import variant as nas_bench_macro
from analysis.nn import Network, initialise
from analysis.nn.fused.block import _interpolation
from analysis.nn.fused.network import FusedNetwork

CHANGES = {
    "linear": {},
    "relu6": {"projection": "relu6"},
    "relu": {"projection": "relu"},
    "relu6 after addition": {"projection": "relu6_after_addition"},
    "between expansions": {"shortcut": "expansion"},
    "after depthwise": {"shortcut": "expansion_after_depthwise"},
    "no shortcut": {"shortcut": "none"},
    "shortcuts alone": {"expansion": 0},
    "no expansion": {"expansion": 1},
    "expansion 10": {"expansion": 10},
    "fractional expansion": {"expansion": 1.5},
    "one-sided padding": {"padding": "one_sided"},
    "kernel 1": {"kernel": 1},
    "kernel 5": {"kernel": 5},
    "kernel 7": {"kernel": 7},
    "kernel 9": {"kernel": 9},
    "hard-swish": {"activation": "hard_swish"},
    "stem stride 1": {"stem_stride": 1},
    "odd sizes": {"resolution": (40, 24)},
    "features": {"features": (0, 1)},
}
VARIANTS = {name: preset("brief", width=0.5, **changes) for name, changes in CHANGES.items()} | {
    "nas-bench-macro": nas_bench_macro("01200121"),
    "identities of odd maps": preset(
        "brief",
        resolution=(36, 28),
        stem_stride=1,
        rows=(("identity", 8, 1, 4), (6, 12, 1, 1, 5, "relu"), ("identity", 20, 2, 1)),
    ),
    "mobilenet_v1": parse_variant("mobilenet_v1(resolution=32, width=0.25, classes=10)"),
    "shufflenet_v1": parse_variant("shufflenet_v1(resolution=32, width=0.25, groups=2, classes=10)"),
    "shufflenet_v1, small images": parse_variant(
        "shufflenet_v1(resolution=32, width=0.2, classes=10, repeats=(1, 2, 1), strides=(1, 2, 2), stem_pool=False)"
    ),
    **{
        f"deeplab_v3, output stride {stride}": DeepLabV3(
            MobileNetV2(resolution=(64, 48), width=0.25), output_stride=stride, aspp=stride == 16, depth=8, classes=3
        )
        for stride in (8, 16)  # at 8, a dilation of 4 divides 8 rows, not 6 columns
    },
}


def pair(variant, storage, seed=0):
    """A variant's reference network and its fused one, with the same weights."""
    plan = unroll(variant)
    eager, fused = Network(plan), FusedNetwork(plan, storage)
    initialise(eager, seed)
    torch.manual_seed(seed)
    for norm in eager.modules():
        if isinstance(norm, torch.nn.BatchNorm2d):  # else scales of 1 and shifts of 0 would hide mistakes
            torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
            torch.nn.init.uniform_(norm.bias, -0.5, 0.5)
    fused.load_state_dict(eager.state_dict())
    images = torch.randn((6, *plan.image), generator=torch.Generator().manual_seed(seed))
    return eager, fused, images


def loss(network, images):
    """A number that every output takes part in."""
    outputs = network(images)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    return sum((y * torch.linspace(-1, 1, y.numel()).to(y).view_as(y)).sum() for y in outputs)


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_step_in_float64_is_the_reference_step(variant):
    eager, fused, images = (x.double() for x in pair(variant, torch.float64))
    a, b = loss(eager, images), loss(fused, images)
    a.backward()
    b.backward()
    torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)
    for (name, p), q in zip(eager.named_parameters(), fused.parameters(), strict=True):
        error = (p.grad - q.grad).norm()
        assert error <= 1e-8 * (p.grad.norm() + 1), name
    for (name, p), q in zip(eager.named_buffers(), fused.buffers(), strict=True):
        torch.testing.assert_close(p, q, rtol=1e-9, atol=1e-9, msg=name)


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_evaluation_is_the_reference(variant):
    eager, fused, images = (x.double() for x in pair(variant, torch.float64))
    with torch.no_grad():
        loss(eager, images)  # moves the running statistics
        fused.load_state_dict(eager.state_dict())
        a, b = eager.eval()(images), fused.eval()(images)
    torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)


def test_what_an_evaluation_keeps_can_be_trained_with():
    _interpolation.cache_clear()
    _, fused, images = pair(VARIANTS["deeplab_v3, output stride 16"], torch.float32)
    with torch.inference_mode():
        fused.eval()(images)
    loss(fused.train(), images).backward()
    assert all(p.grad is not None for p in fused.parameters())


def test_intermediates_have_the_names_and_values_of_the_reference():
    eager, fused, images = (x.double() for x in pair(VARIANTS["linear"], torch.float64))
    names = [name for name in eager.plan.shapes if name != "image"]
    with torch.no_grad():
        a, b = eager.intermediates(images, names), fused.intermediates(images, names)
    for name in names:
        torch.testing.assert_close(a[name], b[name], rtol=1e-9, atol=1e-9, msg=name)


@pytest.mark.parametrize("threads", [1, 2])
def test_training_in_bfloat16_is_deterministic_and_close(threads):
    torch.set_num_threads(threads)
    runs = []
    for kind in ("fused", "fused", "eager"):
        eager, fused, _ = pair(VARIANTS["linear"], torch.bfloat16)
        network = fused if kind == "fused" else eager
        initialise(network, 3)
        images = torch.randn((32, 3, 32, 32), generator=torch.Generator().manual_seed(1))
        labels = (images.mean((1, 2, 3)) > 0).long()
        optimiser = torch.optim.SGD(network.parameters(), 0.05, 0.9)
        losses = []
        for _ in range(8):
            optimiser.zero_grad()
            error = F.cross_entropy(network(images), labels)
            error.backward()
            optimiser.step()
            losses.append(error.item())
        runs.append(losses)
    torch.set_num_threads(1)
    assert runs[0] == runs[1]
    assert abs(runs[0][0] - runs[2][0]) < 0.01
    assert runs[0][-1] < 0.8 * runs[0][0]
    assert runs[2][-1] < 0.8 * runs[2][0]


def test_instructions_are_named_where_tiles_run(monkeypatch):
    monkeypatch.setattr("analysis.nn.fused.network.products", lambda storage: storage)
    plan = unroll(VARIANTS["linear"])
    for wanted in (False, True):
        named = "amx" if torch.ops.mnv2.tiles(wanted) else ""
        assert FusedNetwork(plan).instructions == named
        assert FusedNetwork(plan, torch.float32).instructions == ""
