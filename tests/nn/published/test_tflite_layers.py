"""A graph followed from its input: layers in order, whatever type their weights have, and what ReLU6 is written as."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest
import torch
from published_files import trained
from tflite_files import TFLite

from analysis.nn.published.interpreter import Interpreter
from analysis.nn.published.tflite import read_graph
from analysis.nn.published.tflite_layers import Layer, followed
from analysis.nn.published.tflite_network import read_tflite
from analysis.problem import Problem


@pytest.fixture(scope="module")
def network():
    return trained()


def made_of(network, tmp_path, kind, fused=True):
    path = TFLite(network, kind, fused).write(tmp_path / f"{kind}.tflite")
    return followed(read_graph(path), path).made


@pytest.mark.parametrize(("kind", "fused"), [("uint8", False), ("uint8", True), ("int8", True), ("float32", True)])
def test_layers_sums_and_the_mean_come_in_order(kind, fused, network, tmp_path):
    found = made_of(network, tmp_path, kind, fused)
    layers = [each for _, each, _ in found if isinstance(each, Layer)]
    assert [each.kind for each in layers[:4]] == ["conv", "depthwise", "conv", "conv"]
    assert [what for what, _, _ in found if what != "layer"][-1] == "pool"
    assert [each.activation for each in layers[:4]] == ["relu6", "relu6", "linear", "relu6"]
    assert all(each.weight.ndim == 4 and len(each.bias) == len(each.weight) for each in layers)
    assert [each.stride for each in layers if each.stride > 1] == [2, 2, 2]
    assert all((each.scales is None) == (kind == "float32") for each in layers)


def halved(made):
    """Float weights stored in 16 bits, each before an operator that gives them their 32 back, as converters write."""
    first = list(made.graph.operators)
    made.graph.operators = []
    for op in first:
        if len(op.inputs) == 3:
            stored = made.graph.tensors[op.inputs[1]]
            values = np.frombuffer(made.model.buffers[stored.buffer].data.tobytes(), np.float32).astype(np.float16)
            index = made.tensor(f"half of {op.inputs[1]}", stored.shape, values=values, kind="float16")
            stored.buffer = 0
            made.operator("DEQUANTIZE", [index], [op.inputs[1]])
        made.graph.operators.append(op)


def apart(made):
    """The first ReLU6 as an operator of its own."""
    first = made.graph.operators[0]
    first.builtinOptions.fusedActivationFunction = 0
    old = first.outputs[0]
    index = made.tensor("before", made.graph.tensors[old].shape)
    first.outputs = np.array([index], np.int32)
    rest = made.graph.operators[1:]
    made.graph.operators = [first]
    made.operator("RELU6", [index], [old])
    made.graph.operators += rest


@pytest.mark.parametrize(("change", "tolerance"), [(halved, 2e-2), (apart, 1e-4)])
def test_other_ways_to_write_the_same_network(change, tolerance, network, tmp_path):
    plain = TFLite(network, "float32").write(tmp_path / "a.tflite")
    made = TFLite(network, "float32")
    change(made)
    path = made.write(tmp_path / "b.tflite")
    images = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
    expected = Interpreter(path).logits(images)
    published = read_tflite(path)
    assert published.variant == read_tflite(plain).variant
    pixels = torch.from_numpy((images.astype(np.float32) - 127.5) / 127.5).permute(0, 3, 1, 2)
    with torch.inference_mode():
        found = published.network()(pixels).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-4 * np.abs(expected).max())
    with torch.inference_mode():
        other = read_tflite(plain).network()(pixels).numpy()
    np.testing.assert_allclose(found, other, atol=tolerance * np.abs(expected).max())


def test_an_activation_that_follows_nothing_is_refused(network, tmp_path):
    made = TFLite(network, "float32")
    made.operator("RELU", [0], [made.tensor("x", (1, 32, 32, 3))])
    made.graph.operators.insert(0, made.graph.operators.pop())
    with pytest.raises(Problem, match="has a relu that follows no convolution"):
        followed(read_graph(path := made.write(tmp_path / "a.tflite")), path)


def test_a_depth_multiplier_is_refused(network, tmp_path):
    made = TFLite(network, "float32")
    operators: Any = made.graph.operators
    depthwise = next(op for op in operators if type(op.builtinOptions).__name__ == "DepthwiseConv2DOptionsT")
    depthwise.builtinOptions.depthMultiplier = 2
    with pytest.raises(Problem, match="makes several channels of one"):
        followed(read_graph(path := made.write(tmp_path / "a.tflite")), path)


def test_the_schema_knows_the_operators():
    kinds = vars(import_module("tflite").BuiltinOperator)
    assert {"CONV_2D", "DEPTHWISE_CONV_2D", "DEQUANTIZE", "RELU6"} <= set(kinds)
