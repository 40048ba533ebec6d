"""How a network passes gradients back: Jacobians between its tensors, their singular values, gradients by block."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from analysis.arch.inverted_residual import entry
from analysis.arch.plan import Block, Plan
from analysis.nn.network import Network


def between(plan: Plan) -> dict[str, str]:
    """The narrow tensor after each inverted residual, by block: what shortcuts between bottlenecks join."""
    return {block.name: block.tensor(block.body.output) for block in _residuals(plan)}


def within(plan: Plan) -> dict[str, str]:
    """The expanded tensor that enters each depthwise convolution, by block: what shortcuts between expansions join."""
    return {block.name: block.tensor(entry(block.body)) for block in _residuals(plan)}


def _residuals(plan: Plan) -> list[Block]:
    return [block for block in plan.blocks if block.body.kind == "inverted_residual" and block.body.operations]


def jacobians(network: Network, image: Tensor, sources: Iterable[str], target: str) -> dict[str, Tensor]:
    """The derivatives of the tensor `target` by each of `sources`, tensors of the Plan before it, for one image.

    `image`: (3, H, W). The network is in evaluation mode, so that images do not depend on each other. One backward pass
    over as many copies of the image as `target` has values gives all of them: row i is the derivative of value i.

    Returns:
        source -> (values of the target, values of the source), float32.

    Raises:
        Problem: a name that the Plan does not have.
    """
    sources, (c, h, w) = tuple(sources), network.plan.shapes[target]
    made = network.intermediates(image.expand(c * h * w, *image.shape), (*sources, target))
    rows = torch.eye(c * h * w).view(-1, c, h, w)
    found = torch.autograd.grad(made[target], [made[name] for name in sources], rows)
    return {name: gradient.flatten(1) for name, gradient in zip(sources, found, strict=True)}


class Spectrum(NamedTuple):
    """Singular values of a Jacobian.

    `values`: how many, the smaller side of the matrix. `rms`: their root mean square, by which a random gradient grows
    on its way back. `directions`: participation ratio of their squares over `values`, 1 where all directions pass
    alike, near 0 where few do. Quantiles `low` (5 %), `median`, `high` (95 %), and the `largest`.
    """

    values: int
    rms: float
    directions: float
    low: float
    median: float
    high: float
    largest: float


def spectrum(jacobian: Tensor) -> Spectrum:
    """The singular values of a matrix (m, n). Those of a matrix of zeros have no participation ratio: it is 0."""
    values = torch.linalg.svdvals(jacobian.double())
    squares = values.square()
    low, median, high = torch.quantile(values, torch.tensor([0.05, 0.5, 0.95], dtype=values.dtype)).tolist()
    fourth = float(squares.square().sum())
    directions = float(squares.sum()) ** 2 / (len(values) * fourth) if fourth else 0.0
    return Spectrum(len(values), float(squares.mean().sqrt()), directions, low, median, high, float(values.max()))


def gradient_norms(
    network: Network, batches: Sequence[tuple[Tensor, Tensor]], loss: Callable[[Tensor, Tensor], Tensor]
) -> Mapping[str, float]:
    """Norm of the loss's gradient by the weights of each block, as in a training step: norms use the batch's
    statistics. The root mean square over `batches` of images (N, 3, H, W) and labels (N,).

    The running statistics of the network are moved.
    """
    squares = dict.fromkeys((block.name for block in network.plan.blocks), 0.0)
    network.train()
    for images, labels in batches:
        network.zero_grad()
        loss(network(images), labels).backward()
        for name in squares:
            for parameter in network.get_submodule(name).parameters():
                if parameter.grad is not None and parameter.dim() > 1:
                    squares[name] += float(parameter.grad.square().sum()) / len(batches)
    return {name: square**0.5 for name, square in squares.items()}
