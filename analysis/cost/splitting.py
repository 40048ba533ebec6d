"""A block as a sum over groups of its inner channels (section 5.1): F(x) = sum over i of (A_i o N o B_i)(x)."""

from functools import lru_cache
from typing import NamedTuple

from analysis.arch.plan import Block, Body, Conv, Norm, Operation, Plan, Scale
from analysis.problem import Problem

LAST = "project.conv"  # the last operation of a group, whose results are summed


class Split(NamedTuple):
    """A block in groups: a Body for each group, the Body of what follows their sum, and whether a group reads all of x.

    A group makes its part of the inner tensor and projects it. The first group has the projection's bias. In a block
    without an expansion convolution, each group reads a slice of x.
    """

    groups: tuple[Body, ...]
    rest: Body
    expands: bool


def even_groups(channels: int, ways: int) -> tuple[int, ...]:
    """Sizes of `ways` groups that differ by at most one.

    Raises:
        Problem: fewer than one group, or more groups than channels.
    """
    if not 1 <= ways <= channels:
        raise Problem(f"{channels} inner channels can be split 1 to {channels} ways, not {ways}")
    small, larger = divmod(channels, ways)
    return (small + 1,) * larger + (small,) * (ways - larger)


def inner_channels(body: Body) -> int:
    """Channels of the inner tensor of an inverted residual."""
    return next(op.shape[0] for op in body.operations if op.name == "depthwise.conv")


def mixes(op: Operation) -> bool:
    """Whether each inner channel depends on others: squeeze-and-excitation, group normalisation."""
    return isinstance(op, Scale) or (isinstance(op, Norm) and op.groups > 0)


def splittable(plan: Plan) -> list[Block]:
    """The inverted residuals of a folded Plan whose inner tensors nothing else reads.

    A block that `mixes` its inner channels is not a sum over groups.
    """
    read = {name for block in plan.blocks for name in block.binding.values()} | set(plan.outputs)
    return [
        block
        for block in plan.blocks
        if block.body.kind == "inverted_residual"
        and block.body.pieces
        and "identity" not in block.body.inputs
        and not any(mixes(op) for op in block.body.operations)
        and not any(block.tensor(op.name) in read - {block.output} for op in block.body.operations)
    ]


def to_split(plan: Plan) -> list[Block]:
    """The blocks of `splittable`, at least one.

    Raises:
        Problem: no block can be split.
    """
    if blocks := splittable(plan):
        return blocks
    raise Problem("no block of this network splits: its inner tensors are read elsewhere, or it has none")


@lru_cache(maxsize=4096)
def split_body(body: Body, sizes: tuple[int, ...]) -> Split:
    """The folded body of an inverted residual in groups of these sizes.

    Raises:
        Problem: a size below one, or sizes that do not sum to the inner channels.
    """
    if min(sizes, default=0) < 1 or sum(sizes) != inner_channels(body):
        raise Problem(f"groups {sizes} have a size below 1 or do not sum to the {inner_channels(body)} inner channels")
    end = next(index for index, op in enumerate(body.operations, start=1) if op.name == LAST)
    inner, rest = body.operations[:end], body.operations[end:]
    x, summed = body.inputs["x"], inner[-1].shape
    expands = inner[0].name == "expand.conv"

    def group(index: int, size: int) -> Body:
        pieces = []
        for op in inner:
            if op.name == LAST:
                op = op._replace(channels=size, bias=index == 0)
            else:
                op = op._replace(shape=(size, *op.shape[1:]))
                if isinstance(op, Conv) and op.name == "depthwise.conv":
                    op = op._replace(channels=size, groups=size)
            pieces.append(op)
        return Body("group", {"x": x if expands else (size, *x[1:])}, tuple(pieces), LAST, summed)

    groups = tuple(group(index, size) for index, size in enumerate(sizes))
    return Split(groups, Body("rest", {"x": x, LAST: summed}, rest, body.output, body.shape), expands)
