"""Bodies that several families share."""

from functools import lru_cache

from analysis.arch.plan import Body, Shape
from analysis.arch.sketch import BodySketch


@lru_cache(maxsize=4096)
def stem(image: Shape, channels: int, stride: int, activation: str) -> Body:
    """The first convolution, 3 x 3, with norm and activation."""
    sketch = BodySketch(x=image)
    return sketch.body("stem", sketch.conv_norm("", "x", channels, 3, stride, activation=activation))


@lru_cache(maxsize=4096)
def pointwise(x: Shape, channels: int, activation: str) -> Body:
    """A 1 x 1 convolution with norm and activation."""
    sketch = BodySketch(x=x)
    return sketch.body("pointwise", sketch.conv_norm("", "x", channels, activation=activation))


@lru_cache(maxsize=4096)
def identity(x: Shape, channels: int, stride: int, changes: bool) -> Body:
    """Nothing, or where the shape `changes` a 1 x 1 convolution with norm and without activation."""
    if not changes:
        return Body("identity", {"x": x}, (), "x", x)
    sketch = BodySketch(x=x)
    return sketch.body("identity", sketch.conv_norm("", "x", channels, stride=stride))


@lru_cache(maxsize=4096)
def full(x: Shape, channels: int, stride: int, dilation: int, activation: str, kernel: int = 3) -> Body:
    """A convolution over all channels with norm and activation, 3 x 3 by default."""
    sketch = BodySketch(x=x)
    y = sketch.conv_norm("", "x", channels, kernel, stride, dilation=dilation, activation=activation)
    return sketch.body("full", y)


@lru_cache(maxsize=4096)
def separable(x: Shape, channels: int, stride: int, dilation: int, activation: str) -> Body:
    """A 3 x 3 depthwise convolution, then a 1 x 1 one, each with norm and activation."""
    sketch = BodySketch(x=x)
    y = sketch.conv_norm("depthwise", "x", x[0], 3, stride, x[0], dilation, activation)
    return sketch.body("separable", sketch.conv_norm("pointwise", y, channels, activation=activation))


@lru_cache(maxsize=4096)
def classifier(
    x: Shape, classes: int, dropout: float, hidden: int = 0, activation: str = "linear", norm: bool = False
) -> Body:
    """Mean over the map, dropout, and a linear layer for the class scores.

    With `hidden` a linear layer to so many features, with `activation`, is before the dropout. With `norm` that layer
    is a 1 x 1 convolution with norm.
    """
    sketch = BodySketch(x=x)
    y = sketch.pool("pool", "x")
    if hidden and norm:
        y = sketch.conv_norm("hidden", y, hidden, activation=activation)
    elif hidden:
        y = sketch.activation("activation", sketch.linear("hidden", y, hidden), activation)
    y = sketch.dropout("dropout", y, dropout)
    return sketch.body("classifier", sketch.linear("linear", y, classes))
