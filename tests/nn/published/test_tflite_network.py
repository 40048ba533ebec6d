"""A file of TensorFlow Lite as a network: the interpreter's scores, whatever the integers and where ReLU6 is."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from published_files import SMALL, trained
from tflite_files import TFLite

from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.data.pixels import normalise
from analysis.nn.integers import integer_network
from analysis.nn.published.fitting import seen
from analysis.nn.published.interpreter import Interpreter
from analysis.nn.published.tflite_network import read_tflite
from analysis.nn.quantise import simulated
from analysis.problem import Problem

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3), np.uint8)


def scores(network, published):
    with torch.inference_mode():
        return network(normalise(IMAGES, *published.pixels)).numpy()


@pytest.fixture(scope="module")
def network():
    return trained()


@pytest.mark.parametrize(("kind", "fused"), [("uint8", True), ("uint8", False), ("int8", True), ("float32", True)])
def test_scores_are_those_of_the_interpreter(kind, fused, network, tmp_path):
    path = TFLite(network, kind, fused).write(tmp_path / "a.tflite")
    published = read_tflite(path)
    assert seen(published.plan) == seen(network.plan) and published.variant.resolution == 32
    assert published.background and published.classifies and published.variant.padding == "one_sided"
    made = published.network()
    found = scores(made, published)
    if kind == "float32":
        assert not published.grids
        np.testing.assert_allclose(found, Interpreter(path).scores(IMAGES).logits, atol=1e-4 * np.abs(found).max())
        return
    exact = scores(integer_network(made, published.grids, published.scales, published.signed), published)
    rounded = scores(simulated(made, published.grids), published)
    logits, step = Interpreter(path).scores(IMAGES).logits, published.grids["head.linear"].scale
    np.testing.assert_allclose(exact, logits, atol=1e-5)
    assert np.abs(rounded - logits).mean() < step and np.abs(found - logits).max() < 20 * step
    assert exact.std() > 5 * step
    assert {len(scale) for scale in published.scales.values()} == ({1} if kind == "uint8" else {8, 16, 24, 48, 1001})


def test_weights_are_scale_times_integer_less_zero_point(network, tmp_path):
    made = TFLite(network, "uint8")
    published = read_tflite(made.write(tmp_path / "a.tflite"))
    ours = published.state["bottleneck2.expand.conv.weight"]
    scale = float(published.scales["bottleneck2.expand.conv"][0])
    whole = ours.double() / scale
    assert float((whole - whole.round()).abs().max()) < 1e-4
    assert float((ours - made.network.state_dict()["bottleneck2.expand.conv.weight"]).abs().max()) <= 0.51 * scale


def test_without_the_clamp_it_is_another_network(network, tmp_path):
    """ReLU6 that is only the clamp of a grid is found: without it the scores differ."""
    path = TFLite(network, "uint8", fused=False).write(tmp_path / "a.tflite")
    published = read_tflite(path)
    assert published.variant.activation == "relu6"
    bare = replace(published, variant=replace(published.variant, activation="hard_swish"))
    logits = Interpreter(path).scores(IMAGES).logits
    apart = [np.abs(scores(each.network(), each) - logits).mean() for each in (published, bare)]
    assert apart[1] > 5 * apart[0]


@pytest.mark.parametrize("variant", [MobileNetV2(width=0.35, resolution=32, classes=1001, padding="one_sided")])
def test_a_width_of_the_series_is_recognised(variant, tmp_path):
    path = TFLite(trained(variant), "uint8").write(tmp_path / "a.tflite")
    assert read_tflite(path).variant == variant
    with pytest.raises(Problem, match=r"is of shape .* not .*: choose the network's width"):
        read_tflite(path, replace(variant, width=0.5))


def changed(network, tmp_path, change):
    made = TFLite(network, "uint8")
    change(made)
    return made.write(tmp_path / "b.tflite")


def without_scale(made):
    made.graph.tensors[1].quantization = None


def another_operator(made):
    made.model.operatorCodes[3].builtinCode = made.schema.BuiltinOperator.TANH
    made.model.operatorCodes[3].deprecatedBuiltinCode = made.schema.BuiltinOperator.TANH


def valid_padding(made):
    made.graph.operators[0].builtinOptions.padding = 1


def bent_projection(made):
    made.graph.operators[2].builtinOptions.fusedActivationFunction = 3


def other_order(made):
    made.graph.operators[4].inputs[0] = made.graph.operators[0].inputs[0]


def short_buffer(made):
    index = made.graph.tensors[1].buffer
    made.model.buffers[index].data = made.model.buffers[index].data[:-3]


def outside(made):
    made.graph.operators[0].inputs[1] = 9999


def several_graphs(made):
    made.model.subgraphs = [made.graph, made.graph]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_scale, "is of uint8 without a scale"),
        (another_operator, "has a TANH, which a MobileNetV2 as TensorFlow converts it has not"),
        (valid_padding, "is padded otherwise than TensorFlow pads"),
        (bent_projection, "has an activation after weights of bottleneck1.project"),
        (other_order, "does not go on with a convolution where bottleneck2.expand is expected"),
        (short_buffer, "bytes, which are not those of"),
        (outside, "names tensors that it does not have"),
        (several_graphs, "has 2 graphs"),
    ],
)
def test_what_is_not_a_mobilenet_is_refused_in_one_line(change, said, network, tmp_path):
    with pytest.raises(Problem, match=said) as caught:
        read_tflite(changed(network, tmp_path, change))
    assert "\n" not in str(caught.value)


def test_a_network_without_a_classifier_has_features(network, tmp_path):
    def cut(made):
        made.graph.operators = made.graph.operators[:-4]
        made.graph.outputs = made.graph.operators[-1].outputs

    published = read_tflite(changed(network, tmp_path, cut))
    assert published.variant.features == (len(published.variant.rows) - 1,) and not published.classifies
    assert published.network()(torch.zeros(1, 3, 32, 32)).shape[1] == SMALL.last
