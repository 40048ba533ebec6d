"""Builders of Bodies and Plans. Each method of a BodySketch adds one piece and returns the name of its result."""

from analysis.arch.plan import (
    Activation,
    Add,
    Block,
    Body,
    Concat,
    Conv,
    Dropout,
    Fold,
    Layer,
    Length,
    Linear,
    Norm,
    Operation,
    Plan,
    Pool,
    Resize,
    Shape,
    Shift,
    Shuffle,
    Slice,
)
from analysis.problem import Problem


class BodySketch:
    """A Body under construction. Shapes follow from the operations."""

    def __init__(self, **inputs: Shape):
        self.inputs = inputs
        self.shapes = dict(inputs)
        self.pieces: list[Layer | Operation] = []

    def conv(
        self,
        name: str,
        source: str,
        channels: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        dilation: int = 1,
        bias: bool = False,
        zeros: int | None = None,
    ) -> str:
        """Add a convolution to `channels`.

        Height and width become ceil(side / stride), or with `zeros` on each side what fits between them.

        Raises:
            Problem: a map that is smaller than the kernel.
        """
        c, h, w = self.shapes[source]
        if zeros is None:
            shape = (channels, -(-h // stride), -(-w // stride))
        else:
            rows, columns = ((side + 2 * zeros - dilation * (kernel - 1) - 1) // stride + 1 for side in (h, w))
            if min(rows, columns) < 1:
                raise Problem(f"a map of {h} x {w} is too small for the kernel of {name}: use a larger resolution")
            shape = (channels, rows, columns)
        return self._push(Conv(name, (source,), shape, c, kernel, stride, groups, dilation, bias, zeros=zeros))

    def norm(self, name: str, source: str) -> str:
        """Add a batch normalisation."""
        return self._push(Norm(name, (source,), self.shapes[source]))

    def length(self, name: str, source: str) -> str:
        """Add a division of each pixel's channels by their length."""
        return self._push(Length(name, (source,), self.shapes[source]))

    def activation(self, name: str, source: str, function: str) -> str:
        """Add a function of each element. "linear" adds nothing."""
        if function == "linear":
            return source
        return self._push(Activation(name, (source,), self.shapes[source], function))

    def conv_norm(
        self,
        name: str,
        source: str,
        channels: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        dilation: int = 1,
        activation: str = "linear",
    ) -> str:
        """Add a convolution without bias, a norm and an activation, under the common `name` if there is one."""
        c, h, w = self.shapes[source]
        shape = (channels, -(-h // stride), -(-w // stride))
        self.pieces.append(Layer(name, source, shape, c, kernel, stride, groups, dilation, activation))
        last = "norm" if activation == "linear" else "activation"
        result = f"{name}.{last}" if name else last
        self.shapes[result] = shape
        return result

    def add(self, name: str, first: str, second: str) -> str:
        """Add the sum of two tensors of one shape."""
        return self._push(Add(name, (first, second), self.shapes[first]))

    def concat(self, name: str, *sources: str) -> str:
        """Add a concatenation along the channels."""
        channels = sum(self.shapes[s][0] for s in sources)
        return self._push(Concat(name, sources, (channels, *self.shapes[sources[0]][1:])))

    def slice(self, name: str, source: str, first: int, end: int) -> str:
        """Add a selection of the channels from `first` to before `end`."""
        shape = (end - first, *self.shapes[source][1:])
        return self._push(Slice(name, (source,), shape, first))

    def shuffle(self, name: str, source: str, groups: int) -> str:
        """Add a channel shuffle between `groups` groups."""
        return self._push(Shuffle(name, (source,), self.shapes[source], groups))

    def fold(self, name: str, source: str, side: int) -> str:
        """Add a space to depth, of a map whose height and width are multiples of `side`."""
        c, h, w = self.shapes[source]
        return self._push(Fold(name, (source,), (c * side * side, h // side, w // side), side))

    def shift(self, name: str, source: str) -> str:
        """Add a move of the map by one pixel."""
        return self._push(Shift(name, (source,), self.shapes[source]))

    def pool(self, name: str, source: str, function: str = "mean", kernel: int = 0, stride: int = 1) -> str:
        """Add a pooling. Kernel 0 pools the whole map to 1 x 1."""
        c, h, w = self.shapes[source]
        shape = (c, -(-h // stride), -(-w // stride)) if kernel else (c, 1, 1)
        return self._push(Pool(name, (source,), shape, function, kernel, stride, h * w))

    def resize(self, name: str, source: str, height: int, width: int) -> str:
        """Add a bilinear resize."""
        return self._push(Resize(name, (source,), (self.shapes[source][0], height, width)))

    def dropout(self, name: str, source: str, rate: float) -> str:
        """Add a dropout. Rate 0 adds nothing."""
        return self._push(Dropout(name, (source,), self.shapes[source], rate)) if rate else source

    def linear(self, name: str, source: str, features: int) -> str:
        """Add a fully connected layer with bias."""
        return self._push(Linear(name, (source,), (features, 1, 1), self.shapes[source][0]))

    def body(self, kind: str, output: str) -> Body:
        """The finished Body."""
        return Body(kind, self.inputs, tuple(self.pieces), output, self.shapes[output])

    def _push(self, op: Operation) -> str:
        self.pieces.append(op)
        self.shapes[op.name] = op.shape
        return op.name


class PlanSketch:
    """A Plan under construction. By default a block takes the result of the one before."""

    def __init__(self, image: Shape):
        self.image = image
        self.blocks: list[Block] = []
        self.last = "image"
        self.shape = image

    def block(self, name: str, body: Body, x: str = "", identity: str | None = None) -> Block:
        """Append `body` with input `x`, by default the last result. An input "identity" is bound to `identity`."""
        binding = {"x": x or self.last}
        if identity:
            binding["identity"] = identity
        block = Block(name, body, binding)
        self.blocks.append(block)
        self.last = binding.get(body.output) or f"{name}.{body.output}"  # block.output, in half the time
        self.shape = body.shape
        return block

    def plan(self, *outputs: str) -> Plan:
        """The finished Plan. Without `outputs` its output is the last result."""
        return Plan(self.image, tuple(self.blocks), outputs or (self.last,))
