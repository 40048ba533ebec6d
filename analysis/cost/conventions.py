"""The numbers that counting tools print for a network, computed from the integers of its Plan.

A tool's number is the paper's multiply-adds plus items. The rule of each item was read in the tool's source. The rules
hold for the module that `analysis.nn.build` makes, in evaluation mode, for one image.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from math import prod
from typing import NamedTuple

from analysis.arch.plan import Activation, Conv, Linear, Norm, Operation, Plan, Pool, Resize
from analysis.arch.text import known
from analysis.cost.count import operation_cost, pooled_elements

Rule = Callable[[Operation], Iterator[tuple[str, int]]]

LEFT_OUT = "convolution of a type of its own left out"


class Item(NamedTuple):
    """A reason why a tool's number differs from the paper's, and by how much."""

    reason: str
    count: int


def subclassed(op: Operation) -> bool:
    """Whether a convolution's module is a subclass of nn.Conv2d, which tools that ask for the exact type do not see.

    Those are strided 1 x 1 convolutions and those that pad on one side.
    """
    return isinstance(op, Conv) and (op.one_sided or (op.kernel == op.groups == 1 and op.stride > 1))


def paper(op: Operation) -> Iterator[tuple[str, int]]:
    """Multiply-adds of convolutions and linear layers, nothing else."""
    yield from ()


def torch(op: Operation) -> Iterator[tuple[str, int]]:
    """torch.utils.flop_counter.FlopCounterMode: convolutions and matrix products, 2 per multiply-add."""
    if isinstance(op, Conv | Linear):
        yield "multiply and add counted apart: 2 x", operation_cost(op).madds


def fvcore(op: Operation) -> Iterator[tuple[str, int]]:
    """fvcore.nn.FlopCountAnalysis: its default operator handles (fvcore/nn/flop_count.py)."""
    elements = prod(op.shape)
    match op:
        case Norm(groups=groups) if groups:
            yield "5 per element of a group norm", 5 * elements
        case Norm():
            yield "2 per element of a norm", 2 * elements  # affine, evaluation: scale and shift
        case Pool(kernel=0, function="mean"):
            # fvcore has no handle for windowed and max pooling.
            yield "1 per element that global mean pooling reads", pooled_elements(op)
        case Resize():
            yield "4 per element that a bilinear resize makes", 4 * elements


def ptflops(op: Operation) -> Iterator[tuple[str, int]]:
    """ptflops, backend pytorch: hooks on modules, and wrappers around functions that these modules call."""
    elements = prod(op.shape)
    match op:
        case Conv() if subclassed(op):
            yield LEFT_OUT, -operation_cost(op).madds
        case Conv(bias=True):
            yield "1 per element that gets a bias", elements
        case Linear():
            # ptflops looks up a module's exact type. Ours is a subclass of nn.Linear.
            yield "linear layer left out", -operation_cost(op).madds
        case Norm():
            yield "2 per element of a norm", 2 * elements
        case Activation(function="relu6"):
            yield "1 per element of relu6", elements  # nn.ReLU6 calls F.hardtanh, which has no wrapper
        case Activation(function="silu"):
            yield "1 per element of silu", elements  # nn.SiLU calls F.silu, which has a wrapper
        case Activation(function="relu"):
            yield "relu counted twice: hook and function", 2 * elements  # nn.ReLU calls F.relu, which has one
        case Pool():
            read = op.shape[0] * op.area
            yield "pooling counted twice: hook and function, 1 per element of its input", 2 * read
        case Resize():
            yield "resize counted twice: hook and function", 2 * elements


def ptflops_aten(op: Operation) -> Iterator[tuple[str, int]]:
    """ptflops, backend aten: convolution and addmm, with their biases."""
    if bias := operation_cost(op).bias:
        yield "1 per element that gets a bias", bias


def torchinfo(op: Operation) -> Iterator[tuple[str, int]]:
    """torchinfo.summary: a convolution's parameters at each position, all other parameters once."""
    cost = operation_cost(op)
    if subclassed(op):
        yield "parameters of a convolution of a type of its own counted once", cost.weights + cost.biases - cost.madds
    elif cost.bias:
        yield "1 per element that gets a bias", cost.bias
    if cost.affine:
        yield "1 per parameter of a norm", cost.affine


def thop(op: Operation) -> Iterator[tuple[str, int]]:
    """thop.profile: hooks on modules, which it finds by their exact type."""
    elements = prod(op.shape)
    match op:
        case Conv() if subclassed(op):
            yield LEFT_OUT, -operation_cost(op).madds
        case Linear():
            # thop looks up a module's exact type. Ours is a subclass of nn.Linear.
            yield "linear layer left out", -operation_cost(op).madds
        case Norm(groups=0):
            yield "4 per element of a norm", 4 * elements  # 2 for the norm, doubled for its affine pair
        case Pool(kernel=0, function="mean"):
            yield "global mean pooling: 1 per element read and made", pooled_elements(op) + elements
        case Pool(function="mean"):
            yield "1 per element that mean pooling makes", elements
        case Resize():
            yield "11 per element that a bilinear resize makes", 11 * elements


CONVENTIONS: dict[str, Rule] = {
    "paper": paper,
    "torch": torch,
    "fvcore": fvcore,
    "ptflops": ptflops,
    "ptflops-aten": ptflops_aten,
    "torchinfo": torchinfo,
    "thop": thop,
}


def items(plan: Plan, convention: str) -> tuple[Item, ...]:
    """The paper's multiply-adds, then each amount that the convention adds or omits, with its reason.

    Raises:
        Problem: an unknown convention.
    """
    rule = CONVENTIONS[known(convention, CONVENTIONS, "convention")]
    counts = Counter({"multiply-adds": 0})
    for op in plan.operations:
        counts["multiply-adds"] += operation_cost(op).madds
        for reason, count in rule(op):
            counts[reason] += count
    return tuple(Item(reason, count) for reason, count in counts.items())


def printed(plan: Plan, convention: str) -> int:
    """The number that the convention's tool prints for the network.

    Raises:
        Problem: an unknown convention.
    """
    return sum(item.count for item in items(plan, convention))
