"""Weights in Keras's HDF5 files, with the names of keras.applications.mobilenet_v2.

Layers lie in nested groups under names that differ between versions. The last two parts of a dataset's name are the
layer's and the tensor's, as in "model_weights/block_1_expand/block_1_expand/kernel:0". The files that Keras itself
downloads have older names of layers ("mobl1_conv_1_expand", "bn1_conv_1_bn_expand"). Networks of TensorFlow pad strided
convolutions on one side, their norms add 1e-3 to the variance, and their input is in [-1, 1].
"""

import importlib
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn.backend import build
from analysis.nn.published.fitting import Seen, SeenBlock, fit
from analysis.nn.published.kinds import TENSORFLOW_PIXELS, Published, tensor
from analysis.problem import Problem
from analysis.users_code import first_line

EPSILON = 1e-3  # of the norms, where the file does not say
CLASSIFIER = "predictions"  # in older files Logits
LEAVES = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}
OLDER = re.compile(r"(mobl|bn)(\d+)_conv(?:_\d+)?(?:_bn)?_(expand|depthwise|project)")
MAGIC = b"\x89HDF\r\n\x1a\n"
Layers = dict[str, dict[str, np.ndarray]]  # layer -> tensor ("kernel", "gamma") -> its values


class File(NamedTuple):
    """Layers of a file, the configurations of layers that it states, by name, and the names of its groups."""

    layers: Layers
    configurations: dict[str, Any]
    groups: tuple[str, ...]


def read_keras(path: Path, variant: MobileNetV2 | None = None) -> Published:
    """The network of a file that Keras saved, whole or its weights alone. Without `variant` it follows from the file.

    Raises:
        Problem: not such a file, damaged, a layer that is missing or of another shape, or h5py is not installed.
    """
    file = read_layers(path)
    layers, facts = file.layers, file.configurations
    variant = variant or fit(_seen(layers, path), _base(path, file))
    network = build(Published("keras", variant, {}, TENSORFLOW_PIXELS).plan)
    names = keras_names(variant)
    epsilon = _epsilon(facts)
    state = {}
    for key, ours in network.state_dict().items():
        layer, _, leaf = key.rpartition(".")
        if leaf == "num_batches_tracked":
            continue
        theirs = names[layer]
        values, name = _found(layers, theirs, LEAVES[leaf] if layer.endswith("norm") else leaf, path)
        shape = tuple(ours.shape)
        made = tensor(_turned(values, layer, leaf, shape), name, shape)
        # torch's norms add their own epsilon: the rest goes into the variance, where it computes the same.
        norm: Any = network.get_submodule(layer)
        state[key] = made + (epsilon - norm.eps) if leaf == "running_var" else made
    left = tuple(sorted(layer for layer in layers if layer not in names.values()))
    return Published("keras", variant, state, TENSORFLOW_PIXELS, left_out=left)


def name_today(layer: str) -> str:
    """A layer's name in keras.applications of today: "bn1_conv_1_bn_expand" -> "block_1_expand_BN"."""
    if not (found := OLDER.fullmatch(layer)):
        return CLASSIFIER if layer == "Logits" else layer
    kind, index, part = found.groups()
    block = f"block_{int(index)}" if int(index) else "expanded_conv"
    return f"{block}_{part}{'_BN' if kind == 'bn' else ''}"


def keras_names(variant: MobileNetV2) -> dict[str, str]:
    """Layers of the variant's network -> Keras's names ("bottleneck2.expand.conv" -> "block_1_expand")."""
    names = {"stem.conv": "Conv1", "stem.norm": "bn_Conv1", "last.conv": "Conv_1", "last.norm": "Conv_1_bn"}
    for index in range(sum(row[2] for row in variant.rows)):
        block = f"block_{index}" if index else "expanded_conv"
        for part in ("expand", "depthwise", "project"):
            names[f"bottleneck{index + 1}.{part}.conv"] = f"{block}_{part}"
            names[f"bottleneck{index + 1}.{part}.norm"] = f"{block}_{part}_BN"
    return names | {"head.linear": CLASSIFIER}


def read_layers(path: Path) -> File:
    """What a file holds, read without running any of it.

    Raises:
        Problem: as `read_keras`.
    """
    try:
        h5py = importlib.import_module("h5py")
    except ImportError as error:
        raise Problem("h5py is not installed: pip install -e '.[weights]' or ./run.sh --setup weights") from error
    layers: Layers = {}
    datasets: dict[str, Any] = {}
    try:
        with h5py.File(path, "r") as file:
            root = file.get("model_weights", file)
            root.visititems(lambda name, item: datasets.update({name: item} if isinstance(item, h5py.Dataset) else {}))
            for name, dataset in datasets.items():
                parts = name.split("/")
                if len(parts) > 1 and parts[0] != "optimizer_weights":
                    leaf = parts[-1].partition(":")[0].replace("depthwise_kernel", "kernel")
                    layer = name_today(parts[-2])
                    if leaf in layers.setdefault(layer, {}):
                        raise Problem(f"{path} has two layers called {parts[-2]}: save one network")
                    layers[layer][leaf] = dataset[()]
            config = file.attrs.get("model_config", "{}")
        facts = _configurations(json.loads(config))
    except (Problem, MemoryError):
        raise
    except Exception as error:  # damaged files raise anything
        reason = first_line(error) or type(error).__name__
        raise Problem(f"{path} cannot be read as HDF5 ({reason}): get it again") from error
    if "vars" in layers or not any("kernel" in tensors for tensors in layers.values()):
        raise Problem(f"{path} does not name its layers as Keras's .h5 does: save the model as a .h5 file")
    return File(layers, facts, tuple(dict.fromkeys(part for name in datasets for part in name.split("/")[:-2])))


def _configurations(config: Any) -> dict[str, Any]:
    """Every layer's configuration, however deep models lie in models."""
    found: dict[str, Any] = {}
    if isinstance(config, dict):
        inner = config.get("config")
        if isinstance(inner, dict) and "name" in inner:
            found[name_today(inner["name"])] = inner
        for value in config.values():
            found |= _configurations(value)
    elif isinstance(config, list):
        for value in config:
            found |= _configurations(value)
    return found


def _seen(layers: Layers, path: Path) -> Seen:
    blocks = []
    while (name := f"block_{len(blocks)}" if blocks else "expanded_conv") + "_depthwise" in layers:
        depthwise, _ = _found(layers, f"{name}_depthwise", "weight", path)
        project, _ = _found(layers, f"{name}_project", "weight", path)
        if depthwise.ndim != 4 or project.ndim != 4:
            raise Problem(f"{path}: {name} has kernels of {depthwise.ndim} and {project.ndim} axes, not of 4")
        expands = f"{name}_expand" in layers
        blocks.append(SeenBlock(depthwise.shape[2], project.shape[-1], depthwise.shape[0], None, expands))
    stem, last = (_found(layers, name, "weight", path)[0].shape[-1] for name in ("Conv1", "Conv_1"))
    head = layers.get(CLASSIFIER, {}).get("kernel")
    return Seen(stem, tuple(blocks), last, 0 if head is None else head.shape[-1])


def _base(path: Path, file: File) -> MobileNetV2:
    """The input's side, as the file states it, else as its groups, its name or 224 do."""
    shapes = [each.get("batch_input_shape") or each.get("batch_shape") for each in file.configurations.values()]
    sides = [shape[1] for shape in shapes if shape and len(shape) == 4 and isinstance(shape[1], int)]
    named = re.findall(r"(?<![\d.])(96|128|160|192|224)(?!\d)", " ".join((path.stem, *file.groups)))
    side = sides[0] if sides else int(named[-1]) if named else 224
    return MobileNetV2(resolution=side, padding="one_sided")


def _epsilon(facts: dict[str, Any]) -> float:
    stated = {each["epsilon"] for name, each in facts.items() if "epsilon" in each and name.endswith(("BN", "bn"))}
    if len(stated) > 1:
        raise Problem(f"the norms of the file have different epsilons: {', '.join(map(str, sorted(stated)))}")
    return float(stated.pop()) if stated else EPSILON


def _found(layers: Layers, layer: str, leaf: str, path: Path) -> tuple[np.ndarray, str]:
    leaf = "kernel" if leaf == "weight" else leaf
    if leaf not in layers.get(layer, {}):
        raise Problem(f"{path} lacks {layer}/{leaf}: another network, or not the names of keras.applications")
    return layers[layer][leaf], f"{layer}/{leaf}"


def _turned(values: np.ndarray, layer: str, leaf: str, shape: tuple[int, ...]) -> np.ndarray:
    """Kernels of Keras (height, width, in, out) in torch's order (out, in, height, width), a dense one (out, in)."""
    if leaf != "weight" or values.ndim not in (2, 4):
        return values
    if values.ndim == 2:
        return values.T
    depthwise = layer.endswith("depthwise.conv") and values.shape[3] == 1
    return values.transpose(2, 3, 0, 1) if depthwise else values.transpose(3, 2, 0, 1)
