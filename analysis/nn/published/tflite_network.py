"""A graph of TensorFlow Lite as a network of this suite, with the grids of its integers.

The graph is followed from its input. Its layers have to come in the order of a MobileNetV2's, whatever their names: a
convolution, inverted residuals, a 1 x 1 convolution, a mean over the map, a classifier. Norms are folded in such files.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn.backend import build
from analysis.nn.published.fitting import Seen, SeenBlock, fit
from analysis.nn.published.kinds import CLASSES, TENSORFLOW_PIXELS, Pixels, Published, tensor
from analysis.nn.published.tflite import Graph, Stored, read_graph
from analysis.nn.published.tflite_layers import LIMITS, Layer, Walk, followed
from analysis.nn.quantise import Grid
from analysis.problem import Problem


def read_tflite(path: Path, variant: MobileNetV2 | None = None) -> Published:
    """The network of a file. Without `variant` it follows from the file.

    Raises:
        Problem: what `read_graph` refuses, a graph that is not a MobileNetV2's, an operator that it has none of.
    """
    graph = read_graph(path)
    walk = followed(graph, path)
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
