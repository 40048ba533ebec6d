"""The cost of a Plan for one image, in integers: multiply-adds, parameters and the other columns of `Cost`."""

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import NamedTuple

from analysis.arch.plan import Activation, Add, Body, Conv, Layer, Length, Linear, Norm, Operation, Plan, Pool


class Cost(NamedTuple):
    """Counts of an operation, a block or a network, for one image.

    - `madds`: multiply-adds of convolutions and linear layers. One multiply-add counts 1.
    - `weights`, `biases`: of convolutions and linear layers. `affine`: scale and shift of norms, scales of lengths.
    - `norm_statistics`: running mean and variance of batch norms, which are not parameters.
    - `bias`, `norm`, `activation`, `addition`: elements to which each of these is applied.
    - `pooling`: elements that pooling reads.
    - `elements`: elements of all tensors that operations make. A product of two tensors, as of a map and its gates,
      counts here alone: nothing is added up in it.
    """

    madds: int = 0
    weights: int = 0
    biases: int = 0
    affine: int = 0
    norm_statistics: int = 0
    bias: int = 0
    norm: int = 0
    activation: int = 0
    addition: int = 0
    pooling: int = 0
    elements: int = 0

    @property
    def params(self) -> int:
        """Weights, biases and the affine pair of each norm."""
        return self.weights + self.biases + self.affine

    @property
    def params_without_norm(self) -> int:
        """Weights and biases."""
        return self.weights + self.biases


def total(costs: list[Cost]) -> Cost:
    """The sum of each column."""
    return Cost(*map(sum, zip(*costs, strict=True))) if costs else Cost()


def operation_cost(op: Operation) -> Cost:
    """Cost of one operation (section 3.1 for convolutions: h w d_i d_j k^2 / groups)."""
    channels, height, width = op.shape
    elements = channels * height * width
    match op:
        case Add():
            return Cost(addition=elements, elements=elements)
        case Conv():
            filters = op.channels // op.groups * op.kernel * op.kernel
            return Cost(
                madds=elements * filters,
                weights=channels * filters,
                biases=channels if op.bias else 0,
                bias=elements if op.bias else 0,
                elements=elements,
            )
        case Linear():
            weights = op.channels * channels
            return Cost(madds=weights, weights=weights, biases=channels, bias=channels, elements=elements)
        case Norm():
            running = 0 if op.groups else 2 * channels
            return Cost(affine=2 * channels, norm_statistics=running, norm=elements, elements=elements)
        case Length():
            return Cost(affine=channels, norm=elements, elements=elements)
        case Activation():
            return Cost(activation=elements, elements=elements)
        case Pool():
            return Cost(pooling=pooled_elements(op), elements=elements)
        case _:
            return Cost(elements=elements)


def pooled_elements(op: Pool) -> int:
    """Elements that a pooling reads: the whole map, or a window for each output (padding counted)."""
    channels, height, width = op.shape
    return channels * (op.area if op.kernel == 0 else height * width * op.kernel * op.kernel)


@lru_cache(maxsize=65536)
def body_cost(body: Body) -> Cost:
    """Cost of a block's body: the sum over its operations, computed once for all equal blocks."""
    madds = weights = norms = norm = activation = addition = 0
    others = []
    for piece in body.pieces:
        if isinstance(piece, Layer):
            _, _, (channels, height, width), inputs, kernel, _, groups, _, function, _ = piece
            filters = inputs // groups * kernel * kernel
            elements = channels * height * width
            madds += elements * filters
            weights += channels * filters
            norms += channels
            norm += elements
            if function != "linear":
                activation += elements
        elif isinstance(piece, Add):
            addition += prod(piece.shape)
        else:
            others.append(operation_cost(piece))
    elements = 2 * norm + activation + addition
    layers = Cost(madds, weights, 0, 2 * norms, 2 * norms, 0, norm, activation, addition, 0, elements)
    return total([layers, *others]) if others else layers


def count(plan: Plan) -> Cost:
    """Cost of a network for one image."""
    return total([body_cost(block.body) for block in plan.blocks])


def repeated(passes: Sequence[Cost]) -> Cost:
    """Cost of one network that runs several times on an image. The work adds up, the parameters count once."""
    first = passes[0]
    return total(list(passes))._replace(
        weights=first.weights,
        biases=first.biases,
        affine=first.affine,
        norm_statistics=first.norm_statistics,
    )
