"""A graph of TensorFlow Lite as a network of this suite, with the grids of its integers.

The graph is followed from its input. Its layers have to come in the order of a MobileNetV2's, whatever their names: a
convolution, inverted residuals, a 1 x 1 convolution, a mean over the map, a classifier. Norms are folded in such files.

Files that were trained with integers have a ReLU6 in no operator where it is only the clamp of an unsigned grid, of
[0, 5.9998] for example. There the grid shows what the activation is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from torch import Tensor

from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn.backend import build
from analysis.nn.published.fitting import Seen, SeenBlock, fit
from analysis.nn.published.kinds import CLASSES, TENSORFLOW_PIXELS, Pixels, Published, tensor
from analysis.nn.published.tflite import Graph, Operator, Stored, read_graph
from analysis.nn.quantise import Grid
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


def read_tflite(path: Path, variant: MobileNetV2 | None = None) -> Published:
    """The network of a file. Without `variant` it follows from the file.

    Raises:
        Problem: what `read_graph` refuses, a graph that is not a MobileNetV2's, an operator that it has none of.
    """
    graph = read_graph(path)
    walk = _walk(graph, path)
    layers, names = _blocks(walk, path)
    activations = {
        layer.activation for name, layer in layers.items() if name.endswith(("expand.conv", "depthwise.conv"))
    }
    activations |= {layers[name].activation for name in ("stem.conv", "last.conv")}
    if len(activations) != 1 or activations & {"linear"}:
        raise Problem(f"{path} has the activations {', '.join(sorted(activations))} after its convolutions, not one")
    bent = [name for name, layer in layers.items() if name.endswith("project.conv") and layer.activation != "linear"]
    if bent:
        raise Problem(f"{path} has an activation after {layers[bent[0]].name}, where a MobileNetV2 has none")
    image = graph.tensors[walk.image]
    found = _seen(layers)
    base = MobileNetV2(resolution=_side(image, path), padding="one_sided", activation=activations.pop())
    if variant is None:
        variant = fit(found, base)
    pixels, grids = _pixels(image, path), _grids(graph, {"image": walk.image, **names})
    scales = {name: layer.scales for name, layer in layers.items() if layer.scales is not None} if grids else {}
    background = found.classes == CLASSES + 1
    signed = any(graph.tensors[index].kind == "INT8" for index in names.values())
    made = Published("tflite", variant, {}, pixels, True, background, grids, scales, signed)
    _check_shortcuts(made, names, path)
    return replace(made, state=dict(_state(made, layers, path)))


def _walk(graph: Graph, path: Path) -> Walk:
    """Follow the graph from its input in the order of its operators."""
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


def _blocks(walk: Walk, path: Path) -> tuple[dict[str, Layer], dict[str, int]]:
    """The layers under this suite's names, and the tensors that kernels write: name in the folded Plan -> index."""
    layers: dict[str, Layer] = {}
    names: dict[str, int] = {}
    rest = list(walk.made)
    last = walk.image

    def take(name: str) -> None:
        nonlocal last
        _, layer, result = rest.pop(0) if rest else ("", None, -1)
        if not isinstance(layer, Layer) or layer.source != last:
            raise Problem(f"{path} does not go on with a convolution where {name} is expected: another network")
        layers[f"{name}.conv"] = layer
        linear = name.endswith("project")
        names[f"{name}.conv" if linear else f"{name}.activation"] = last = result

    take("stem")
    index = 0
    while depthwise := next((i for i, (_, x, _) in enumerate(rest[:2]) if _is_depthwise(x)), -1) + 1:
        index += 1
        entering, block = last, f"bottleneck{index}"
        for part in ("expand", "depthwise", "project") if depthwise == 2 else ("depthwise", "project"):
            take(f"{block}.{part}")
        if rest and rest[0][0] == "add":
            _, pair, result = rest.pop(0)
            if not isinstance(pair, tuple) or sorted(pair) != sorted((entering, last)):
                raise Problem(f"{path} adds other tensors than the ends of {block}: another network")
            names[f"{block}.shortcut"] = last = result
    take("last")
    if not rest:
        return layers, names
    if rest[0][0] != "pool":
        raise Problem(f"{path} goes on with something else than a mean after its last convolution: another network")
    names["head.pool"] = last = rest.pop(0)[2]
    if not rest:
        return layers, names
    take("head.linear")
    layers["head.linear"], names["head.linear"] = layers.pop("head.linear.conv"), names.pop("head.linear.activation")
    if rest:
        raise Problem(f"{path} goes on after its classifier: another network")
    return layers, names


def _is_depthwise(layer: object) -> bool:
    return isinstance(layer, Layer) and layer.kind == "depthwise"


def _seen(layers: dict[str, Layer]) -> Seen:
    blocks = []
    for name, layer in layers.items():
        if name.endswith("depthwise.conv"):
            block = name.removesuffix("depthwise.conv")
            channels, expands = len(layers[f"{block}project.conv"].weight), f"{block}expand.conv" in layers
            blocks.append(SeenBlock(len(layer.weight), channels, layer.weight.shape[2], layer.stride, expands))
    classes = len(layers["head.linear"].weight) if "head.linear" in layers else 0
    return Seen(len(layers["stem.conv"].weight), tuple(blocks), len(layers["last.conv"].weight), classes)


def _side(image: Stored, path: Path) -> int | tuple[int, int]:
    if len(image.shape) != 4 or image.shape[3] != 3 or min(image.shape[1:3]) < 1:
        raise Problem(f"{path} takes an input of shape {image.shape}, not images (1, height, width, 3)")
    return image.shape[1] if image.shape[1] == image.shape[2] else image.shape[1:3]


def _pixels(image: Stored, path: Path) -> Pixels:
    """How 8-bit colours become the input: by its scale and zero point, or into [-1, 1] where it takes numbers."""
    if image.kind == "FLOAT32":
        return TENSORFLOW_PIXELS
    if image.kind not in LIMITS or image.scales is None or image.zeros is None:
        raise Problem(f"{path} takes an input of {image.kind.lower()} without a scale")
    return Pixels.grey(float(image.zeros[0]) - LIMITS[image.kind][0], 1 / float(image.scales[0]))


def _grids(graph: Graph, names: dict[str, int]) -> dict[str, Grid]:
    """The grid of each tensor, empty where the graph computes with numbers as they are."""
    grids = {}
    for name, index in names.items():
        stored = graph.tensors[index]
        if stored.kind in LIMITS and stored.scales is not None and stored.zeros is not None:
            least, most = LIMITS[stored.kind]
            zero = int(stored.zeros[0])
            grids[name] = Grid(float(stored.scales[0]), least - zero, most - zero)
    return grids if len(grids) == len(names) else {}


def _check_shortcuts(made: Published, names: dict[str, int], path: Path) -> None:
    ours = {block.tensor("shortcut") for block in made.plan.blocks if "shortcut" in block.body.shapes}
    theirs = {name for name in names if name.endswith("shortcut")}
    if differing := sorted(ours ^ theirs):
        what = "has no addition" if differing[0] in ours else "has an addition"
        raise Problem(f"{path} {what} at {differing[0].partition('.')[0]}, unlike MobileNetV2")


def _state(made: Published, layers: dict[str, Layer], path: Path) -> Iterator[tuple[str, Tensor]]:
    for key, ours in build(made.plan).state_dict().items():
        name, _, leaf = key.rpartition(".")
        if name not in layers:
            raise Problem(f"{path} has no layer for {name}: choose another network")
        values = layers[name].weight if leaf == "weight" else layers[name].bias
        if leaf == "weight" and name == "head.linear":
            values = values[:, :, 0, 0]
        yield key, tensor(values, layers[name].name, tuple(ours.shape))
