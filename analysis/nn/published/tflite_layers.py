"""A graph of TensorFlow Lite followed from its input: its layers with weights as numbers, sums and means, in order.

Files that were trained with integers have a ReLU6 in no operator where it is only the clamp of an unsigned grid, of
[0, 5.9998] for example. There the grid shows what the activation is.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.nn.published.tflite import Graph, Operator, Stored
from analysis.problem import Problem

FUSED = {0: "linear", 1: "relu", 3: "relu6"}  # schema.fbs, ActivationFunctionType
ALIKE = ("QUANTIZE", "DEQUANTIZE", "RESHAPE", "SQUEEZE")  # another type or shape of the same values
LAYERS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
LIMITS = {"UINT8": (0, 255), "INT8": (-128, 127)}
NEAR = 0.02  # of 6, within which a grid ends at ReLU6's limit


@dataclass
class Layer:
    """A convolution or a classifier of the graph: weights and bias in the suite's order, what it reads and makes."""

    kind: str
    weight: np.ndarray  # (out, in / groups, height, width)
    bias: np.ndarray
    name: str
    source: int
    result: int
    stride: int
    activation: str
    scales: np.ndarray | None


@dataclass
class Walk:
    """What following a graph found, in its order. `made`: a layer, a sum of two tensors, or a mean over the map."""

    made: list[tuple[str, Layer | tuple[int, int] | None, int]]
    image: int
    result: int


def followed(graph: Graph, path: Path) -> Walk:
    """What following a graph from its input, in the order of its operators, finds.

    Raises:
        Problem: several inputs, an operator that a MobileNetV2 has not, or a layer whose options or shape are others.
    """
    if len(graph.inputs) != 1 or not graph.outputs:
        raise Problem(f"{path} has {len(graph.inputs)} inputs: an image is one")
    same: dict[int, int] = {}
    image = graph.inputs[0]
    padded: dict[int, tuple[int, tuple[int, ...]]] = {}
    walk = Walk([], image, image)
    for op in graph.operators:
        if not op.outputs or not op.inputs:
            raise Problem(f"{path} has a {op.kind} without a result: it is damaged")
        sources = [same.get(i, i) for i in op.inputs]
        result = op.outputs[0]
        if op.kind in ALIKE:
            same[result] = sources[0]
        elif op.kind == "SOFTMAX":
            break
        elif op.kind == "PAD":
            amounts = graph.tensors[sources[1]].raw
            padded[result] = sources[0], tuple(np.asarray(amounts).reshape(-1).tolist() if amounts is not None else ())
        elif op.kind in ("RELU6", "RELU"):
            _bend(walk, sources[0], op.kind.lower(), path)
            same[result] = sources[0]
        elif op.kind in LAYERS:
            source, zeros = padded.get(sources[0], (sources[0], ()))
            walk.made.append(("layer", _layer(graph, op, source, sources, zeros, path), result))
        elif op.kind == "ADD":
            walk.made.append(("add", (sources[0], sources[1]), result))
        elif op.kind in ("AVERAGE_POOL_2D", "MEAN"):
            walk.made.append(("pool", None, result))
        else:
            raise Problem(f"{path} has a {op.kind}, which a MobileNetV2 as TensorFlow converts it has not")
        walk.result = result
    return walk


def _bend(walk: Walk, source: int, function: str, path: Path) -> None:
    _, layer, result = walk.made[-1] if walk.made else ("", None, -1)
    if not isinstance(layer, Layer) or result != source:
        raise Problem(f"{path} has a {function} that follows no convolution")
    layer.activation = function


def _layer(graph: Graph, op: Operator, source: int, sources: list[int], zeros: tuple[int, ...], path: Path) -> Layer:
    stored = graph.tensors[sources[1]]
    weight = stored.values()
    name = stored.name
    if op.kind == "FULLY_CONNECTED":
        weight = weight[:, None, None, :]
    if weight.ndim != 4:
        raise Problem(f"{name} is of shape {weight.shape}, not a kernel of 4 axes")
    depthwise = op.kind == "DEPTHWISE_CONV_2D"
    weight = weight.transpose(3, 0, 1, 2) if depthwise else weight.transpose(0, 3, 1, 2)
    stride = op.options.get("StrideH", 1)
    if op.options.get("DilationHFactor", 1) != 1 or op.options.get("DepthMultiplier", 1) not in (0, 1):
        raise Problem(f"{name} is dilated or makes several channels of one, which a MobileNetV2 does not")
    _check_padding(op, weight.shape[2], stride, zeros, name)
    bias = np.zeros(len(weight), np.float32)
    if len(sources) > 2 and sources[2] >= 0:
        bias = _bias(graph, sources)
    activation = FUSED.get(op.options.get("FusedActivationFunction", 0), "another one")
    made = graph.tensors[op.outputs[0]]
    if activation == "linear":
        activation = _clamp(made)
    return Layer(
        "depthwise" if depthwise else "conv",
        weight,
        bias,
        name,
        source,
        op.outputs[0],
        stride,
        activation,
        stored.scales,
    )


def _bias(graph: Graph, sources: list[int]) -> np.ndarray:
    """The bias. Where its integers have no scale of their own, it is the product of the input's and the weights'."""
    bias, image, weight = (graph.tensors[sources[i]] for i in (2, 0, 1))
    if bias.kind == "INT32" and bias.scales is None and image.scales is not None and weight.scales is not None:
        scales = image.scales * weight.scales
        bias = bias._replace(scales=scales, zeros=np.zeros(len(scales), np.int64), axis=0)
    return bias.values()


def _check_padding(op: Operator, kernel: int, stride: int, zeros: tuple[int, ...], name: str) -> None:
    """Whether a convolution pads as TensorFlow's "SAME" does at an even side, in itself or by a PAD before it."""
    same = op.options.get("Padding", 0) == 0
    wanted = (0, 0, *(0, kernel - stride) * 2, 0, 0)  # of a map whose side is a multiple of the stride, to its end
    if kernel > 1 and not (same and not zeros) and not (not same and stride > 1 and zeros == wanted):
        raise Problem(f"{name} is padded otherwise than TensorFlow pads: this suite has no such network")


def _clamp(made: Stored) -> str:
    """The activation that a grid is: ReLU6 where it goes from 0 to about 6, none where it has values below 0."""
    if made.kind not in LIMITS or made.scales is None or made.zeros is None:
        return "linear"
    least, most = LIMITS[made.kind]
    top = float(made.scales[0]) * (most - int(made.zeros[0]))
    if int(made.zeros[0]) != least:
        return "linear"
    return "relu6" if abs(top - 6) <= NEAR * 6 else "relu"
