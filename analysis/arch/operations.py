"""The operations of a network: each makes one tensor, which has the operation's name.

Shapes are those of one image, (channels, height, width). A Layer writes two or three operations as one.
"""

from collections.abc import Iterator
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
