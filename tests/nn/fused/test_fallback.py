"""The fused backend says what it leaves to torch, from running it."""

import copy

import pytest
import torch
from torch.nn.functional import cross_entropy

from analysis.arch import parse_variant, preset, unroll
from analysis.nn import Network, initialise
from analysis.nn.fused import fallback
from analysis.nn.fused.fallback import left_to_torch
from analysis.nn.fused.network import FusedNetwork
from analysis.nn.settle import settle
from analysis.problem import Problem


def names(**axes):
    return [op.name for op in left_to_torch(unroll(preset("brief", resolution=16, rows=((6, 8, 2, 1),), **axes)))]


def test_the_papers_network_leaves_its_classifier_alone_to_torch():
    assert names() == ["head.linear"]


def test_a_squeeze_leaves_its_layers_and_its_product_to_torch_but_not_its_mean():
    parts = ["reduce", "activation", "excite", "gate", "scale"]
    squeezes = [f"bottleneck{index}.squeeze.{part}" for index in (1, 2) for part in parts]
    assert names(squeeze=0.25) == [*squeezes, "head.linear"]


def test_an_activation_without_a_kernel_is_torchs():
    found = names(activation="silu")
    assert "stem.activation" in found and "stem.conv" not in found and "bottleneck1.depthwise.conv" not in found
    assert "stem.activation" not in names(activation="hard_swish")


CHANGES = (
    "mobilenet_v2(resolution=32, width=0.35, squeeze=0.25, squeeze_place='projection', gate='sigmoid', hidden=8)",
    "mobilenet_v2(resolution=32, width=0.35, fused=True, rows=((1, 16, 2, 1), (4, 24, 2, 2)))",
    "mobilenet_v2(resolution=32, width=0.35, start=3, rows=((3, 16, 2, 1), ('conv', 24, 2, 2), (4, 24, 1, 1, 0)))",
    "mobilenet_v2(resolution=32, width=0.35, norm='group', rows=((6, 16, 2, 1), (6, 24, 2, 2)))",
    "mobilenet_v2(resolution=32, width=0.35, branches=True, rows=((6, 16, 2, 1), (6, 24, 2, 2)))",
    "mobilenet_v2(resolution=32, width=0.35, norm='none', rows=((6, 16, 2, 1), (6, 24, 2, 2)))",
    "mobilenet_v2(resolution=32, width=0.35, activation='hard_swish', kernel=5, start=3, rows=((6, 16, 2, 2),))",
)
FAMILIES = (
    "shufflenet_v2(resolution=64, width=0.25, classes=10)",
    "resnet(resolution=64, width=0.125, units=(1, 2, 1, 1), strided='last', root='three', classes=10)",
    "nasnet(resolution=67, cells=1, last=96, stem=8, classes=10)",
    "yolo_v2(resolution=64, width=0.125, classes=3)",
    "vgg_ssd(resolution=97, width=0.125, extras=((64, 3, 2, 1),), anchors=(4, 4, 4), classes=3)",
)


@pytest.mark.parametrize("text", [*CHANGES, *FAMILIES], ids=lambda text: text.split("(")[0])
def test_every_network_computes_as_with_torchs_operators(text):
    plan = unroll(parse_variant(text))
    eager, fused = Network(plan), FusedNetwork(plan, torch.float32)
    initialise(eager, 0)
    settle(eager)
    fused.load_state_dict(eager.state_dict())
    images = torch.randn(2, *plan.image, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        ours, theirs = (network.eval()(images.to(memory_format=torch.channels_last)) for network in (fused, eager))
    for own, their in zip(flat(ours), flat(theirs), strict=True):
        assert float(their.std()) > 1e-6
        assert float((own - their).norm() / their.norm()) < 1e-4


@pytest.mark.parametrize("text", CHANGES)
def test_every_change_of_a_block_learns_as_with_torchs_operators(text):
    """Both are held against double precision: a ReLU6 whose input rounds to the other side moves either of them."""
    plan = unroll(parse_variant(text.replace("mobilenet_v2(", "mobilenet_v2(classes=10, last=64, ")))
    eager, fused = Network(plan), FusedNetwork(plan, torch.float32)
    initialise(eager, 0)
    fused.load_state_dict(eager.state_dict())
    exact = copy.deepcopy(eager).double()
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(8, *plan.image, generator=generator).to(memory_format=torch.channels_last)
    for network, seen in ((eager, images), (fused, images), (exact, images.double())):
        cross_entropy(network.train()(seen), torch.arange(8)).backward()
    expected = {name: parameter.grad for name, parameter in exact.named_parameters()}
    largest = max(float(gradient.norm()) for gradient in expected.values())

    def furthest(network):
        return max(
            float((parameter.grad - expected[name]).norm() / (expected[name].norm() + 1e-4 * largest))
            for name, parameter in network.named_parameters()
        )

    assert furthest(fused) < 4 * furthest(eager) + 1e-5
    assert furthest(eager) < 0.05  # a wrong formula is off by all of it
    assert sum(float(gradient.norm()) > 0 for gradient in expected.values()) > 0.9 * len(expected)
    for name, buffer in fused.named_buffers():
        torch.testing.assert_close(buffer, dict(eager.named_buffers())[name], atol=1e-4, rtol=1e-3)


def flat(outputs):
    return outputs if isinstance(outputs, tuple) else (outputs,)


def test_a_machine_without_kernels_is_a_problem(monkeypatch):
    monkeypatch.setattr(fallback, "load_kernels", lambda: "no compiler")
    with pytest.raises(Problem, match="does not run here: no compiler"):
        left_to_torch(unroll(preset("brief")))
