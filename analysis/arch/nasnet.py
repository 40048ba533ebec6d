"""NASNet-A (arXiv:1707.07012): cells of separable convolutions and poolings that a search found.

A cell reads the two results before it, brings each to the same channels, and adds pairs of branches (figure 4). The
layout is that of the authors' released mobile network as `nasnet_mobile.py` of Cadene's pretrained models has it.
Strided layers pad on both sides. Theirs pad on one, which costs the same.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, NamedTuple

from analysis.arch import checks
from analysis.arch.blocks import classifier
from analysis.arch.channels import WithResolution
from analysis.arch.plan import Body, Plan, Shape
from analysis.arch.sketch import BodySketch, PlanSketch
from analysis.problem import Problem

JOINED = 6  # branches that a normal cell's result consists of
STAGES = 3
SIDES = ("left", "right")  # what a cell reads


class Branch(NamedTuple):
    """One side of a sum: "separable", "mean", "max" or "same", the kernel, and the tensor that it reads."""

    what: str
    kernel: int
    of: str


def separable(kernel: int, of: str) -> Branch:
    """A separable convolution, twice."""
    return Branch("separable", kernel, of)


LEFT, RIGHT = Branch("same", 1, "left"), Branch("same", 1, "right")
MEAN_LEFT, MEAN_RIGHT = Branch("mean", 3, "left"), Branch("mean", 3, "right")
MAX_RIGHT = Branch("max", 3, "right")
# Pairs of branches that are added: "left" is the result two cells before, "right" the one before, "sum1" the first sum.
NORMAL = (
    (separable(5, "right"), separable(3, "left")),
    (separable(5, "left"), separable(3, "left")),
    (MEAN_RIGHT, LEFT),
    (MEAN_LEFT, MEAN_LEFT),
    (separable(3, "right"), RIGHT),
)
REDUCTION = (
    (separable(5, "right"), separable(7, "left")),
    (MAX_RIGHT, separable(7, "left")),
    (MEAN_RIGHT, separable(5, "left")),
    (Branch("mean", 3, "sum1"), Branch("same", 1, "sum2")),
    (separable(3, "sum1"), MAX_RIGHT),
)


@dataclass(frozen=True)
class NASNet(WithResolution):
    """The choices that define a NASNet-A. The defaults are the mobile network, NASNet-A (4 @ 1056).

    - `cells`: normal cells of each of the three stages. A reduction cell is between two stages, two are before the
      first.
    - `last`: channels of the last cell's result, a multiple of 24 of at least 96. Branches of the first stage have a
      24th of them.
    - `stem`: channels of the first convolution, which has no zeros around the image. `resolution`: input side in
      pixels, or (height, width).

    Raises:
        Problem: a value that its axis does not allow.
    """

    cells: int = 4
    last: int = 1056
    stem: int = 32
    resolution: int | tuple[int, int] = 224
    classes: int = 1000
    dropout: float = 0.0

    family: ClassVar[str] = "nasnet"

    def __post_init__(self) -> None:
        for axis in ("cells", "last", "stem", "classes"):
            checks.whole(axis, getattr(self, axis), 1)
        least = 4 * (unit := 4 * JOINED)
        if self.last % unit or self.last < least:
            near = max(least, -(-self.last // unit) * unit)
            raise Problem(f"last {self.last} is not a multiple of {unit} of at least {least}: use {near}")
        checks.number("dropout", self.dropout, 0, 0.99)

    @property
    def stride(self) -> int:
        """Of what the input's sides are multiples."""
        return 1  # cells round up

    def unroll(self) -> Plan:
        """The Plan of the classifier."""
        checks.resolution(self.size, self.stride)
        sketch = PlanSketch((3, *self.size))
        width = self.last // (4 * JOINED)
        sketch.block("stem", stem(sketch.image, self.stem))
        older = newer = (sketch.last, sketch.shape)

        def cell(name: str, channels: int, pairs: tuple[tuple[Branch, Branch], ...], stride: int) -> None:
            nonlocal older, newer
            body = cell_body(older[1], newer[1], channels, pairs, stride, older is newer)
            block = sketch.block(name, body, x=newer[0], identity=None if older is newer else older[0])
            older, newer = newer, (block.output, body.shape)

        cell("reduce1", width // 4, REDUCTION, 2)
        cell("reduce2", width // 2, REDUCTION, 2)
        for stage in range(1, STAGES + 1):
            channels = width * 2 ** (stage - 1)
            if stage > 1:
                cell(f"reduce{stage + 1}", channels, REDUCTION, 2)
            for index in range(1, self.cells + 1):
                cell(f"stage{stage}_cell{index}", channels, NORMAL, 1)
        sketch.block("last", rectifier(sketch.shape))
        sketch.block("head", classifier(sketch.shape, self.classes, self.dropout))
        return sketch.plan()


@lru_cache(maxsize=1024)
def stem(image: Shape, channels: int) -> Body:
    """A 3 x 3 convolution of stride 2 without zeros, and a norm."""
    sketch = BodySketch(x=image)
    return sketch.body("stem", sketch.norm("norm", sketch.conv("conv", "x", channels, 3, 2, zeros=0)))


@lru_cache(maxsize=1024)
def rectifier(x: Shape) -> Body:
    """A ReLU, which cells leave to those that read them."""
    sketch = BodySketch(x=x)
    return sketch.body("rectifier", sketch.activation("activation", "x", "relu"))


@lru_cache(maxsize=1024)
def cell_body(
    older: Shape, newer: Shape, channels: int, pairs: tuple[tuple[Branch, Branch], ...], stride: int, first: bool
) -> Body:
    """A cell that reads `newer` as "x" and `older` as "identity". The `first` cell has one input, the image's.

    A normal cell's result has `older` and all sums, a reduction cell's has those that no other sum reads.
    """
    sketch = BodySketch(x=newer) if first else BodySketch(x=newer, identity=older)
    right = fitted(sketch, "right", "x", channels)
    if first:
        left = "x"
    elif older[1:] == newer[1:]:
        left = fitted(sketch, "left", "identity", channels)
    else:
        left = halved(sketch, "left", "identity", channels)
    tensors = {"right": right, "left": left}
    for index, both in enumerate(pairs, start=1):
        ends = [
            branch(sketch, f"branch{index}{side}", tensors[each.of], channels, each, stride if each.of in SIDES else 1)
            for side, each in zip("ab", both, strict=True)
        ]
        tensors[f"sum{index}"] = sketch.add(f"sum{index}", *ends)
    sums = [f"sum{index}" for index in range(1, len(pairs) + 1)]
    read = {each.of for both in pairs for each in both if each.what != "same"}
    joined = [left, *sums] if stride == 1 else [name for name in sums if name not in read]
    return sketch.body("cell", sketch.concat("concat", *(tensors.get(name, name) for name in joined)))


def branch(sketch: BodySketch, name: str, source: str, channels: int, each: Branch, stride: int) -> str:
    """Add one side of a sum and return the name of its result."""
    if each.what == "same":
        return source
    if each.what != "separable":
        return sketch.pool(name, source, each.what, each.kernel, stride)
    y = source
    for step in (1, 2):
        y, inner = sketch.activation(f"{name}.relu{step}", y, "relu"), sketch.shapes[y][0]
        y = sketch.conv(f"{name}.depthwise{step}", y, inner, each.kernel, stride if step == 1 else 1, inner)
        y = sketch.norm(f"{name}.norm{step}", sketch.conv(f"{name}.pointwise{step}", y, channels))
    return y


def fitted(sketch: BodySketch, name: str, source: str, channels: int) -> str:
    """Add a ReLU, a 1 x 1 convolution to `channels` and a norm."""
    y = sketch.activation(f"{name}.relu", source, "relu")
    return sketch.norm(f"{name}.norm", sketch.conv(f"{name}.conv", y, channels))


def halved(sketch: BodySketch, name: str, source: str, channels: int) -> str:
    """Add a ReLU and two 1 x 1 convolutions of stride 2, one of them of the map moved by a pixel, joined and normed."""
    y = sketch.activation(f"{name}.relu", source, "relu")
    even = sketch.conv(f"{name}.even", y, channels // 2, stride=2)
    odd = sketch.conv(f"{name}.odd", sketch.shift(f"{name}.shift", y), channels - channels // 2, stride=2)
    return sketch.norm(f"{name}.norm", sketch.concat(f"{name}.concat", even, odd))
