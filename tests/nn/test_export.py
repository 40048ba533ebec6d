"""Exported networks compute what they should, and one that does not is found."""

import importlib.util

import pytest
import torch

from analysis.arch import parse_variant, preset
from analysis.arch.nas_bench_macro import variant as nas_bench_macro
from analysis.nn import build, initialise
from analysis.nn.export import onnx_model, program, runs_onnx, runs_program, session, verify
from analysis.nn.fold import fold
from analysis.nn.settle import settle
from analysis.problem import Problem

LACKS = [name for name in ("onnx", "onnxruntime", "onnxscript") if not importlib.util.find_spec(name)]

TINY = preset("brief", rows=((6, 8, 2, 2),), classes=3)

DEEPLAB = parse_variant("deeplab_v3(backbone=mobilenet_v1(width=0.1, resolution=33), depth=8)")

SSDLITE = parse_variant(
    "ssd(backbone=mobilenet_v1(width=0.1, resolution=64), lite=True, extras=(8,), anchors=(3, 6, 6))"
)
OTHERS = [
    preset(
        "brief",
        rows=((4, 8, 2, 1, 3, None, 0.25, 0, True), (4, 16, 1, 2, 3, None, None, 3)),
        hidden=8,
        hidden_norm=True,
        gate="sigmoid",
    ),
    parse_variant("shufflenet_v2(resolution=32, width=0.1, repeats=(1, 2, 1), classes=3)"),
    parse_variant("resnet(resolution=32, width=0.1, units=(1, 1, 1, 1), root='three', strided='last', classes=3)"),
    parse_variant("nasnet(resolution=35, cells=2, last=96, stem=4, classes=3)"),
    parse_variant("yolo_v2(resolution=32, width=0.1, classes=3)"),
    parse_variant("vgg_ssd(resolution=97, width=0.1, extras=((32, 3, 2, 1),), anchors=(4, 4, 4), classes=3)"),
]


def network(variant):
    made = build(variant.unroll())
    initialise(made, 0)
    return settle(made)


@pytest.mark.parametrize("folding", [True, False])
def test_program(folding):
    made = fold(network(TINY)) if folding else network(TINY)
    errors = verify(made, runs_program(program(made, any_resolution=True)), any_resolution=True)
    assert list(errors) == ["1x3x32x32", "3x3x32x32", "2x3x64x96"]


@pytest.mark.skipif(bool(LACKS), reason=f"the extra `export` lacks {', '.join(LACKS)}")
@pytest.mark.parametrize(
    "variant",
    [TINY, nas_bench_macro("01200021"), *OTHERS],
    ids=["classifier", "nas-bench-macro", *(other.family for other in OTHERS)],
)
def test_onnx(variant, monkeypatch):
    """SSDLite and DeepLabv3 are in tests/tasks/test_agreement.py. One stage of a NASNet has both its cells."""
    monkeypatch.setattr("analysis.arch.nasnet.STAGES", 1)
    made, free = fold(network(variant)), variant is TINY
    model = onnx_model(made, free)
    assert len(verify(made, runs_onnx(model), free)) == 2 + free
    fixed = session(model, 1, {"batch": 2})
    assert fixed.get_session_options().intra_op_num_threads == 1
    shape = session(model, 1).get_inputs()[0].shape
    assert shape == (["batch", 3, "height", "width"] if free else ["batch", *made.plan.image])


def test_a_wrong_export_is_found():
    made, other = network(TINY), network(TINY)
    with torch.no_grad():
        other.head.linear.bias.add_(1e-3)
    with pytest.raises(Problem, match="off by"):
        verify(made, lambda x: (other(x),))
    with pytest.raises(Problem, match="other shapes"):
        verify(made, lambda x: (other(x)[:1, :2],))


@pytest.mark.parametrize("variant", [DEEPLAB, SSDLITE, OTHERS[4]], ids=["deeplab", "ssdlite", "yolo_v2"])
def test_heads_have_one_resolution(variant):
    with pytest.raises(Problem, match="only classifiers and backbones"):
        program(network(variant), any_resolution=True)
