"""Weights that other libraries published for MobileNetV2, under this suite's names."""

import pickle
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from analysis.arch.mobilenet_v2 import TABLE_2, MobileNetV2
from analysis.arch.text import known
from analysis.files import stand_in
from analysis.nn.network import Network
from analysis.problem import Problem
from analysis.users_code import first_line

DEEPEST = 3  # mappings in one another
NESTED = ("state_dict", "model_state_dict", "model", "net", "network", "weights")  # in checkpoints of trainings

# timm's names of depth-multiplied networks (timm/models/efficientnet.py, _gen_mobilenet_v2): channels of each row
# under the width multiplier, repeats rounded up under the depth multiplier; stem, last row's repeat and head fixed.
TIMM_ROWS = {
    "mobilenetv2_110d": ((16, 1), (24, 3), (32, 4), (72, 5), (104, 4), (176, 4), (352, 1)),
    "mobilenetv2_120d": ((24, 1), (32, 3), (40, 5), (80, 6), (112, 5), (192, 5), (384, 1)),
}
TIMM_WIDTHS = {"mobilenetv2_050": 0.5, "mobilenetv2_100": 1.0, "mobilenetv2_140": 1.4}


def timm_variant(name: str) -> MobileNetV2:
    """The network that timm calls "mobilenetv2_100", _050, _140, _110d or _120d, at 224 pixels.

    Raises:
        Problem: another name.
    """
    known(name, (*TIMM_WIDTHS, *TIMM_ROWS), "network of timm")
    if name in TIMM_WIDTHS:
        return MobileNetV2(width=TIMM_WIDTHS[name])
    pairs = zip(TABLE_2, TIMM_ROWS[name], strict=True)
    return MobileNetV2(rows=tuple((t, c, n, s) for (t, _, _, s), (c, n) in pairs))


def load_torchvision_state_dict(network: Network, state: Mapping[str, Tensor]) -> None:
    """Load a state dict with the names of torchvision's mobilenet_v2 into a MobileNetV2 classifier, in place.

    Raises:
        Problem: a key is missing or left over, a shape differs, values cannot be used, or the network is none that
            torchvision has.
    """
    _load(network, state, torchvision_names(network), "torchvision")


def load_timm_state_dict(network: Network, state: Mapping[str, Tensor]) -> None:
    """Load a state dict with the names of timm's mobilenetv2_* into a MobileNetV2 classifier, in place.

    Raises:
        Problem: a key is missing or left over, a shape differs, values cannot be used, or the network is none that timm
            has.
    """
    _load(network, state, timm_names(network), "timm")


def torchvision_names(network: Network) -> dict[str, str]:
    """Layers of the network -> torchvision's names of them ("bottleneck2.expand.conv" -> "features.2.conv.0.0")."""
    names = {"stem": {"conv": "features.0.0", "norm": "features.0.1"}, "head": {"linear": "classifier.1"}}
    blocks = _bottlenecks(network)
    for index, (block, expands) in enumerate(blocks, start=1):
        at = f"features.{index}.conv"
        layers = ["expand", "depthwise"] if expands else ["depthwise"]
        names[block] = {f"{layer}.conv": f"{at}.{i}.0" for i, layer in enumerate(layers)}
        names[block] |= {f"{layer}.norm": f"{at}.{i}.1" for i, layer in enumerate(layers)}
        names[block] |= {"project.conv": f"{at}.{len(layers)}", "project.norm": f"{at}.{len(layers) + 1}"}
    names["last"] = {"conv": f"features.{len(blocks) + 1}.0", "norm": f"features.{len(blocks) + 1}.1"}
    return {f"{block}.{ours}": theirs for block, layers in names.items() for ours, theirs in layers.items()}


def timm_names(network: Network) -> dict[str, str]:
    """Layers of the network -> timm's names of them ("bottleneck2.expand.conv" -> "blocks.1.0.conv_pw").

    A stage of timm begins where channels or resolution change. Rows that change neither cannot be distinguished.
    """
    names = {"stem.conv": "conv_stem", "stem.norm": "bn1", "last.conv": "conv_head", "last.norm": "bn2"}
    stage, place, shape = -1, 0, (0, 0, 0)
    for block, expands in _bottlenecks(network):
        made = next(b.body.shape for b in network.plan.blocks if b.name == block)
        stage, place = (stage, place + 1) if made == shape else (stage + 1, 0)
        shape, at = made, f"blocks.{stage}.{place}"
        project = "conv_pwl" if expands else "conv_pw"
        layers = {"expand": "conv_pw"} if expands else {}
        for i, (ours, conv) in enumerate((layers | {"depthwise": "conv_dw", "project": project}).items(), start=1):
            names |= {f"{block}.{ours}.conv": f"{at}.{conv}", f"{block}.{ours}.norm": f"{at}.bn{i}"}
    return names | {"head.linear": "classifier"}


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors, by name and in their stored shapes, of a safetensors file or of one that torch.save wrote, whatever
    its suffix, read without running what it holds.

    Of a training's checkpoint that holds one state dict next to other things, these are its tensors. A prefix that all
    names have (of DataParallel, of torch.compile, of a module around the network) is left out.

    Raises:
        Problem: no such file, not of these formats, empty, a pickle that holds more than tensors, several state dicts.
    """
    if not path.is_file():
        raise Problem(f"there is no file {path}")
    try:
        with path.open("rb") as file:
            start = file.read(100)
        if stood := stand_in(start):
            raise Problem(f"{path} {stood}")
        if start[8:9] == b"{":
            from safetensors.torch import load_file

            return _unprefixed(load_file(path))
        if not start.startswith((b"PK", b"\x80")):
            raise Problem(f"{path} is neither of torch.save nor of safetensors (it begins with {start[:12]!r})")
        with path.open("rb") as file, warnings.catch_warnings():  # a path would let torch go by the suffix
            warnings.simplefilter("ignore")  # of how a pickle was written
            state = torch.load(file, map_location="cpu", weights_only=True)
    except Problem:
        raise
    except pickle.UnpicklingError as error:
        raise Problem(
            f"{path} holds more than tensors: it is not loaded, as it could run code. Save its state dict alone"
        ) from error
    except Exception as error:  # safetensors has an exception of its own, and damaged pickles raise anything
        reason = (first_line(error) or type(error).__name__).partition(". ")[0]
        raise Problem(f"{path} cannot be read as weights ({reason}): get it again") from error
    return _unprefixed(_state_dict(state, path))


def _state_dict(state: Any, path: Path, depth: int = 0) -> dict[str, Tensor]:
    """The state dict that a file holds, alone or under one of the names that trainings give it."""
    if _is_state_dict(state):
        return dict(state)
    mappings = (
        {key: value for key, value in state.items() if isinstance(value, Mapping)} if isinstance(state, Mapping) else {}
    )
    inner = {key: value for key, value in mappings.items() if _is_state_dict(value)}
    named = [key for key in NESTED if key in inner]
    if len(named) > 1 or (len(inner) > 1 and not named):
        raise Problem(f"{path} holds several state dicts, {', '.join(map(str, inner))}: save the one to use")
    deeper = [key for key in (*NESTED, *mappings) if key in mappings and depth < DEEPEST and not inner]
    found = inner[named[0]] if named else next(iter(inner.values()), None)
    for key in deeper if found is None else ():
        with suppress(_NothingError):
            return _state_dict(mappings[key], path, depth + 1)
    if found is None:
        raise _NothingError(f"{path} is not a mapping of names to tensors: save a state dict")
    return dict(found)


class _NothingError(Problem):
    """A mapping without a state dict."""


def _is_state_dict(state: Any) -> bool:
    if not isinstance(state, Mapping) or not state:
        return False
    return all(isinstance(key, str) and isinstance(value, Tensor) for key, value in state.items())


def _unprefixed(state: dict[str, Tensor]) -> dict[str, Tensor]:
    while len({key.partition(".")[0] for key in state}) == 1 and all(key.count(".") > 1 for key in state):
        state = {key.partition(".")[2]: value for key, value in state.items()}
    return state


def _bottlenecks(network: Network) -> list[tuple[str, bool]]:
    """Names of the inverted residuals, each with whether it has an expansion.

    Raises:
        Problem: the network is not a MobileNetV2 classifier with its norms.
    """
    blocks = network.plan.blocks
    shapes = [block.body.kind for block in blocks]
    wanted = ["stem", *["inverted_residual"] * (len(blocks) - 3), "pointwise", "classifier"]
    if shapes != wanted or "stem.norm.weight" not in network.state_dict():
        raise Problem("published weights go into a MobileNetV2 classifier, before its norms are folded")
    return [(b.name, any(op.name == "expand.conv" for op in b.body.operations)) for b in blocks[1:-2]]


def _load(network: Network, state: Mapping[str, Tensor], names: dict[str, str], layout: str) -> None:
    ours = network.state_dict()
    theirs = {}
    for key in ours:
        layer, _, leaf = key.rpartition(".")
        if layer not in names:
            raise Problem(f"{layout} has no layer for {layer}")
        theirs[key] = f"{names[layer]}.{leaf}"
    optional = {key for key in theirs.values() if key.endswith(".num_batches_tracked")}  # absent in old files
    if missing := sorted(set(theirs.values()) - set(state) - optional):
        raise Problem(f"the weights lack {missing[0]} ({len(missing)} in all): another network or not {layout}'s names")
    if extra := sorted(set(state) - set(theirs.values())):
        raise Problem(f"the weights have {extra[0]} besides ({len(extra)} in all): another network")
    found = {key: _plain(state[name], name) for key, name in theirs.items() if name in state}
    for key, value in found.items():
        if value.shape != ours[key].shape:
            shapes = f"{tuple(value.shape)}, not {tuple(ours[key].shape)}"
            raise Problem(f"{theirs[key]} is of shape {shapes}: choose the network's width and classes to fit")
    network.load_state_dict(ours | found)


def _plain(value: Tensor, name: str) -> Tensor:
    """A tensor of numbers that can be used as they are. Quantised ones have scales of their own.

    Raises:
        Problem: it has no values, is sparse, whole numbers without a scale, or not finite.
    """
    if value.is_meta:
        raise Problem(f"{name} has no values (device meta): save the weights after they were loaded")
    if value.layout != torch.strided:
        raise Problem(f"{name} is sparse: save it as a dense tensor")
    value = value.dequantize() if value.is_quantized else value
    if not name.endswith(".num_batches_tracked"):
        if not value.is_floating_point() or value.itemsize < 2:
            kind = str(value.dtype).removeprefix("torch.")
            raise Problem(f"{name} is of {kind} without a scale: save the weights as floating-point numbers")
        if wrong := int((~value.float().isfinite()).sum()):
            raise Problem(f"{name} has {wrong} of {value.numel()} values that are not finite: the training diverged")
        if name.endswith(".running_var") and (wrong := int((value < 0).sum())):
            raise Problem(f"{name} has {wrong} of {value.numel()} values below 0, which is no variance: other weights")
    return value
