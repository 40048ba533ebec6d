"""Published weights as the start of a training: they go into the trunk of a network, whatever its head.

Two things are adapted, so that in evaluation mode the trunk computes what the file's network does.

- A trained network reads pixels that were normalised its own way. The first convolution is rescaled and its norm is
  shifted, so that it reads those of the data at hand. Only zeros outside the image then mean another grey.
- Files of TensorFlow Lite have norms folded into convolutions, where a training needs them apart. Each norm takes the
  mean and the variance of what its convolution makes of training images, and the scale and the shift that undo them.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch import Tensor

from analysis.arch.families import Variant, unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.plan import Conv, Plan
from analysis.nn.backend import build
from analysis.nn.network import Network
from analysis.nn.published.kinds import Pixels, Published
from analysis.problem import Problem


def check_trunk(variant: Variant, published: Published) -> None:
    """Whether the file has every convolution of the variant's trunk, in its shape.

    Raises:
        Problem: the trunk is not a MobileNetV2's, or a layer that the file lacks or has in another shape. It names the
            layer and both shapes.
    """
    trunk: Any = getattr(variant, "backbone", variant)
    if not isinstance(trunk, MobileNetV2):
        raise Problem(f"its trunk is a {trunk.family}, the weights are those of a MobileNetV2: leave that network out")
    theirs = {op.name: _shape(op) for op in unroll(published.variant).operations if isinstance(op, Conv)}
    for op in _convolutions(unroll(variant)):
        if op.name not in theirs:
            raise Problem(f"the file has no {op.name}: give the trunk the file's blocks (rows)")
        if theirs[op.name] != _shape(op):
            found, wanted = (" x ".join(map(str, shape)) for shape in (theirs[op.name], _shape(op)))
            raise Problem(
                f"{op.name} is {found} in the file (width {published.variant.width:g}) and {wanted} in the trunk: give "
                "the trunk the file's width and rows"
            )


@torch.no_grad()
def begin_from(
    network: Network, variant: Variant, published: Published, pixels: Pixels, images: Iterable[Tensor]
) -> str:
    """Copy the file's weights into the trunk of a network of `variant`, in place, and say what was copied.

    `pixels`: how the training normalises its images. `images`: batches (N, 3, H, W) of training images as the network
    sees them. They are read only where the file's norms are folded.

    Raises:
        Problem: as `check_trunk`.
    """
    check_trunk(variant, published)
    trunk: Any = getattr(variant, "backbone", variant)
    names = [op.name for op in _convolutions(network.plan)]
    made = build(network.plan)
    made.load_state_dict(network.state_dict())
    state = made.state_dict()
    copied = [key for name in names for key in _copy(state, published, name, made)]
    _read_as(state, published.pixels, pixels)
    if published.folded:
        _unfold(made.eval(), names, images)
    ours = network.state_dict()
    for key in copied:
        ours[key].copy_(state[key])
    return _statement(copied, published, trunk)


def _statement(copied: list[str], published: Published, trunk: MobileNetV2) -> str:
    said = f"{len(copied)} tensors of {published.variant.text}, published in the layout of {published.layout}"
    if published.folded:
        said += ", norms set apart on training images"
    if published.variant.padding != trunk.padding:
        said += f", trained with padding {published.variant.padding}, continued with {trunk.padding}"
    return said


def _convolutions(plan: Plan) -> Iterator[Conv]:
    """The convolutions of the blocks that a MobileNetV2 has before its head."""
    for block in plan.blocks:
        if block.name in ("stem", "last") or block.name.startswith("bottleneck"):
            yield from (op for op in block.operations() if isinstance(op, Conv))


def _shape(op: Conv) -> tuple[int, int, int, int]:
    return op.shape[0], op.channels // op.groups, op.kernel, op.kernel


def _copy(state: dict[str, Tensor], published: Published, name: str, network: Network) -> Iterator[str]:
    """Copy a convolution and its norm into `state`, and name the tensors that were copied."""
    norm, theirs = _norm_of(name), published.state
    state[f"{name}.weight"].copy_(theirs[f"{name}.weight"])
    yield f"{name}.weight"
    epsilon: Any = network.get_submodule(norm).eps
    for leaf in ("weight", "bias", "running_mean", "running_var"):
        key = f"{norm}.{leaf}"
        if not published.folded:
            state[key].copy_(theirs[key])
        elif leaf == "bias":
            state[key].copy_(theirs[f"{name}.bias"])
        else:  # the identity
            state[key].fill_({"weight": 1.0, "running_mean": 0.0, "running_var": 1.0 - epsilon}[leaf])
        yield key


def _norm_of(name: str) -> str:
    return name.removesuffix("conv") + "norm"


def _read_as(state: dict[str, Tensor], theirs: Pixels, ours: Pixels) -> None:
    """Rescale the first convolution of (p - mean) / std of theirs, so that it reads those of ours."""
    mean, std, own_mean, own_std = (torch.tensor(each, dtype=torch.float64) for each in (*theirs, *ours))
    weight = state["stem.conv.weight"].double()
    shift = (weight.sum(dim=(2, 3)) * (own_mean - mean) / std).sum(1)
    state["stem.conv.weight"].copy_(weight * (own_std / std)[None, :, None, None])
    state["stem.norm.running_mean"].sub_(shift)


def _unfold(network: Network, names: list[str], images: Iterable[Tensor]) -> None:
    """Give each norm the statistics of its convolution's result, and the affine pair with which it computes as before.

    `network` is in evaluation mode, its norms are shifts alone: they take what the folded file computes.
    """
    sums: dict[str, Tensor] = {}
    count: dict[str, int] = {}
    for batch in images:
        for name, made in network.intermediates(batch, names).items():
            if name in names:
                values = made.double().transpose(0, 1).flatten(1)
                both = torch.stack([values.sum(1), (values**2).sum(1)])
                sums[name] = sums[name] + both if name in sums else both
                count[name] = count.get(name, 0) + values.shape[1]
    for name in names:
        norm: Any = network.get_submodule(_norm_of(name))
        mean, square = sums[name] / count[name]
        variance = (square - mean**2).clamp(min=0)
        before = norm.running_mean.double()
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.copy_(norm.bias.double() + mean - before)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
