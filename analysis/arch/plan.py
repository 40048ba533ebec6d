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

Shape = tuple[int, int, int]


class Conv(NamedTuple):
    """Convolution with a square kernel and zero padding. A side becomes ceil(side / stride).

    `one_sided`: a stride leaves the zeros of an even side out above and to the left, as TensorFlow does. `zeros`: so
    many on each side instead, of which the size of the result follows.
    """

    name: str
    inputs: tuple[str, ...]
    shape: Shape
    channels: int  # of the input
    kernel: int
    stride: int
    groups: int
    dilation: int
    bias: bool
    one_sided: bool = False
    zeros: int | None = None

    @property
    def depthwise(self) -> bool:
        """Whether there is one filter per channel."""
        return self.groups == self.channels == self.shape[0] and self.groups > 1

    @property
    def padding(self) -> int:
        """Number of zeros on each side of the map. One-sided ones depend on the map."""
        return self.dilation * (self.kernel - 1) // 2 if self.zeros is None else self.zeros


class Norm(NamedTuple):
    """Batch normalisation with an affine pair, or with `groups` above 0 group normalisation."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape
    groups: int = 0


class Length(NamedTuple):
    """The channels of each pixel over their Euclidean length, times a weight for each channel (arXiv:1506.04579)."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape


class Activation(NamedTuple):
    """A function of each element: relu, relu6, hard_swish, ..."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape
    function: str


class Add(NamedTuple):
    """Sum of two tensors of one shape, where a shortcut joins."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape


class Scale(NamedTuple):
    """Product of a map and of a gate, (channels, 1, 1), which scales each channel (arXiv:1709.01507, equation 4)."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape


class Concat(NamedTuple):
    """Concatenation along the channels."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape


class Slice(NamedTuple):
    """Channels from `first` on, as many as the shape has. In torch it shares the memory of its input."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape
    first: int


class Shuffle(NamedTuple):
    """Channel shuffle: channels as a (groups, n) matrix, transposed (ShuffleNet, section 3.1)."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape
    groups: int


class Fold(NamedTuple):
    """Space to depth: each square of `side` x `side` pixels as one pixel of side^2 times the channels."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape
    side: int


class Shift(NamedTuple):
    """The map moved by a pixel up and to the left, with zeros below and to the right."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape


class Pool(NamedTuple):
    """Pooling by `function` ("mean" or "max"), padded like a convolution. Kernel 0 pools the whole map.

    An even kernel has the odd zero below and to the right.
    """

    name: str
    inputs: tuple[str, ...]
    shape: Shape
    function: str
    kernel: int
    stride: int
    area: int  # pixels of the input map


class Resize(NamedTuple):
    """Bilinear resize with aligned corners to the size in `shape`."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape


class Dropout(NamedTuple):
    """Dropout in training, the identity in inference."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape
    rate: float


class Linear(NamedTuple):
    """Fully connected layer with bias on a 1 x 1 map."""

    name: str
    inputs: tuple[str, ...]
    shape: Shape
    channels: int  # of the input


Operation = (
    Conv
    | Norm
    | Length
    | Activation
    | Add
    | Scale
    | Concat
    | Slice
    | Shuffle
    | Fold
    | Shift
    | Pool
    | Resize
    | Dropout
    | Linear
)


class Layer(NamedTuple):
    """A convolution without bias, its norm and its activation ("linear" for none), under one name, which may be "".

    A network has hundreds of operations, but is counted in microseconds. Bodies therefore store layers, which are
    expanded to operations only where those are needed.
    """

    name: str
    input: str
    shape: Shape
    channels: int  # of the input
    kernel: int
    stride: int
    groups: int
    dilation: int
    activation: str
    one_sided: bool = False

    def operations(self) -> Iterator[Operation]:
        """The layer's two or three operations."""
        prefix = f"{self.name}." if self.name else ""
        conv, norm, activation = f"{prefix}conv", f"{prefix}norm", f"{prefix}activation"
        _, source, shape, channels, kernel, stride, groups, dilation, function, one_sided = self
        yield Conv(conv, (source,), shape, channels, kernel, stride, groups, dilation, False, one_sided)
        yield Norm(norm, (conv,), shape)
        if function != "linear":
            yield Activation(activation, (norm,), shape, function)


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
