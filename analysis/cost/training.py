"""What a training step costs for one image: multiply-adds of the forward and the backward pass."""

from typing import NamedTuple

from analysis.arch.plan import Operation, Plan
from analysis.cost.count import operation_cost


class Training(NamedTuple):
    """Multiply-adds of one image's part in a training step.

    A convolution of m multiply-adds, grouped or not, costs m again for the gradient of its weights and m again
    for the gradient of its input: each product of the forward pass meets the output's gradient once in both. The
    gradient of the image is never needed, so an operation that reads the image has no input gradient.
    """

    forward: int = 0
    weight_gradient: int = 0
    input_gradient: int = 0

    @property
    def backward(self) -> int:
        """Both gradients."""
        return self.weight_gradient + self.input_gradient

    @property
    def total(self) -> int:
        """Forward and backward."""
        return sum(self)


def operation_training(op: Operation) -> Training:
    """Of one operation under its name in the network."""
    madds = operation_cost(op).madds
    return Training(madds, madds, 0 if "image" in op.inputs else madds)


def training(plan: Plan) -> Training:
    """Of a network."""
    return Training(*map(sum, zip(*map(operation_training, plan.operations), strict=True)))
