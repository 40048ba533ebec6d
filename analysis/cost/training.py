"""The cost of a training step for one image: multiply-adds of the forward and the backward pass."""

from typing import NamedTuple

from analysis.arch.plan import Operation, Plan
from analysis.cost.count import operation_cost


class Training(NamedTuple):
    """Multiply-adds of a training step for one image.

    A convolution of m multiply-adds, grouped or not, takes m more for the gradient of its weights and m more for the
    gradient of its input. In both, each product of the forward pass has one counterpart with the output's gradient.
    The gradient of the image is never needed, so an operation that reads the image has no input gradient.
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
    """Multiply-adds of a training step for one operation, under its name in the network."""
    madds = operation_cost(op).madds
    return Training(madds, madds, 0 if "image" in op.inputs else madds)


def training(plan: Plan) -> Training:
    """Multiply-adds of a training step for a network."""
    return Training(*map(sum, zip(*map(operation_training, plan.operations), strict=True)))
