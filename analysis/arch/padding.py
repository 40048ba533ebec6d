"""Where strided convolutions pad their maps: on both sides, as PyTorch does, or on one side, as TensorFlow does."""

from dataclasses import replace
from functools import lru_cache

from analysis.arch.plan import Body, Conv, Layer, Plan

PADDINGS = ("symmetric", "one_sided")


def padded(plan: Plan, padding: str) -> Plan:
    """The Plan with the zeros of its strided convolutions where `padding` has them. Shapes and counts stay.

    With "one_sided" a map gets max((ceil(side / stride) - 1) stride + dilation (kernel - 1) + 1 - side, 0) zeros in
    all, and the odd one below and to the right (TensorFlow's "SAME"). At stride 1 that is the same on both sides.
    """
    if padding == "symmetric":
        return plan
    return replace(plan, blocks=tuple(block._replace(body=_one_sided(block.body)) for block in plan.blocks))


@lru_cache(maxsize=4096)
def _one_sided(body: Body) -> Body:
    pieces = tuple(
        piece._replace(one_sided=True)
        if isinstance(piece, Conv | Layer)
        and piece.stride > 1
        and piece.kernel > 1
        and getattr(piece, "zeros", None) is None
        else piece
        for piece in body.pieces
    )
    return Body(body.kind, body.inputs, pieces, body.output, body.shape) if pieces != body.pieces else body
