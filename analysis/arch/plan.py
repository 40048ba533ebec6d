"""The Plan: a network unrolled to named operations over named tensors with shapes.

    Plan ─▶ Blocks (stem, bottleneck1, ..., head) ─▶ Body ─▶ Operations

Every operation makes one tensor, which has the operation's name. A Body is what a block does, with local names
("expand.conv"). Equal blocks share one Body, so that unrolling and counting take microseconds. A Block puts a Body
into a network, where a tensor's full name is "bottleneck3.expand.conv". Shapes are those of one image, (channels,
height, width).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from analysis.arch.operations import (
    Activation,
    Add,
    Concat,
    Conv,
    Dropout,
    Fold,
    Layer,
    Length,
    Linear,
    Norm,
    Operation,
    Pool,
    Resize,
    Scale,
    Shape,
    Shift,
    Shuffle,
    Slice,
)

# The operations too, so that one import has all that a Plan is made of.
__all__ = [
    "Activation", "Add", "Block", "Body", "Concat", "Conv", "Dropout", "Fold", "Layer", "Length", "Linear", "Norm",
    "Operation", "Plan", "Pool", "Resize", "Scale", "Shape", "Shift", "Shuffle", "Slice",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Body:
    """What a block does: its kind, the shapes of its inputs, its operations and the name of its result.

    Bodies are compared and hashed by identity, so that a property of a shared Body is computed once.
    """

    kind: str
    inputs: dict[str, Shape]
    pieces: tuple[Layer | Operation, ...]
    output: str
    shape: Shape  # of the output

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The pieces as operations, in order of execution."""
        spelled = (piece.operations() if isinstance(piece, Layer) else (piece,) for piece in self.pieces)
        return tuple(chain.from_iterable(spelled))

    @property
    def shapes(self) -> dict[str, Shape]:
        """Shape of every tensor by local name."""
        return self.inputs | {op.name: op.shape for op in self.operations}


class Block(NamedTuple):
    """A Body in a network. It has a name, and its inputs are bound to tensors of the network."""

    name: str
    body: Body
    binding: dict[str, str]

    def tensor(self, local: str) -> str:
        """The name in the network of the tensor called `local` in the body."""
        return self.binding.get(local) or f"{self.name}.{local}"

    @property
    def output(self) -> str:
        """The name in the network of the block's result."""
        local = self.body.output
        return self.binding.get(local) or f"{self.name}.{local}"

    def operations(self) -> Iterator[Operation]:
        """The body's operations under their names in the network."""
        for op in self.body.operations:
            yield op._replace(name=f"{self.name}.{op.name}", inputs=tuple(map(self.tensor, op.inputs)))


@dataclass(frozen=True, eq=False)
class Plan:
    """A network: the shape of its input, called "image", its blocks in order, and the names of its outputs."""

    image: Shape
    blocks: tuple[Block, ...]
    outputs: tuple[str, ...]

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations in order of execution, under their names in the network."""
        return tuple(op for block in self.blocks for op in block.operations())

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """Shape of every tensor by name."""
        return {"image": self.image} | {op.name: op.shape for op in self.operations}

    def ending_at(self, tensor: str) -> "Plan":
        """The Plan without the blocks after the one whose result is `tensor`."""
        last = max(index for index, block in enumerate(self.blocks) if block.output == tensor)
        return Plan(self.image, self.blocks[: last + 1], self.outputs)
